import { bytes } from '../../model/bytes.ts';
import { internalized } from '../../model/internalized.ts';
import { OttlError } from '../fault.ts';
import type { Cursor } from './cursor.ts';
import type { Token } from './token.ts';
import type { Literal } from './tree.ts';
import { unquote } from './unquote.ts';

function refuse(token: Token, reason: string): never {
  throw new OttlError(reason, { place: token });
}

/** The digits of an int64; with a minus before them there may be one more. */
function parseInt64(token: Token, negative: boolean): bigint {
  const value = token.text.length > 40 ? 2n ** 64n : BigInt(token.text);
  const max = negative ? 2n ** 63n : 2n ** 63n - 1n;
  return value > max ? refuse(token, 'integer out of range: int64 ends at ±9223372036854775807') : value;
}

function parseFloat64(token: Token): number {
  const value = Number(token.text);
  return Number.isFinite(value) ? value : refuse(token, 'number out of range');
}

function parseBytes(token: Token): Uint8Array {
  if (token.text.length % 2 === 1) refuse(token, 'bytes need an even number of hex digits');
  return bytes.from(token.text.slice(2), 'hex');
}

function readLiteral(token: Token, negative: boolean): Literal['value'] | undefined {
  switch (token.kind) {
    case 'string':
      // Most texts name an attribute, or are compared with other texts.
      return internalized(unquote(token));
    case 'int':
      return parseInt64(token, negative);
    case 'float':
      return parseFloat64(token);
    case 'bytes':
      return parseBytes(token);
    case 'keyword':
      if (token.text === 'nil') return null;
      return token.text === 'true' ? true : token.text === 'false' ? false : undefined;
    default:
      return undefined;
  }
}

/** Takes a literal, if one stands here. `negative`: a minus that belongs to it was taken before. */
export function parseLiteral(cursor: Cursor, negative = false): Literal | undefined {
  const token = cursor.peek();
  const value = readLiteral(token, negative);
  if (value === undefined) return undefined;
  cursor.next();
  if (cursor.at('[')) cursor.refuse('an operator or the end', 'only paths and converters may be indexed');
  return { kind: 'literal', value, place: token };
}
