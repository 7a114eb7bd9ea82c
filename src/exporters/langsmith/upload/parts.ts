import type { Bytes } from '../../../model/bytes.ts';
import { Fault } from '../../../model/fault.ts';

/** One part of a multipart body; `[start, end)` is its content. */
export interface Part {
  readonly name: string;
  readonly contentType: string;
  readonly start: number;
  readonly end: number;
}

const headerBytesMax = 8_192;
const headersEndBytes = 4;
const nameParameter = /\bname="([^"]*)"/i;
const typeHeader = /^content-type:[ \t]*([^;\r\n]*)/im;
const lengthHeader = /^content-length:[ \t]*(\d+)/im;
const lengthParameter = /;[ \t]*length=(\d+)/i;

/**
 * The parts in `body[start, end)`, which Spanway itself wrote: each says its length, so contents are stepped over and never searched.
 * Throws `GW_JOURNAL_CORRUPT` if they are anything else.
 */
export function* partsIn(body: Bytes, start: number, end: number): Generator<Part> {
  let position = start;
  while (position < end) {
    const headers = indexOf(body, position, Math.min(end, position + headerBytesMax));
    if (headers < 0) throw damaged('a part has no headers');
    const text = body.utf8Slice(position, headers);
    const length = lengthHeader.exec(text)?.[1] ?? lengthParameter.exec(text)?.[1];
    const name = nameParameter.exec(text)?.[1];
    if (length === undefined || name === undefined) throw damaged('a part has no name or no length');
    const contentStart = headers + headersEndBytes;
    const contentEnd = contentStart + Number(length);
    if (contentEnd + 2 > end) throw damaged('a part is cut off');
    yield { name, contentType: typeHeader.exec(text)?.[1]?.trim() ?? '', start: contentStart, end: contentEnd };
    position = contentEnd + 2;
  }
}

function indexOf(body: Bytes, from: number, to: number): number {
  for (let at = body.indexOf(0x0d, from); at >= 0 && at + 4 <= to; at = body.indexOf(0x0d, at + 1))
    if (body[at + 1] === 0x0a && body[at + 2] === 0x0d && body[at + 3] === 0x0a) return at;
  return -1;
}

function damaged(reason: string): Fault {
  return new Fault('GW_JOURNAL_CORRUPT', `cannot read batch: ${reason}`);
}
