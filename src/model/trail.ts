import type { LogRecord, Span, Traces } from './batch.ts';
import type { Skeleton } from './draft.ts';
import type { Fault } from './fault.ts';

/**
 * What happens to single spans, told beside the counts of `Observer`, so that `spanway why` can answer for one of them. Called on hot paths: a
 * call costs a fraction of a microsecond and keeps nothing that it is given.
 */
export interface Trail {
  spansReceived(batch: Traces): void;
  /** The request was answered with a fault: none of its spans is promised. */
  spansRefused(batch: Traces, fault: Fault): void;
  /** Left out on purpose. `rule` names it as the configuration does: `trace_conditions[0]`, a rule's name, a policy. Log records are passed over. */
  leftOut(component: string, item: Span | LogRecord, rule: string): void;
  /** On its way into an exporter's journal; if that fails, the request is refused. */
  spanStored(exporter: string, span: Skeleton): void;
  spanDuplicate(exporter: string, span: Skeleton): void;
  /** Its parent did not come: `policy` decided. */
  spanOrphaned(exporter: string, span: Skeleton, policy: string): void;
  /** A batch left the journal. `deadReason`: '' = delivered. `status`: the server's answer, 0 without one. */
  runsSettled(exporter: string, batchId: string, runs: readonly { readonly runId: string }[], status: number, deadReason: string): void;
}

/** `received` to `dead_lettered` are told as they happen; the others are what the journal says now. `in_batch` and `sealed` have the time of sealing: a
 * batch that is `sealed` only has left the journal since, nobody there knows when. */
export type TrailEvent =
  | 'received'
  | 'refused'
  | 'left_out'
  | 'stored'
  | 'duplicate'
  | 'orphaned'
  | 'delivered'
  | 'dead_lettered'
  | 'waiting'
  | 'in_batch'
  | 'sealed'
  | 'dead_letter';

/** One thing that is known of one span. Ids as in `Skeleton`; '' = not told here. */
export interface Sighting {
  readonly event: TrailEvent;
  /** When it happened, ms since the epoch. */
  readonly atMs: number;
  /** Component id. */
  readonly component: string;
  /** Where, why, by which rule: for a person. No payload, no secrets. */
  readonly text: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly runId: string;
  readonly parentSpanId: string;
  readonly parentRunId: string;
  readonly project: string;
}
