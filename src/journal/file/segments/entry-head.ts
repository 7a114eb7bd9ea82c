/**
 * The head of an entry. It stands before the payload in a segment, and alone in the inbox, where it says in which segment the payload is.
 *
 *   u8 version (2) · u8 zero · u16 partition · u32 items · f64 appended at, ms since the epoch · u32 payload length · u32 CRC-32 of the payload
 *   · u32 segment · u32 where the head stands in it · u32 CRC-32 of the 32 bytes before
 *
 * Numbers are little-endian. The segment and the place tell an entry from what an earlier segment has left on the same blocks of the disk.
 */
import { crc32 } from 'node:zlib';
import type { Bytes } from '../../../model/bytes.ts';

const version = 2;
export const headLength = 36;
const checkedLength = headLength - 4;
/** Where a head says where it stands. */
export const positionOffset = 28;

export interface Head {
  readonly partition: number;
  readonly items: number;
  readonly appendedAtMs: number;
  readonly payloadLength: number;
  readonly payloadCrc: number;
  readonly segment: number;
  readonly position: number;
}

/** Where an entry comes to stand. */
export interface Place {
  readonly segment: number;
  readonly position: number;
}

export function writeHead(
  head: Buffer,
  payload: Bytes,
  { partition, items, appendedAtMs }: { readonly partition: number; readonly items: number; readonly appendedAtMs: number },
  { segment, position }: Place,
): void {
  head.writeUInt16LE(version, 0);
  head.writeUInt16LE(partition, 2);
  head.writeUInt32LE(items, 4);
  head.writeDoubleLE(appendedAtMs, 8);
  head.writeUInt32LE(payload.length, 16);
  head.writeUInt32LE(crc32(payload), 20);
  head.writeUInt32LE(segment, 24);
  head.writeUInt32LE(position, positionOffset);
  head.writeUInt32LE(crc32(head.subarray(0, checkedLength)), checkedLength);
}

/** `undefined` if it is damaged, or none. */
export function readHead(head: Buffer): Head | undefined {
  if (head.length < headLength || head.readUInt16LE(0) !== version) return undefined;
  if (head.readUInt32LE(checkedLength) !== crc32(head.subarray(0, checkedLength))) return undefined;
  return {
    partition: head.readUInt16LE(2),
    items: head.readUInt32LE(4),
    appendedAtMs: head.readDoubleLE(8),
    payloadLength: head.readUInt32LE(16),
    payloadCrc: head.readUInt32LE(20),
    segment: head.readUInt32LE(24),
    position: head.readUInt32LE(positionOffset),
  };
}
