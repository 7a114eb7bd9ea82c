/**
 * Stored entries and map values, each with its own checksum: a record is read back as it was written, or known to be damaged.
 *
 *   entry   u8 version (1) · 3 × u8 zero · u32 items · f64 appended at, ms since the epoch · u32 payload length · u32 CRC-32 of the payload
 *           · u32 CRC-32 of the 24 bytes before · payload
 *   value   u32 CRC-32 of the value · value
 *
 * Numbers are little-endian. The header has a checksum of its own, so that a damaged payload does not cost the number of its items.
 */
import { crc32 } from 'node:zlib';
import { asBytes, type Bytes, noBytes } from '../model/bytes.ts';

const version = 1;
export const entryHeaderLength = 28;
export const valueHeaderLength = 4;

export interface EntryRecord {
  readonly items: number;
  readonly appendedAtMs: number;
  readonly payload: Bytes | undefined;
}

const damagedEntry: EntryRecord = { items: 0, appendedAtMs: 0, payload: undefined };

export function encodeEntry(payload: Bytes, items: number, appendedAtMs: number): Buffer {
  return writeEntry(Buffer.allocUnsafeSlow(entryHeaderLength + payload.length), payload, items, appendedAtMs);
}

/** The same into a record that has the right length and may hold anything. */
export function writeEntry(record: Buffer, payload: Bytes, items: number, appendedAtMs: number): Buffer {
  record.writeUInt32LE(version, 0);
  record.writeUInt32LE(items, 4);
  record.writeDoubleLE(appendedAtMs, 8);
  record.writeUInt32LE(payload.length, 16);
  record.writeUInt32LE(crc32(payload), 20);
  record.writeUInt32LE(crc32(record.subarray(0, 24)), 24);
  record.set(payload, entryHeaderLength);
  return record;
}

/** Never throws: a record whose header is damaged has no items, one whose payload is damaged has no payload. */
export function decodeEntry(record: Buffer): EntryRecord {
  if (record.length < entryHeaderLength || record[0] !== version) return damagedEntry;
  if (record.readUInt32LE(24) !== crc32(record.subarray(0, 24))) return damagedEntry;
  const payload = asBytes(record.subarray(entryHeaderLength));
  const whole = payload.length === record.readUInt32LE(16) && crc32(payload) === record.readUInt32LE(20);
  return { items: record.readUInt32LE(4), appendedAtMs: record.readDoubleLE(8), payload: whole ? payload : undefined };
}

export function encodeValue(value: Bytes): Buffer {
  return writeValue(Buffer.allocUnsafeSlow(valueHeaderLength + value.length), value);
}

/** The same into a record that has the right length and may hold anything. */
export function writeValue(record: Buffer, value: Bytes): Buffer {
  record.writeUInt32LE(crc32(value), 0);
  record.set(value, valueHeaderLength);
  return record;
}

/** The value, or `undefined` if it is damaged. */
export function decodeValue(record: Buffer): Bytes | undefined {
  if (record.length < valueHeaderLength) return undefined;
  const value = record.length === valueHeaderLength ? noBytes : asBytes(record.subarray(valueHeaderLength));
  return crc32(value) === record.readUInt32LE(0) ? value : undefined;
}
