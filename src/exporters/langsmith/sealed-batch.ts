/**
 * The seam between a partition and the upload: what is handed over, and how it is settled.
 *
 * A sealed batch stands in the journal (space `batch`, key = its id) before it is sent for the first time, so every retry has the same bytes.
 * It leaves the journal in exactly one commit: delivered, split into smaller sealed batches, or moved to the dead letters (space `dead`).
 *
 * Record of a batch and of a dead letter: `u8 version · u32 length of the header (little endian) · header as JSON · body`.
 */
import { type Bytes, bytes, noBytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';

export type Encoding = 'zstd' | 'gzip' | 'identity';

/** A destination as it may be stored: the key is a reference, never the key itself. */
export interface DestinationRef {
  /** Base URL without a trailing slash, `/api/v1` or `/otel`. */
  readonly endpoint: string;
  /** '' = none. */
  readonly workspaceId: string;
  /** `static` = the exporter's configured key. */
  readonly key: string;
}

/** One run's parts, attachments and feedback: `[start, end)` of the uncompressed body, from the first `--boundary` to the last CRLF. */
export interface SealedItem {
  readonly runId: string;
  readonly traceId: string;
  readonly start: number;
  readonly end: number;
  /** Runs and feedback: what counts against the server's limit of operations. */
  readonly operations: number;
  /** Made by assembly (a synthetic root): it is delivered, but it is nobody's span, so it is not counted. */
  readonly synthetic?: boolean;
}

/**
 * A multipart body whose membership is fixed. The items' ranges follow each other without a gap from 0; then comes `--boundary--` and CRLF.
 * A part of it (bisection, 413) is therefore a copy of ranges plus that end, under the same boundary.
 */
export interface SealedBatch {
  /** Unique within its partition; ordered by time. */
  readonly id: string;
  readonly partition: number;
  readonly destination: DestinationRef;
  readonly boundary: string;
  readonly encoding: Encoding;
  /** As sent, compressed with `encoding`; `undefined` = read it back with `Settlement.load`. */
  body: Bytes | undefined;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  readonly items: readonly SealedItem[];
  readonly operations: number;
  /** When it was sealed, ms since the epoch. A part keeps the time of the whole. */
  readonly sealedAtMs: number;
}

export type DeadReason = 'rejected' | 'too_large' | 'conflict' | 'orphan' | 'corrupt' | 'expired';

/** What could not be delivered, with the server's own words. */
export interface DeadLetter {
  /** `<at, 15 digits>-<run id>`. */
  readonly key: string;
  readonly reason: DeadReason;
  /** HTTP status of the last answer; 0 if nothing was sent. */
  readonly status: number;
  /** The server's answer, at most 4 KiB. */
  readonly serverText: string;
  /** '' for a journal entry that cannot be read. */
  readonly runId: string;
  readonly traceId: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly destination: DestinationRef;
  /** How many items it stands for: 1, 0 for a synthetic run, the entry's count for a damaged entry. */
  readonly items: number;
  /** The run's segment of a multipart body, uncompressed, and the boundary it was written with. */
  readonly boundary: string;
  readonly parts: Bytes;
}

/**
 * How a batch leaves the journal: each method is one commit, and counts what it settles (`Observer.delivered`, `deadLettered`).
 * Rejects with `GW_JOURNAL_FENCED` when the partition was lost: the batch is somebody else's then, drop it from memory.
 */
export interface Settlement {
  load(batch: SealedBatch): Promise<Bytes>;
  delivered(batch: SealedBatch): Promise<void>;
  /** The batch out, its parts in. The parts together have exactly its items. */
  split(batch: SealedBatch, parts: readonly SealedBatch[]): Promise<void>;
  /** The batch out, one letter per item in. */
  dead(batch: SealedBatch, letters: readonly DeadLetter[]): Promise<void>;
}

/** What one request may hold, and how it may be compressed: the smaller of the configuration's and the server's `/info`. */
export interface BatchLimits {
  readonly operations: number;
  /** Uncompressed. */
  readonly bytes: number;
  readonly encoding: Encoding;
}

/** The upload as a partition sees it. */
export interface Lanes {
  start(): Promise<void>;
  /** Takes a batch that stands in the journal. Never refuses: it keeps bodies in memory only within its budget. */
  offer(batch: SealedBatch, settlement: Settlement): void;
  /** The partition is not ours any more: its batches are dropped from memory; what is on the way ends as it ends. */
  forget(partition: number): void;
  /** What is known now; never waits. */
  limits(destination: DestinationRef): BatchLimits;
  backlog(): { readonly batches: number; readonly items: number; readonly bytes: number; readonly oldestMs: number };
  /** Sends what it can until the deadline (ms since the epoch); the rest stays in the journal. */
  stop(deadlineMs: number): Promise<void>;
}

/** Compression beside the event loop. One frame per body. */
export interface Compressor {
  compress(body: Bytes, encoding: Encoding): Promise<Bytes>;
  close(): Promise<void>;
}

/** The end of a multipart body. */
export function closingOf(boundary: string): string {
  return `--${boundary}--\r\n`;
}

/** Number of spans that a batch stands for. */
export function spansIn(batch: SealedBatch): number {
  let count = 0;
  for (const item of batch.items) if (item.synthetic !== true) count += 1;
  return count;
}

export function deadLetterKey(atMs: number, id: string): string {
  return `${`${atMs}`.padStart(15, '0')}-${id}`;
}

const recordVersion = 1;
const prefixBytes = 5;

function encodeRecord(header: unknown, body: Bytes): Bytes {
  const text = bytes.from(JSON.stringify(header));
  const record = bytes.allocUnsafeSlow(prefixBytes + text.length + body.length);
  const view = new DataView(record.buffer, record.byteOffset, prefixBytes);
  view.setUint8(0, recordVersion);
  view.setUint32(1, text.length, true);
  text.copy(record, prefixBytes);
  body.copy(record, prefixBytes + text.length);
  return record;
}

function decodeRecord(record: Bytes): { readonly header: unknown; readonly body: Bytes } {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const end = record.length >= prefixBytes ? prefixBytes + view.getUint32(1, true) : Number.POSITIVE_INFINITY;
  if (end > record.length || view.getUint8(0) !== recordVersion)
    throw new Fault('GW_JOURNAL_CORRUPT', 'cannot read record: it is damaged or of a newer version', {
      hint: 'if this version of Spanway is older than the one that wrote the journal, upgrade it',
    });
  return { header: JSON.parse(record.utf8Slice(prefixBytes, end)), body: record.subarray(end) };
}

/** The record of a batch that has its body. */
export function encodeSealedBatch(batch: SealedBatch): Bytes {
  return encodeRecord({ ...batch, body: undefined }, batch.body ?? noBytes);
}

/** Throws `GW_JOURNAL_CORRUPT`. The body is a range of the record. */
export function decodeSealedBatch(record: Bytes): SealedBatch {
  const { header, body } = decodeRecord(record);
  return { ...(header as Omit<SealedBatch, 'body'>), body };
}

export function encodeDeadLetter(letter: DeadLetter): Bytes {
  return encodeRecord({ ...letter, parts: undefined }, letter.parts);
}

/** Throws `GW_JOURNAL_CORRUPT`. */
export function decodeDeadLetter(record: Bytes): DeadLetter {
  const { header, body } = decodeRecord(record);
  return { ...(header as Omit<DeadLetter, 'parts'>), parts: body };
}
