/**
 * Spans of what the gateway does itself: a request that a receiver takes, a batch that a `langsmith` exporter sends. Off, it costs one look at a field.
 *
 * They may come back, by a receiver of this gateway, a load balancer or a gateway behind, and would then be traced again without end. So their ids are
 * marked, which every way leaves as it is, the journal and LangSmith's run ids, too: what holds nothing but marked spans is not traced, by any
 * Spanway. Names and attributes are those of the Collector (its receiverhelper and exporterhelper); none of them tells of the data but its number.
 */
import { randomBytes } from 'node:crypto';
import { type Batch, itemCount } from '../../model/batch.ts';
import type { Consume } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { runIdOfSpan } from '../../model/ids.ts';
import { signalNouns } from './metric-table.ts';

const mark = { trace: '73706177', span: '7370' } as const;
const markedRun = runIdOfSpan(mark.span.padEnd(16, '0')).slice(0, -'-000000000000'.length);
const markedTraceRun = `${mark.trace}-`;

/** Ids of new spans, in hex. They stand at the front, so the bits that samplers look at are random. */
export const markedIds = {
  generateTraceId: (): string => mark.trace + randomBytes(12).toString('hex'),
  generateSpanId: (): string => mark.span + randomBytes(6).toString('hex'),
} as const;

/** A span that has ended. */
export interface OwnSpan {
  readonly name: string;
  /** How long ago it began, now that it has ended. */
  readonly ms: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** What went wrong, in a few words of our own; '' = nothing. */
  readonly error: string;
}

export interface SpanRecorder {
  /** Whether the next one is wanted: chosen before it begins, so that what is not costs nothing. */
  wants(): boolean;
  record(span: OwnSpan): void;
}

const operations = { traces: 'TraceDataReceived', logs: 'LogsReceived' } as const;

export class OwnSpans {
  /** In the order of their coming; a reload has two for a moment. */
  readonly #recorders = new Set<SpanRecorder>();
  #recorder: SpanRecorder | undefined;

  /** From now on; the newest one counts. Returns what ends it. */
  recordTo(recorder: SpanRecorder): () => void {
    this.#recorders.add(recorder);
    this.#recorder = recorder;
    return () => {
      this.#recorders.delete(recorder);
      this.#recorder = [...this.#recorders].at(-1);
    };
  }

  /** Who records this request; `undefined` if nobody does. */
  recorderFor(batch: Batch): SpanRecorder | undefined {
    return this.#recorder?.wants() && !isOwn(batch) ? this.#recorder : undefined;
  }

  /** A batch was sent and answered; status 0 = no answer. */
  uploaded(exporter: string, status: number, items: number, ms: number, runs: readonly { readonly runId: string }[]): void {
    const recorder = this.#recorder;
    if (!recorder?.wants() || runs.every(({ runId }) => isOwnRun(runId))) return;
    const isSent = status >= 200 && status < 300;
    const counts = { 'items.sent': isSent ? items : 0, 'items.failed': isSent ? 0 : items };
    const attributes = { exporter, data_type: 'traces', ...counts, ...(status > 0 && { 'http.response.status_code': status }) };
    const error = isSent ? '' : status > 0 ? `status ${status}` : 'no answer';
    recorder.record({ name: `exporter/${exporter}/traces`, ms, attributes, error });
  }
}

/** A receiver's way to the pipelines, as a span. */
export function traced(consume: Consume, spans: OwnSpans): Consume {
  return (batch) => {
    const recorder = spans.recorderFor(batch);
    return recorder ? record(batch, consume, recorder) : consume(batch);
  };
}

async function record(batch: Batch, consume: Consume, recorder: SpanRecorder): ReturnType<Consume> {
  const startedAt = performance.now();
  const items = itemCount(batch);
  try {
    const receipt = await consume(batch);
    recorder.record(received(batch, items, performance.now() - startedAt, ''));
    return receipt;
  } catch (error) {
    recorder.record(received(batch, items, performance.now() - startedAt, Fault.of(error).code));
    throw error;
  }
}

function received({ signal, caller }: Batch, items: number, ms: number, error: string): OwnSpan {
  const { receiver, transport } = caller;
  const noun = signalNouns[signal];
  const counts = { [`accepted_${noun}`]: error === '' ? items : 0, [`refused_${noun}`]: error === '' ? 0 : items };
  return { name: `receiver/${receiver}/${operations[signal]}`, ms, attributes: { receiver, transport, ...counts }, error };
}

function isOwn(batch: Batch): boolean {
  if (batch.signal !== 'traces') return false;
  for (const { scopeSpans } of batch.resourceSpans)
    for (const { spans } of scopeSpans) for (const { traceId } of spans) if (!traceId.startsWith(mark.trace)) return false;
  return true;
}

function isOwnRun(runId: string): boolean {
  return runId.startsWith(markedRun) || runId.startsWith(markedTraceRun);
}
