/**
 * What stands in the journal of sealed batches.
 *
 *   batch   u8 version · JSON of `SealedBatch`
 *   body    u8 version · u32 items · each: run id, trace id, u32 end, u32 operations, u8 flags (1 synthetic, 2 with
 *           log records), u32 their number if there are any · the body, to the end
 */
import type { Bytes } from '../../../model/bytes.ts';
import { Fault } from '../../../model/fault.ts';
import type { BatchContent, SealedBatch, SealedItem } from '../sealed-batch.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

const version = 1;
const headBytes = 5;
/** Two ids of 36 characters, each behind its length; two numbers, flags. */
const itemBytes = 2 * (4 + 36) + 2 * 4 + 1;
const logsBytes = 4;
const flag = { synthetic: 1, logs: 2 } as const;

export function encodeBatch(batch: SealedBatch): Bytes {
  const writer = new ByteWriter(1_024);
  writer.u8(version);
  writer.bare(JSON.stringify(batch));
  return writer.finish();
}

/** Throws `GW_JOURNAL_CORRUPT`. */
export function decodeBatch(record: Bytes): SealedBatch {
  return decoded('batch', record, (reader) => JSON.parse(restOf(reader).utf8Slice()) as SealedBatch);
}

export function encodeContent({ items, body }: BatchContent): Bytes {
  const writer = new ByteWriter(lengthOf(items) + body.length);
  writer.u8(version);
  writer.u32(items.length);
  for (const item of items) {
    writer.text(item.runId);
    writer.text(item.traceId);
    writer.u32(item.end);
    writer.u32(item.operations);
    writer.u8((item.synthetic === true ? flag.synthetic : 0) | (item.logs === undefined ? 0 : flag.logs));
    if (item.logs !== undefined) writer.u32(item.logs);
  }
  writer.raw(body);
  return writer.finish();
}

/** The record has memory of its own length, to be given back by hand. */
function lengthOf(items: readonly SealedItem[]): number {
  let length = headBytes;
  for (const { logs } of items) length += logs === undefined ? itemBytes : itemBytes + logsBytes;
  return length;
}

/** Throws `GW_JOURNAL_CORRUPT`. The body is a range of the record. */
export function decodeContent(record: Bytes): BatchContent {
  return decoded('batch', record, (reader) => {
    const items: SealedItem[] = [];
    let start = 0;
    for (let left = reader.u32(); left > 0; left -= 1) {
      const item = { runId: reader.text(), traceId: reader.text(), start, end: reader.u32(), operations: reader.u32() };
      const flags = reader.u8();
      const synthetic = (flags & flag.synthetic) === 0 ? {} : { synthetic: true };
      items.push({ ...item, ...synthetic, ...((flags & flag.logs) === 0 ? {} : { logs: reader.u32() }) });
      start = item.end;
    }
    return { items, body: restOf(reader) };
  });
}

function decoded<Value>(what: string, record: Bytes, decode: (reader: ByteReader) => Value): Value {
  try {
    const reader = new ByteReader(record);
    if (reader.u8() === version) return decode(reader);
  } catch (error) {
    throw unreadable(what, error);
  }
  throw unreadable(what, undefined);
}

function restOf(reader: ByteReader): Bytes {
  return reader.raw(reader.source.length - reader.at);
}

function unreadable(what: string, cause: unknown): Fault {
  return new Fault('GW_JOURNAL_CORRUPT', `cannot read ${what}: its record is damaged or of a newer version`, {
    cause,
    hint: 'if this version of Spanway is older than the one that wrote the journal, upgrade it',
  });
}
