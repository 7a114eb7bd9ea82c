/** Text of floats as Go's `strconv.FormatFloat` writes it: shortest or with a precision, ties to even, two digits of exponent at least. */

/** Decimal digits without leading zeros, and the exponent of the first of them. */
interface Digits {
  readonly digits: string;
  readonly exponent: number;
}

/** More than a platform's formatting gives; what is beyond is zero. */
const digitsMax = 100;

function parseExponential(text: string): Digits {
  const [mantissa, exponent] = text.split('e') as [string, string];
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/** `count` significant digits. The platform rounds ties away from zero, so a tie is found in the long text and taken back. */
function significant(value: number, count: number): Digits {
  const rounded = parseExponential(value.toExponential(Math.min(count - 1, digitsMax)));
  if (count > digitsMax) return { ...rounded, digits: rounded.digits.padEnd(count, '0') };
  const long = parseExponential(value.toExponential(digitsMax));
  const isTie = /^50*$/.test(long.digits.slice(count));
  const isOdd = Number(long.digits[count - 1]) % 2 === 1;
  return isTie && !isOdd ? { digits: long.digits.slice(0, count), exponent: long.exponent } : rounded;
}

function exponential({ digits, exponent }: Digits): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function positional({ digits, exponent }: Digits): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function fixed(value: number, precision: number): string {
  if (value === 0) return precision === 0 ? '0' : `0.${'0'.repeat(precision)}`;
  const { exponent } = parseExponential(value.toExponential());
  const count = exponent + 1 + precision;
  if (count < 0) return fixed(0, precision);
  if (count === 0) return isAboveHalf(value) ? smallest(precision) : fixed(0, precision);
  const text = value >= 1e21 ? `${BigInt(value)}` : positional(significant(value, count));
  const [whole, fraction = ''] = text.split('.') as [string, string?];
  return precision === 0 ? whole : `${whole}.${fraction.padEnd(precision, '0')}`;
}

/** Whether the digits are more than a five and zeros. */
function isAboveHalf(value: number): boolean {
  return /^(?:[6-9]|5.*[1-9])/.test(parseExponential(value.toExponential(digitsMax)).digits);
}

/** One unit in the last place. */
function smallest(precision: number): string {
  return precision === 0 ? '1' : `0.${'1'.padStart(precision, '0')}`;
}

/** From a million on, the shortest text has an exponent. */
const shortestThreshold = 6;

function general(value: number, precision: number | undefined): string {
  if (value === 0) return '0';
  const found = precision === undefined ? parseExponential(value.toExponential()) : significant(value, precision || 1);
  const trimmed = { digits: found.digits.replace(/0+$/, '') || '0', exponent: found.exponent };
  const threshold = precision === undefined ? shortestThreshold : precision || 1;
  return trimmed.exponent < -4 || trimmed.exponent >= threshold ? exponential(trimmed) : positional(trimmed);
}

/** Of a value that is not negative. `precision` undefined: as many digits as tell the value. */
export function floatText(value: number, form: 'e' | 'f' | 'g', precision: number | undefined): string {
  if (value === Number.POSITIVE_INFINITY) return 'Inf';
  if (Number.isNaN(value)) return 'NaN';
  if (form === 'g') return general(value, precision);
  if (form === 'f') return fixed(value, precision ?? 6);
  const count = (precision ?? 6) + 1;
  return exponential(value === 0 ? { digits: '0'.repeat(count), exponent: 0 } : significant(value, count));
}
