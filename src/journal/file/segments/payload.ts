import { crc32 } from 'node:zlib';
import { asBytes, type Bytes, noBytes } from '../../../model/bytes.ts';
import { type Head, headLength } from './entry-head.ts';
import type { SegmentFiles } from './segment-files.ts';

/** The payload that belongs to a head, a copy of its own; `undefined` if it is damaged or gone. Throws `GW_JOURNAL_UNAVAILABLE`. */
export function readPayload({ segment, position, payloadLength, payloadCrc }: Head, files: SegmentFiles): Bytes | undefined {
  if (payloadLength === 0) return noBytes;
  const payload = files.read(segment, position + headLength, payloadLength);
  return payload && crc32(payload) === payloadCrc ? asBytes(payload) : undefined;
}

/** A record that has its payload with it: `move.ts`. */
export function payloadWith({ payloadLength, payloadCrc }: Head, record: Buffer): Bytes | undefined {
  const payload = record.subarray(headLength);
  return payload.length === payloadLength && crc32(payload) === payloadCrc ? asBytes(payload) : undefined;
}
