import { type Directive, pad, padNumber, signOf } from './directive.ts';
import { floatText } from './float-text.ts';
import { misfit } from './go-text.ts';
import { quote } from './quote.ts';

const bases: Readonly<Record<string, readonly [base: number, prefix: string]>> = {
  d: [10, ''],
  v: [10, ''],
  b: [2, '0b'],
  o: [8, '0'],
  O: [8, ''],
  x: [16, '0x'],
  X: [16, '0X'],
};

export function renderInt(directive: Directive, value: bigint): string {
  const { verb, precision, sharp, zero } = directive;
  const known = Object.hasOwn(bases, verb) ? bases[verb] : undefined;
  if (!known) return renderRune(directive, value);
  const [base, prefix] = known;
  const negative = value < 0n;
  let digits = (negative ? -value : value).toString(base);
  if (verb === 'X') digits = digits.toUpperCase();
  if (precision === 0 && value === 0n) digits = '';
  const mark = verb === 'O' ? '0o' : sharp ? prefix : '';
  const sign = signOf(directive, negative) + mark;
  digits = digits.padStart(precision ?? 0, '0');
  return padNumber(directive, sign, digits, zero && precision === undefined);
}

function renderRune(directive: Directive, value: bigint): string {
  const { verb } = directive;
  if (verb === 'U') return pad(directive, `U+${value.toString(16).toUpperCase().padStart(4, '0')}`, false);
  if (verb !== 'c' && verb !== 'q') return misfit(directive.verb, value);
  const isRune = value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value <= 0xdfffn);
  const character = isRune ? String.fromCodePoint(Number(value)) : '\ufffd';
  return pad(directive, verb === 'c' ? character : quote(character, "'"));
}

export function renderFloat(directive: Directive, value: number): string {
  const form = directive.verb.toLowerCase();
  if (!'vefg'.includes(form) || directive.verb === 'V') return misfit(directive.verb, value);
  const negative = value < 0 || Object.is(value, -0);
  let digits = floatText(Math.abs(value), form === 'v' ? 'g' : (form as 'e' | 'f' | 'g'), directive.precision);
  if (directive.verb === 'E' || directive.verb === 'G') digits = digits.replace('e', 'E');
  const sign = value === Number.POSITIVE_INFINITY ? '+' : signOf(directive, negative);
  return padNumber(directive, sign, digits, directive.zero && Number.isFinite(value));
}
