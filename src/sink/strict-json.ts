import { isUtf8 } from 'node:buffer';
import { Refusal } from './refusal.ts';
import { Rule } from './rules.ts';

const depthMax = 200;
const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];
const [letterU, letterD, digitZero, digitNine, dot, minus] = [0x75, 0x64, 0x30, 0x39, 0x2e, 0x2d];
/** An int64 has at most 19 digits. */
const safeDigits = 18;
const int64Max = 2n ** 63n - 1n;
const int64Min = -(2n ** 63n);

/** JSON as the ingestion endpoints take it: valid UTF-8, no NaN or Infinity, no lone surrogates, no integer beyond 64 bits, bounded depth. */
export function parseStrictJson(bytes: Buffer, what: string): unknown {
  if (!isUtf8(bytes)) throw Refusal.unprocessable(Rule.json, `${what} is not valid UTF-8`);
  const reason = findFlaw(bytes);
  if (reason !== '') throw Refusal.unprocessable(Rule.json, `${what} ${reason}`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw Refusal.unprocessable(Rule.json, `${what} is not valid JSON`);
  }
}

/** One pass over the bytes for what `JSON.parse` lets through. */
function findFlaw(bytes: Buffer): string {
  let depth = 0;
  for (let position = 0; position < bytes.length; position += 1) {
    const byte = bytes[position] as number;
    if (byte === quote) {
      position = stringEnd(bytes, position + 1);
      if (position < 0) return 'has a lone surrogate';
    } else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth > depthMax) return `is nested deeper than ${depthMax} levels`;
    } else if (byte === closeBrace || byte === closeBracket) {
      depth -= 1;
    } else if (byte >= digitZero && byte <= digitNine) {
      const end = digitsEnd(bytes, position);
      if (end - position > safeDigits && !fitsInt64(bytes, position, end)) return 'has an int too big to convert';
      position = end - 1;
    }
  }
  return '';
}

/** Position of the closing quote; -1 where an escape is half of a surrogate pair. */
function stringEnd(bytes: Buffer, start: number): number {
  let position = start;
  for (; position < bytes.length; position += 1) {
    const byte = bytes[position] as number;
    if (byte === quote) return position;
    if (byte !== backslash) continue;
    position += 1;
    if (bytes[position] !== letterU || ((bytes[position + 1] as number) | 0x20) !== letterD) continue;
    const unit = Number.parseInt(bytes.toString('latin1', position + 1, position + 5), 16);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = bytes.toString('latin1', position + 5, position + 11);
    if (unit >= 0xdc00 || !/^\\ud[c-f][0-9a-f]{2}$/i.test(next)) return -1;
    position += 10;
  }
  return position;
}

function digitsEnd(bytes: Buffer, start: number): number {
  let end = start + 1;
  while (end < bytes.length && (bytes[end] as number) >= digitZero && (bytes[end] as number) <= digitNine) end += 1;
  return end;
}

function fitsInt64(bytes: Buffer, start: number, end: number): boolean {
  const before = bytes[start - 1];
  const after = bytes[end];
  // A fraction or an exponent makes it a double, whose size is not limited.
  if (before === dot || after === dot || ((after ?? 0) | 0x20) === 0x65) return true;
  if (end - start > safeDigits + 2) return false;
  const value = BigInt(bytes.toString('latin1', start, end));
  return before === minus ? -value >= int64Min : value <= int64Max;
}
