/**
 * An id in as few bytes as it allows: `u8 form`, and
 *
 *   text        a text, its length before it: an id in no standard form
 *   span        8 bytes: 16 hex digits, in lower case as below
 *   uuid        16 bytes
 *   runOfSpan   8 bytes: the run id that is made from that span id
 */
import { runIdOfSpan, uuidOfTrace } from '../../../model/ids.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

const form = { text: 0, span: 1, uuid: 2, runOfSpan: 3 } as const;
type Form = (typeof form)[keyof typeof form];
const spanLength = 16;
const spanBytes = 8;
const uuidLength = 36;
const uuidBytes = 16;
const runOfSpanStart = '00000000-0000-0000-';

export function writeId(writer: ByteWriter, id: string): void {
  const start = writer.length;
  const guess = formOf(id);
  writer.u8(guess);
  if (writeDigits(writer, id, guess)) return;
  writer.u8At(start, form.text);
  writer.brief(id);
}

/** By length and dashes; whether the rest is hex digits shows when they are written. */
function formOf(id: string): Form {
  if (id.length === spanLength) return form.span;
  const isUuid = id.length === uuidLength && id[8] === '-' && id[13] === '-' && id[18] === '-' && id[23] === '-';
  if (!isUuid) return form.text;
  return id.startsWith(runOfSpanStart) ? form.runOfSpan : form.uuid;
}

/** A text of 36 characters with 32 digits has no dashes but the four. */
function writeDigits(writer: ByteWriter, id: string, guess: Form): boolean {
  switch (guess) {
    case form.text:
      return false;
    case form.span:
      return writer.hex(id, 0, spanBytes);
    case form.uuid:
      return writer.hex(id, 0, uuidBytes);
    case form.runOfSpan:
      return writer.hex(id, runOfSpanStart.length, spanBytes);
  }
}

/** Throws a `RangeError` if the id is cut or of no known form. */
export function readId(reader: ByteReader): string {
  const read = reader.u8();
  switch (read) {
    case form.text:
      return reader.brief();
    case form.span:
      return reader.hex(spanBytes);
    case form.uuid:
      return uuidOfTrace(reader.hex(uuidBytes));
    case form.runOfSpan:
      return runIdOfSpan(reader.hex(spanBytes));
    default:
      throw new RangeError(`cannot read id: it has form ${read}`);
  }
}
