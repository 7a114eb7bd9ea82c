import { bytes } from '../../model/bytes.ts';
import { OttlError } from '../fault.ts';
import type { Token } from './token.ts';

const single: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ['"', '"'],
]);

const byteEscapes = /^(?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})+/;
const codePoint = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/;

/** `\x` and octal escapes say bytes; a run of them must be UTF-8. */
function decodeBytes(run: string): string | undefined {
  const values = run
    .match(/\\x..|\\.../g)
    ?.map((code) => (code[1] === 'x' ? Number.parseInt(code.slice(2), 16) : Number.parseInt(code.slice(1), 8)));
  if (!values || values.some((value) => value > 255)) return undefined;
  const raw = Uint8Array.from(values);
  const text = bytes.from(raw.buffer).utf8Slice();
  return bytes.from(text, 'utf8').equals(raw) ? text : undefined;
}

function escapeAt(rest: string): { readonly text: string; readonly length: number } | undefined {
  const run = byteEscapes.exec(rest)?.[0];
  if (run !== undefined) {
    const text = decodeBytes(run);
    return text === undefined ? undefined : { text, length: run.length };
  }
  const point = codePoint.exec(rest);
  if (point) {
    const value = Number.parseInt(point[1] ?? point[2] ?? '', 16);
    const valid = value <= 0x10ffff && (value & 0x1ff800) !== 0xd800;
    return valid ? { text: String.fromCodePoint(value), length: point[0].length } : undefined;
  }
  const text = single.get(rest[1] ?? '');
  return text === undefined ? undefined : { text, length: 2 };
}

/** The value of a string token. Escapes are those of a Go string in double quotes (Go specification, "String literals"). */
export function unquote(token: Token): string {
  const inner = token.text.slice(1, -1);
  let value = '';
  let index = 0;
  while (index < inner.length) {
    const backslash = inner.indexOf('\\', index);
    if (backslash < 0) break;
    value += inner.slice(index, backslash);
    const found = escapeAt(inner.slice(backslash));
    if (!found) {
      const start = token.start + 1 + backslash;
      const hint = `for a backslash write two: "\\\\${inner[backslash + 1] ?? ''}"`;
      throw new OttlError('invalid escape in string', { place: { start, end: start + 2 }, hint });
    }
    value += found.text;
    index = backslash + found.length;
  }
  value += inner.slice(index);
  const newline = inner.indexOf('\n');
  if (newline >= 0) {
    const start = token.start + 1 + newline;
    throw new OttlError('line break in string', { place: { start, end: start + 1 }, hint: 'write it as "\\n"' });
  }
  return value;
}
