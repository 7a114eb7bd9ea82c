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
