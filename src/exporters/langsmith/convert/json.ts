import type { Bytes } from '../../../model/bytes.ts';
import { TextRange } from '../../../model/value.ts';
import { textAt } from './word-table.ts';

/**
 * JSON that conversion builds and the writer turns into bytes. Beside the plain values there are two kinds of leaves that nobody unpacks on the way:
 * a `TextRange` is a string that still stands on the wire (written escaped, straight from its bytes; as it is where it is a `QuotedText`), a `RawJson`
 * is JSON text that has been validated (written as it is). Members whose value is `undefined` are left out.
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

/**
 * A text inside of JSON that stands on the wire: `source[start - 1, end]` is the JSON string, quotes included, and is written as it is.
 * Wherever a text range does, it does; only who wants to know the text itself has to mind the escapes, which `textOf` does.
 */
export class QuotedText extends TextRange {
  /** Whether backslashes stand in it; without them it is its own text. */
  readonly escaped: boolean;

  constructor(source: Bytes, start: number, end: number, escaped: boolean) {
    super(source, start, end);
    this.escaped = escaped;
  }
}

/**
 * A new object that takes any key: nothing is inherited, so `__proto__` is an ordinary member. It is made by a constructor whose prototype is empty,
 * because the engine keeps objects without any prototype as hash tables, which are several times slower to fill and to list.
 */
export function emptyObject(): JsonObject {
  return new Members() as JsonObject;
}

const Members = function Members() {} as unknown as new () => object;
Members.prototype = Object.freeze(Object.create(null));

export function isRange(value: unknown): value is TextRange {
  return value instanceof TextRange;
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

/** Whether both are the same value; texts are the same wherever they stand. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  return isText(one) && isText(other) && textOf(one) === textOf(other);
}

export function textOf(text: Text): string {
  if (typeof text === 'string') return text;
  if (text instanceof QuotedText && text.escaped) return JSON.parse(text.source.utf8Slice(text.start - 1, text.end + 1)) as string;
  return textAt(text.source, text.start, text.end);
}

/** The text of a member that is a non-empty string; `undefined` for everything else. */
export function stringOf(value: Json | undefined): string | undefined {
  return isText(value) ? textOf(value) || undefined : undefined;
}

/** Says nothing: absent, null, a container without members. An empty text and 0 are values. */
export function isVoid(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && !hasMembers(value);
}

function hasMembers(object: JsonObject): boolean {
  for (const _ in object) return true;
  return false;
}
