import type { Bytes } from '../../../model/bytes.ts';
import type { TextRange } from '../../../model/value.ts';

/**
 * JSON that conversion builds and the writer turns into bytes. Beside the plain values there are two kinds of leaves that nobody unpacks on the way:
 * a `TextRange` is a string that still stands on the wire (written escaped, straight from its bytes), a `RawJson` is JSON text that has been
 * validated (written as it is). Members whose value is `undefined` are left out.
 */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject | TextRange | RawJson;
export interface JsonObject {
  [key: string]: Json | undefined;
}
/** A JSON string: made already, or still on the wire. */
export type Text = string | TextRange;

/** Valid JSON text, spliced into the output: a range of bytes, or a text. */
export class RawJson {
  readonly text: string | undefined;
  readonly source: Bytes | undefined;
  readonly start: number;
  readonly end: number;

  constructor(text: string | undefined, source: Bytes | undefined = undefined, start = 0, end = 0) {
    this.text = text;
    this.source = source;
    this.start = start;
    this.end = end;
  }
}

/** A new object that takes any key: it has no prototype, so `__proto__` is an ordinary member. */
export function emptyObject(): JsonObject {
  return Object.create(null) as JsonObject;
}

export function isRange(value: unknown): value is TextRange {
  return typeof value === 'object' && value !== null && (value as TextRange).source instanceof Uint8Array && !(value instanceof RawJson);
}

export function isText(value: Json | undefined): value is Text {
  return typeof value === 'string' || isRange(value);
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether the value is an object with members, and not one of the leaves that are objects in memory. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RawJson) && !isRange(value);
}

export function textOf(text: Text): string {
  return typeof text === 'string' ? text : text.source.utf8Slice(text.start, text.end);
}

/** The text of a member that is a non-empty string; `undefined` for everything else. */
export function stringOf(value: Json | undefined): string | undefined {
  return isText(value) ? textOf(value) || undefined : undefined;
}

/** Says nothing: absent, null, a container without members. An empty text and 0 are values. */
export function isVoid(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}
