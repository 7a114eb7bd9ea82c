/**
 * What happened to single spans of late, in memory of fixed size. Read this file first.
 *
 *   components ─► TrailLog: rows (this process)  ──┐
 *   other workers of this gateway: their rows    ──┼─► `why.ts`: sightings ─► `report.ts`: the fate of each span
 *   journal: waiting, in a batch, dead letter    ──┘
 *
 * The journal is the truth about what it holds, for all replicas and beyond a restart. Rows tell what leaves no trace there: received, refused,
 * left out, delivered. They cost nothing until somebody asks for them (`keep`), which the `admin` extension does.
 */
import type { LogRecord, Span, Traces } from '../../model/batch.ts';
import type { Skeleton } from '../../model/draft.ts';
import type { Fault } from '../../model/fault.ts';
import type { Sighting, Trail, TrailEvent } from '../../model/trail.ts';
import { Details } from './details.ts';
import { type Row, Rows } from './rows.ts';

const events: readonly TrailEvent[] = ['received', 'refused', 'left_out', 'stored', 'duplicate', 'orphaned', 'delivered', 'dead_lettered'];
const code = { received: 0, refused: 1, leftOut: 2, stored: 3, duplicate: 4, orphaned: 5, delivered: 6, deadLettered: 7 } as const;
/** Details of batches are numbered apart: each is used for one batch, so there are always new ones. */
const settledFrom = code.delivered;
const batchesMax = 4_096;

/** How far back the rows reach. */
export interface Reach {
  /** ms since the epoch. */
  readonly sinceMs: number;
  readonly rows: number;
  readonly rowsMax: number;
}

export class TrailLog implements Trail {
  readonly #now: () => number;
  readonly #details = new Details();
  readonly #batches: string[] = [];
  #batchNumber = 0;
  #rows: Rows | undefined;
  #requests = 0;
  #sinceMs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Keeps so many rows from now on, until what it returns is called; whoever asked since then keeps them. */
  keep(rows: number): () => void {
    const request = ++this.#requests;
    if (rows !== this.#rows?.capacity) {
      this.#rows = new Rows(rows);
      this.#sinceMs = this.#now();
    }
    return () => {
      if (request === this.#requests) this.#rows = undefined;
    };
  }

  reach(): Reach {
    const rows = this.#rows;
    const sinceMs = rows?.hasForgotten ? (rows.oldestMs ?? this.#sinceMs) : this.#sinceMs;
    return { sinceMs, rows: rows?.count ?? 0, rowsMax: rows?.capacity ?? 0 };
  }

  spansReceived(batch: Traces): void {
    const { receiver, transport, address, receivedAtMs } = batch.caller;
    if (this.#rows) this.#writeAll(batch, code.received, this.#details.of(receiver, `over ${transport} from ${address}`), receivedAtMs);
  }

  spansRefused(batch: Traces, { code: fault, message }: Fault): void {
    if (this.#rows) this.#writeAll(batch, code.refused, this.#details.of(batch.caller.receiver, `${fault}: ${message}`), this.#now());
  }

  leftOut(component: string, item: Span | LogRecord, rule: string): void {
    if (this.#rows && 'parentSpanId' in item)
      this.#rows.write(item.traceId, item.spanId, '', code.leftOut, this.#details.of(component, rule), this.#now());
  }

  spanStored(exporter: string, span: Skeleton): void {
    this.#write(code.stored, exporter, span.project, span);
  }

  spanDuplicate(exporter: string, span: Skeleton): void {
    this.#write(code.duplicate, exporter, '', span);
  }

  spanOrphaned(exporter: string, span: Skeleton, policy: string): void {
    this.#write(code.orphaned, exporter, policy, span);
  }

  runsSettled(exporter: string, batchId: string, runs: readonly { readonly runId: string }[], status: number, deadReason: string): void {
    if (!this.#rows) return;
    const event = deadReason === '' ? code.delivered : code.deadLettered;
    const number = this.#batchNumber++;
    this.#batches[number % batchesMax] = `${exporter}\n${deadReason === '' ? '' : `${deadReason}, `}status ${status}, batch ${batchId}`;
    const nowMs = this.#now();
    for (const { runId } of runs) this.#rows.write('', '', runId, event, number, nowMs);
  }

  /** What the rows say of these traces and runs. */
  sightings(traceIds: ReadonlySet<string>, runIds: ReadonlySet<string>): Sighting[] {
    return (this.#rows?.find(traceIds, runIds) ?? []).map((row) => this.#sighting(row));
  }

  #write(event: number, exporter: string, text: string, span: Skeleton): void {
    if (!this.#rows) return;
    this.#rows.write(span.traceId, span.spanId, span.runId, event, this.#details.of(exporter, text), this.#now());
  }

  #writeAll({ resourceSpans }: Traces, event: number, detail: number, atMs: number): void {
    for (const { scopeSpans } of resourceSpans)
      for (const { spans } of scopeSpans) for (const span of spans) this.#rows?.write(span.traceId, span.spanId, '', event, detail, atMs);
  }

  #sighting({ event: number, detail, ...ids }: Row): Sighting {
    const event = events[number] as TrailEvent;
    const [component, text] = number >= settledFrom ? this.#batch(detail) : this.#details.get(detail);
    const common = { ...ids, event, component, parentSpanId: '', parentRunId: '' };
    return event === 'stored' ? { ...common, text: '', project: text } : { ...common, text, project: '' };
  }

  #batch(number: number): readonly [string, string] {
    if (number < this.#batchNumber - batchesMax) return ['', 'in a batch that is no longer remembered'];
    const [component = '', text = ''] = (this.#batches[number % batchesMax] ?? '').split('\n', 2);
    return [component, text];
  }
}
