/**
 * Conversions that the `…Like` getters make. Nil stays nil, text that does not parse becomes nil, a type that has no such form is an error.
 * Source: `Standard…LikeGetter` of the Collector's OTTL.
 */
import { bytes } from '../model/bytes.ts';
import { OttlError } from './fault.ts';
import { jsonText } from './json-text.ts';
import { Id, type OttlValue, typeOf } from './value.ts';

function refuse(value: OttlValue, wanted: string): never {
  throw new OttlError(`cannot convert ${typeOf(value)} to ${wanted}: unsupported type`);
}

/** Text as it is; byte arrays and ids in hex; numbers and booleans as written; maps and lists as JSON. */
export function stringLike(value: OttlValue): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value !== 'object') return `${value}`;
  if (value instanceof Uint8Array) return bytes.from(value.buffer, value.byteOffset, value.length).hexSlice();
  if (value instanceof Id) return value.hex;
  return jsonText(value);
}

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;

function int64(value: bigint): bigint | null {
  return value < int64Min || value > int64Max ? null : value;
}

/** Floats are cut toward zero; booleans become 0 and 1; text must be a decimal int64. */
export function intLike(value: OttlValue): bigint | null {
  switch (typeof value) {
    case 'bigint':
      return value;
    case 'number':
      return Number.isFinite(value) ? int64(BigInt(Math.trunc(value))) : null;
    case 'boolean':
      return value ? 1n : 0n;
    case 'string':
      if (value.length > 400 || !/^[+-]?[0-9]+$/.test(value)) return null;
      return int64(value.startsWith('+') ? BigInt(value.slice(1)) : BigInt(value));
    default:
      return value === null ? null : refuse(value, 'int');
  }
}

const namedFloats: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);

function parseFloat64(text: string): number | null {
  if (/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : null;
  }
  const sign = text.startsWith('-') ? -1 : 1;
  const named = namedFloats.get(text.replace(/^[+-]/, '').toLowerCase());
  return named === undefined ? null : sign * named;
}

/** Ints and booleans become floats; text must be a decimal number, `inf` or `nan`. */
export function floatLike(value: OttlValue): number | null {
  switch (typeof value) {
    case 'number':
      return value;
    case 'bigint':
      return Number(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'string':
      return parseFloat64(value);
    default:
      return value === null ? null : refuse(value, 'float');
  }
}

const trueWords = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const falseWords = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Numbers are true unless zero; text must be one of Go's words for a boolean. */
export function boolLike(value: OttlValue): boolean | null {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'bigint':
      return value !== 0n;
    case 'number':
      return value !== 0;
    case 'string':
      return trueWords.has(value) ? true : falseWords.has(value) ? false : null;
    default:
      return value === null ? null : refuse(value, 'bool');
  }
}

function eightBytes(write: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  write(view);
  return new Uint8Array(view.buffer);
}

/** Text as UTF-8; ids as their bytes; numbers as eight bytes, big endian; booleans as one. */
export function bytesLike(value: OttlValue): Uint8Array | null {
  switch (typeof value) {
    case 'string':
      return bytes.from(value, 'utf8');
    case 'bigint':
      return eightBytes((view) => view.setBigInt64(0, value));
    case 'number':
      return eightBytes((view) => view.setFloat64(0, value));
    case 'boolean':
      return Uint8Array.of(value ? 1 : 0);
    default:
      if (value === null || value instanceof Uint8Array) return value;
      if (value instanceof Id) return bytes.from(value.hex, 'hex');
      return refuse(value, 'bytes');
  }
}
