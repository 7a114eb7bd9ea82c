import { crc32 } from 'node:zlib';
import { asBytes, type Bytes } from '../../../model/bytes.ts';
import { type Head, headLength } from './entry-head.ts';
import type { SegmentFiles } from './segment-files.ts';

/** What stands where the payload of a head should, a copy of its own; `undefined` if nothing does. Throws `GW_JOURNAL_UNAVAILABLE`. */
export function bytesBehind({ segment, position, payloadLength }: Head, files: SegmentFiles): Buffer | undefined {
  // An entry without a payload needs no file: its segment may be gone (`move.ts`).
  return payloadLength === 0 ? Buffer.alloc(0) : files.read(segment, position + headLength, payloadLength);
}

/** What belongs to a head, and nothing else: `undefined` if it is damaged. */
export function payloadOf({ payloadLength, payloadCrc }: Head, payload: Buffer | undefined): Bytes | undefined {
  return payload?.length === payloadLength && crc32(payload) === payloadCrc ? asBytes(payload) : undefined;
}
