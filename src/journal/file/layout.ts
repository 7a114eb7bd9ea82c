/**
 * Keys of a journal, as bytes. Each journal is one LMDB database of the directory's environment.
 *
 *   00 "format"                 ../format.ts: {format, partitions, created, madeBy} as JSON
 *   00 "usage"                  u48 entries ever appended · u48 items in the inboxes · u48 bytes of entries, keys and values
 *   01 member                   f64 wall clock until which the member lives
 *   02 partition                f64 wall clock until which the lease runs · its text
 *   03 partition                u48 sequence number of the partition's last entry
 *   00 "segments", 04 segment   the files of its entries (segments/segment-table.ts); from format 3 on
 *   10 partition 00 sequence    entry: its head (segments/entry-head.ts), in formats 1 and 2 the whole of it (record.ts)
 *   10 partition space key      value (record.ts)
 *
 * A partition number is a u16, a segment's a u32, a sequence number a u48, all big-endian, so LMDB's order of bytes is the order of entries and keys.
 */
import type { EntryId, Space } from '../journal.ts';

const spaceByte = { park: 1, due: 2, index: 3, batch: 4, dead: 5, meta: 6, body: 7 } as const satisfies Record<Space, number>;
const inboxByte = 0;
const prefixLength = 4;

export const formatKey: Buffer = Buffer.from('\x00format', 'latin1');
export const usageKey: Buffer = Buffer.from('\x00usage', 'latin1');
export const membersFrom: Buffer = Buffer.of(1);
export const membersTo: Buffer = Buffer.of(2);

export const lastSegmentKey: Buffer = Buffer.from('\x00segments', 'latin1');
export const segmentsFrom: Buffer = Buffer.of(4);
export const segmentsTo: Buffer = Buffer.of(5);

export function segmentKey(segment: number): Buffer {
  const key = Buffer.allocUnsafe(5);
  key[0] = 4;
  key.writeUInt32BE(segment, 1);
  return key;
}

export function segmentOf(key: Buffer): number {
  return key.readUInt32BE(1);
}

export function memberKey(member: string): Buffer {
  return Buffer.from(`\x01${member}`);
}

export function memberOf(key: Buffer): string {
  return key.toString('utf8', 1);
}

function partitionKey(kind: number, partition: number): Buffer {
  return Buffer.of(kind, partition >>> 8, partition);
}

export function leaseKey(partition: number): Buffer {
  return partitionKey(2, partition);
}

export function sequenceKey(partition: number): Buffer {
  return partitionKey(3, partition);
}

function prefixed(partition: number, space: number, length: number): Buffer {
  const key = Buffer.allocUnsafe(prefixLength + length);
  key[0] = 0x10;
  key[1] = partition >>> 8;
  key[2] = partition;
  key[3] = space;
  return key;
}

export function inboxKey(partition: number, sequence: number): Buffer {
  const key = prefixed(partition, inboxByte, 6);
  key.writeUIntBE(sequence, prefixLength, 6);
  return key;
}

/** The key behind the last entry of the partition's inbox. */
export function inboxEnd(partition: number): Buffer {
  return prefixed(partition, inboxByte + 1, 0);
}

export function sequenceOf(key: Buffer): number {
  return key.readUIntBE(prefixLength, 6);
}

export function spaceKey(partition: number, space: Space, text: string): Buffer {
  const key = prefixed(partition, spaceByte[space], Buffer.byteLength(text));
  key.write(text, prefixLength);
  return key;
}

export function textOf(key: Buffer): string {
  return key.toString('utf8', prefixLength);
}

const sequenceDigits = 16;

/** The id carries what acknowledging the entry takes from the journal's usage, and the segment it stands in, so that this reads nothing. */
export function entryId(sequence: number, items: number, bytes: number, place: number): EntryId {
  const id = `${`${sequence}`.padStart(sequenceDigits, '0')}.${items}.${bytes}`;
  return place === 0 ? id : `${id}.${place}`;
}

export function sequenceOfId(id: EntryId): number {
  return Number(id.slice(0, sequenceDigits));
}

export interface Weight {
  readonly items: number;
  readonly bytes: number;
  readonly place: number;
}

export function weightOfId(id: EntryId): Weight {
  const [items, bytes, place = 0] = id.slice(sequenceDigits + 1).split('.');
  return { items: Number(items), bytes: Number(bytes), place: Number(place) };
}

export function number48(value: number): Buffer {
  const stored = Buffer.allocUnsafe(6);
  stored.writeUIntBE(value, 0, 6);
  return stored;
}
