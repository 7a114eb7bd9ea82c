/**
 * The seam between a partition and the upload: what is handed over, and how it is settled.
 *
 * A sealed batch stands in the journal before it is sent for the first time, so every retry has the same bytes. It leaves the journal in exactly one
 * commit: delivered, split into smaller sealed batches, or moved to the dead letters (space `dead`).
 */
import { createHash } from 'node:crypto';
import type { Signal } from '../../model/batch.ts';
import type { Bytes } from '../../model/bytes.ts';
import type { Encoding } from '../compressor/compressor.ts';
import type { DeadLetter } from '../dead-letters/dead-letter.ts';
import type { SealedHeaders } from '../sealing/caller-headers.ts';

/** A destination as it may be stored: the key is a reference, never the key itself. */
export interface DestinationRef {
  /** Base URL without a trailing slash, `/api/v1` or `/otel`: the one that was configured when it was stored. */
  readonly endpoint: string;
  /** '' = the configured one, if there is one. */
  readonly workspaceId: string;
  /** `static` = the exporter's configured key; else the digest of the key that came with the request. */
  readonly key: string;
  /** The key that came with the request, sealed. */
  readonly sealed?: string;
  /** Headers that came with the request. */
  readonly headers?: SealedHeaders;
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
  /** Log records that went into it. A change of a run that was sealed before is synthetic, and has some. */
  readonly logs?: number;
}

/**
 * A batch whose membership is fixed: what is known of it while it waits, some hundred bytes. It stands in the journal as two values under its id:
 * this in `batch`, its content in `body`. They come and go together.
 */
export interface SealedBatch {
  /** `<tenant>-<time>-<number>-<nonce>`: unique within its partition, in order of time for each destination. A part adds `.0` or `.1`. */
  readonly id: string;
  readonly partition: number;
  readonly destination: DestinationRef;
  readonly boundary: string;
  readonly encoding: Encoding;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  readonly runs: number;
  /** Received items: spans, and log records that went into their runs. */
  readonly spans: number;
  /** Those of them that are log records; none if it is not said, as of batches of former versions. */
  readonly logs?: number;
  readonly operations: number;
  /** When it was sealed, ms since the epoch. A part keeps the time of the whole. */
  readonly sealedAtMs: number;
}

/**
 * What is sent. The items' ranges follow each other without a gap from 0; then comes `--boundary--` and CRLF. A part of it (bisection, 413) is
 * therefore a copy of ranges plus that end, under the same boundary.
 */
export interface BatchContent {
  readonly items: readonly SealedItem[];
  /** As sent, compressed with the batch's encoding. */
  readonly body: Bytes;
}

export interface WholeBatch {
  readonly batch: SealedBatch;
  readonly content: BatchContent;
}

/**
 * How a batch leaves the journal: each method but `load` is one commit, and counts what it settles (`Observer.delivered`, `deadLettered`).
 * Rejects with `GW_JOURNAL_FENCED` when the partition was lost: the batch is somebody else's then, drop it from memory.
 */
export interface Settlement {
  /** Rejects with `GW_JOURNAL_CORRUPT` if the stored bytes cannot be read. */
  load(batch: SealedBatch): Promise<BatchContent>;
  delivered(batch: SealedBatch): Promise<void>;
  /** The batch out, its parts in. The parts together have exactly its items. */
  split(batch: SealedBatch, parts: readonly WholeBatch[]): Promise<void>;
  /** The batch out, one letter per item in. */
  dead(batch: SealedBatch, letters: readonly DeadLetter[]): Promise<void>;
  /** The batch, whose content cannot be read, out; one letter for all of it in. */
  damaged(batch: SealedBatch): Promise<void>;
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
  /** Takes a batch that stands in the journal. Never refuses: it keeps contents in memory only within its budget. */
  offer(batch: SealedBatch, settlement: Settlement, content?: BatchContent): void;
  /** Drops the partition's batches from memory; what is on the way ends as it ends. Resolves when nothing of it is on the way any more. */
  forget(partition: number): Promise<void>;
  /** What is known now; never waits. */
  limits(destination: DestinationRef): BatchLimits;
  /** What was offered and is not settled. `oldestMs`: how long ago the oldest was sealed. */
  backlog(): { readonly batches: number; readonly runs: number; readonly bytes: number; readonly oldestMs: number };
  /** Sends what it can until the deadline (ms since the epoch); the rest stays in the journal. */
  stop(deadlineMs: number): Promise<void>;
}

/** The end of a multipart body. */
export function closingOf(boundary: string): string {
  return `--${boundary}--\r\n`;
}

/** Spans and log records that an item stands for. */
export function receivedIn({ synthetic, logs = 0 }: Pick<SealedItem, 'synthetic' | 'logs'>): number {
  return (synthetic === true ? 0 : 1) + logs;
}

/** A change of a run that another item has posted. */
export function isUpdate({ synthetic, logs = 0 }: Pick<SealedItem, 'synthetic' | 'logs'>): boolean {
  return synthetic === true && logs > 0;
}

export function countsOf(items: readonly SealedItem[]): Required<Pick<SealedBatch, 'runs' | 'spans' | 'logs' | 'operations'>> {
  let spans = 0;
  let logs = 0;
  let operations = 0;
  for (const item of items) {
    spans += receivedIn(item);
    logs += item.logs ?? 0;
    operations += item.operations;
  }
  return { runs: items.length, spans, logs, operations };
}

/** What is in a batch, for those who count each signal by itself; a batch of log records alone has no spans to tell of. */
export function signalsIn({ spans: items, logs = 0 }: SealedBatch): readonly (readonly [items: number, signal: Signal])[] {
  const records = Math.min(logs, items);
  const signals: [number, Signal][] = [];
  if (records < items || items === 0) signals.push([items - records, 'traces']);
  if (records > 0) signals.push([records, 'logs']);
  return signals;
}

/** 16 hex digits that tell tenants apart: traces of two destinations never meet, even with equal trace ids, nor do their batches. */
export function tenantOf(destination: DestinationRef): string {
  return createHash('sha256').update(accountOf(destination)).digest('hex').slice(0, 16);
}

/** Everything that must be equal for two runs to share a batch, as one text. */
export function accountOf({ endpoint, workspaceId, key, headers }: DestinationRef): string {
  return `${endpoint}\n${workspaceId}\n${key}${headers ? `\n${headers.key}` : ''}`;
}
