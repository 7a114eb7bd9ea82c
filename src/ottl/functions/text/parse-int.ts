import { OttlError } from '../../fault.ts';

const prefixes: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16 };
const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;
const textMax = 200;

function digitsValue(digits: string, base: number): bigint {
  let value = 0n;
  for (const digit of digits.toLowerCase()) {
    const number = digit >= 'a' && digit <= 'z' ? digit.charCodeAt(0) - 87 : digit >= '0' && digit <= '9' ? Number(digit) : base;
    if (number >= base) throw new OttlError(`cannot parse int: a character is no digit of base ${base}`);
    value = value * BigInt(base) + BigInt(number);
  }
  return value;
}

/** Go's `strconv.ParseInt`: with base 0, a prefix (`0x`, `0o`, `0`, `0b`) tells the base, and `_` may separate digits. */
export function parseInt64(text: string, base: bigint): bigint {
  if (base < 0n || base === 1n || base > 36n) throw new OttlError(`invalid base ${base}: must be 0 or 2 to 36`);
  if (text.length > textMax) throw new OttlError('cannot parse int: value out of range');
  let digits = text.replace(/^[+-]/, '');
  let actual = Number(base);
  if (actual === 0) {
    const prefix = /^0([box])/i.exec(digits)?.[1]?.toLowerCase();
    actual = prefix === undefined ? (/^0./.test(digits) ? 8 : 10) : prefixes[prefix]!;
    if (digits.includes('_')) digits = withoutSeparators(digits, prefix !== undefined);
    if (prefix !== undefined) digits = digits.slice(2);
  }
  if (digits === '') throw new OttlError('cannot parse int: there are no digits');
  const value = digitsValue(digits, actual) * (text.startsWith('-') ? -1n : 1n);
  if (value < int64Min || value > int64Max) throw new OttlError('cannot parse int: value out of range');
  return value;
}

/** `_` may only stand between digits, or between a prefix and a digit. */
function withoutSeparators(digits: string, hasPrefix: boolean): string {
  const body = hasPrefix ? digits.slice(2).replace(/^_/, '') : digits;
  if (/^_|__|_$/.test(body)) throw new OttlError('cannot parse int: "_" must separate digits');
  return (hasPrefix ? digits.slice(0, 2) : '') + body.replaceAll('_', '');
}
