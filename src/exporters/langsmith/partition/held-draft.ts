import { type Bytes, bytes } from '../../../model/bytes.ts';
import type { Skeleton } from '../../../model/draft.ts';
import type { Story } from '../assemble/additions.ts';
import type { Arrival, Awaited, Node, Trace as TraceOf } from '../assemble/trace.ts';
import { readBody } from './draft-codec.ts';
import type { HeldRecords } from './held-records.ts';

/** An entry of the inbox until each of its drafts stands somewhere else. */
export interface HeldEntry {
  readonly id: string;
  /** What its drafts' records are ranges of; `undefined` where the journal gives it again. */
  readonly payload: Bytes | undefined;
  /** Length of the payload. */
  readonly bytes: number;
  readonly items: number;
  /** Drafts that are not sealed, parked, dead or known to be there already. */
  remaining: number;
}

/**
 * A draft on its way through a partition.
 *
 *   new ─► waiting ─► parked ─┐
 *    └────────┴───────────────┴─► placed ─► (sealed: only its node is kept)
 *
 * A log record goes the same way, and is placed when the run that it goes into is, or when it changes that run.
 */
export interface HeldDraft extends Arrival {
  skeleton: Skeleton;
  readonly traceKey: string;
  /** JSON of the destination's reference. */
  readonly destination: string;
  readonly operations: number;
  /** Size of its record. */
  readonly bytes: number;
  /** Where its record begins in its entry's payload. */
  readonly start: number;
  awaits: Awaited;
  /** When what it waits for is given up, ms since the epoch. */
  deadlineMs: number;
  /** When it came into memory, ms since the epoch. */
  readonly sinceMs: number;
  state: 'new' | 'waiting' | 'parked' | 'placed';
  /** `undefined` once its entry no longer needs it: while it stands in the journal's `park` only. */
  held: HeldEntry | undefined;
  /** Deadline under which `park` and `due` keys of its span exist; 0 = there are none. */
  parkedUntilMs: number;
}

export type Trace = TraceOf<HeldDraft>;

/** A run with its place, in an open batch; or what log records change in a run that was sealed before. */
export interface PlacedRun {
  readonly trace: Trace;
  readonly node: Node;
  /** `undefined` for a change, and for a synthetic root, which has no log records either. */
  draft: HeldDraft | undefined;
  readonly logs: readonly HeldDraft[];
  readonly story: Story;
  /** Of a synthetic root. */
  readonly endMicros: number;
}

export function parkKey(draft: HeldDraft): string {
  return `${draft.traceKey}/${draft.skeleton.spanId}`;
}

/** As they were appended, in one entry or several; it survives parking, a restart and another owner. */
function byArrival(one: HeldDraft, other: HeldDraft): number {
  if (one.entry === other.entry) return one.position - other.position;
  return one.appendedAtMs - other.appendedAtMs || (one.entry < other.entry ? -1 : 1);
}

/** The log records themselves, in order of arrival; one whose parked value was damaged is left out. */
export async function logRecordsOf(logs: readonly HeldDraft[], held: HeldRecords): Promise<readonly Bytes[]> {
  const records: Bytes[] = [];
  for (const log of [...logs].sort(byArrival)) {
    const record = await held.of(log);
    if (record) records.push(readBody(record).main);
  }
  return records;
}

export function dueKey(deadlineMs: number, draft: HeldDraft): string {
  return `${dueTime(deadlineMs)}/${parkKey(draft)}`;
}

/** What stands under a `due` key: when the draft was appended, for the metric of the oldest one. */
export function dueValue({ appendedAtMs }: HeldDraft): Bytes {
  return bytes.from(`${appendedAtMs}`, 'latin1');
}

/** 0 where nobody knows: former versions wrote nothing. */
export function appendedAtIn(dueValue: Bytes | undefined): number {
  return Number(dueValue?.latin1Slice() ?? 0) || 0;
}

/** Times in keys have 15 digits, so their order as text is their order in time. */
export function dueTime(ms: number): string {
  return `${Math.max(0, Math.floor(ms))}`.padStart(15, '0');
}
