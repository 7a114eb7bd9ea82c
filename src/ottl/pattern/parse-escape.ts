import { codePointMax, digit, negate, type Ranges, space, word } from './ranges.ts';
import type { Reader } from './reader.ts';
import { unicodeClass } from './unicode-class.ts';

const controls: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['t', 9],
  ['n', 10],
  ['r', 13],
  ['v', 11],
]);

const perlClasses: ReadonlyMap<string, Ranges> = new Map([
  ['d', digit],
  ['D', negate(digit)],
  ['s', space],
  ['S', negate(space)],
  ['w', word],
  ['W', negate(word)],
]);

/** `\d`, `\w`, `\s` and their opposites, `\p` and `\P`; `undefined` if none stands here. */
export function takeClassEscape(reader: Reader): Ranges | undefined {
  if (reader.peek() !== '\\') return undefined;
  const perl = perlClasses.get(reader.peek(1));
  if (perl) {
    reader.position += 2;
    return perl;
  }
  if (reader.peek(1) !== 'p' && reader.peek(1) !== 'P') return undefined;
  const start = reader.position;
  reader.next();
  let negative = reader.next() === 'P';
  let name = reader.next();
  if (name === '{') {
    name = reader.takeWhile(/[^}]/, 64);
    if (!reader.take('}')) reader.refuse('invalid character class range', start);
  }
  if (name.startsWith('^')) {
    negative = !negative;
    name = name.slice(1);
  }
  const ranges = unicodeClass(name);
  if (!ranges) return reader.refuse('invalid character class range', start);
  return negative ? negate(ranges) : ranges;
}

function takeHex(reader: Reader, start: number): number {
  const braced = reader.take('{');
  const digits = reader.takeWhile(/^[0-9a-fA-F]$/, braced ? 8 : 2);
  const complete = braced ? digits !== '' && reader.take('}') : digits.length === 2;
  const value = Number.parseInt(digits, 16);
  return complete && value <= codePointMax ? value : reader.refuse('invalid escape sequence', start);
}

/** The code point of an escape such as `\n`, `\x41`, `\101`, `\.`. The backslash stands here. */
export function takeEscape(reader: Reader): number {
  const start = reader.position;
  reader.next();
  if (reader.done) return reader.refuse('trailing backslash at end of expression', start);
  const character = reader.next();
  if (character >= '0' && character <= '7') {
    const more = reader.takeWhile(/^[0-7]$/, 2);
    // A single digit but 0 would be a backreference, which RE2 does not have.
    if (character !== '0' && more === '') return reader.refuse('invalid escape sequence', start);
    return Number.parseInt(character + more, 8);
  }
  if (character === 'x') return takeHex(reader, start);
  const control = controls.get(character);
  if (control !== undefined) return control;
  const codePoint = character.codePointAt(0) as number;
  if (codePoint < 0x80 && !/[0-9A-Za-z]/.test(character)) return codePoint;
  return reader.refuse('invalid escape sequence', start);
}
