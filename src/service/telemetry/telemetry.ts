/** What happens, as metrics and log lines: the one implementation of `Observer`. Components call it; nobody else touches a metric or the logger. */
import type { LogRecord, Signal, Span, Traces } from '../../model/batch.ts';
import type { Skeleton } from '../../model/draft.ts';
import type { Fault } from '../../model/fault.ts';
import type { DropReason, Observer } from '../../model/observer.ts';
import { TrailLog } from '../trail/trail-log.ts';
import { type Degradation, Degradations } from './degradations.ts';
import type { CountedSignal, Metrics } from './metrics.ts';
import { OwnSpans } from './own-spans.ts';
import { RequestSeries } from './request-series.ts';
import type { Emit, Sampling } from './summary.ts';
import { Summary } from './summary.ts';

export class Telemetry implements Observer {
  readonly metrics: Metrics;
  readonly trail: TrailLog;
  readonly ownSpans: OwnSpans;
  readonly #series: RequestSeries;
  readonly #summary: Summary;
  readonly #now: () => number;
  readonly #emit: Emit;
  readonly #degraded: Degradations;

  /** `whole`: what this one is a part of. */
  constructor(metrics: Metrics, emit: Emit, now: () => number, whole?: Telemetry) {
    this.metrics = metrics;
    this.trail = whole ? whole.trail : new TrailLog(now);
    this.ownSpans = whole ? whole.ownSpans : new OwnSpans();
    this.#series = whole ? whole.#series : new RequestSeries(metrics);
    this.#now = now;
    this.#emit = emit;
    this.#summary = whole ? whole.#summary : new Summary(emit, now);
    this.#degraded = new Degradations(whole ? whole.#degraded : undefined);
  }

  /** The same telemetry for one component: the degraded states that it tells are its own, and gone when it has ended. */
  forPart(): Telemetry {
    return new Telemetry(this.metrics, this.#emit, this.#now, this);
  }

  end(): void {
    this.#degraded.end();
  }

  received(receiver: string, transport: 'http' | 'grpc', signal: Signal | 'metrics', items: number): void {
    if (items > 0) this.#series.ofReceiver(receiver, transport, signal).received.add(items);
  }

  accepted(receiver: string, transport: 'http' | 'grpc', signal: CountedSignal, items: number, ms: number): void {
    const series = this.#series.ofReceiver(receiver, transport, signal);
    series.accepted.add(items);
    series.refused.add(0);
    series.succeeded.add(1);
    series.acknowledged.observe(ms / 1_000);
  }

  refused(receiver: string, transport: 'http' | 'grpc', signal: CountedSignal, items: number, fault: Fault): void {
    this.metrics.addPerSignal('refused', signal, { receiver, transport }, items);
    this.metrics.add('requests', { receiver, transport, outcome: fault.kind === 'bug' ? 'failure' : 'refused' }, 1);
    const facts = { receiver, transport, signal, items, code: fault.code, reason: fault.message };
    if (fault.kind === 'bug') this.log('error', 'a request failed on an internal error', { ...facts, origin: fault.origin });
    else this.log('warn', 'a request was refused', facts);
  }

  rejected(receiver: string, transport: 'http' | 'grpc', signal: Signal, items: number): void {
    this.metrics.add('rejected', { receiver, transport, signal }, items);
    this.log('warn', 'malformed items were left out of a request', { receiver, transport, signal, items });
  }

  unsupported(signal: Signal | 'metrics', items: number): void {
    this.metrics.add('unsupported', { signal }, items);
  }

  dropped(component: string, reason: DropReason, items: number): void {
    if (items > 0) this.metrics.add('dropped', { component, reason }, items);
  }

  sampled(processor: string, signal: Signal, rule: string, isKept: boolean, items: number): void {
    const sampled = `${isKept}`;
    this.metrics.add('sampled', { processor, rule, sampled }, items);
    if (typeOf(processor) !== 'probabilistic_sampler') return;
    this.metrics.add(signal === 'traces' ? 'tracesSampled' : 'logsSampled', { processor, policy: rule, sampled }, items);
  }

  processorRefused(processor: string, signal: Signal, items: number): void {
    if (typeOf(processor) !== 'memory_limiter') return;
    this.metrics.addPerSignal('limiterRefused', signal, { processor }, items);
    this.metrics.addPerSignal('formerLimiterRefused', signal, { processor }, items);
  }

  processed(processor: string, signal: Signal, incoming: number, outgoing: number, drop: DropReason, ms: number): void {
    const series = this.#series.ofProcessor(processor, signal);
    if (incoming > 0) series.incoming.add(incoming);
    if (outgoing > 0) series.outgoing.add(outgoing);
    series.duration.observe(ms / 1_000);
    this.dropped(processor, drop, incoming - outgoing);
    const type = typeOf(processor);
    if (type === 'filter') this.metrics.add(signal === 'traces' ? 'filteredSpans' : 'filteredLogs', { processor }, incoming - outgoing);
    if (type !== 'memory_limiter') return;
    this.metrics.addPerSignal('limiterAccepted', signal, { processor }, outgoing);
    this.metrics.addPerSignal('formerLimiterAccepted', signal, { processor }, outgoing);
  }

  redacted(processor: string, rule: string, field: string, count: number): void {
    this.metrics.add('redactions', { processor, rule, field }, count);
  }

  stored(exporter: string, items: number, bytes: number, ms: number, signal: Signal = 'traces'): void {
    const series = this.#series.ofExporter(exporter, signal);
    if (items > 0) series.stored.add(items);
    if (bytes > 0) series.storedBytes.add(bytes);
    series.enqueueFailed.add(0);
    series.enqueueSize.observe(items);
    series.enqueueSizeBytes.observe(bytes);
    series.appended.observe(ms / 1_000);
  }

  enqueueFailed(exporter: string, items: number, fault: Fault, signal: Signal = 'traces'): void {
    this.metrics.addPerSignal('enqueueFailed', signal, { exporter }, items);
    this.log('warn', 'the journal did not take a request', { exporter, items, code: fault.code, reason: fault.message });
  }

  duplicate(exporter: string, items: number): void {
    this.metrics.add('duplicate', { exporter }, items);
  }

  joined(exporter: string, items: number): void {
    this.metrics.add('joined', { exporter }, items);
  }

  delivered(exporter: string, items: number, signal: Signal = 'traces'): void {
    this.metrics.add('delivered', { exporter }, items);
    this.metrics.addPerSignal('sent', signal, { exporter }, items);
    this.metrics.addPerSignal('sendFailed', signal, { exporter }, 0);
  }

  sendFailed(exporter: string, items: number, status: number, signal: Signal = 'traces'): void {
    this.metrics.addPerSignal('sendFailed', signal, { exporter }, items);
    this.log('warn', 'a batch could not be delivered; it stays in the journal', { exporter, items, status });
  }

  sending(exporter: string, change: 1 | -1): void {
    this.metrics.change('inFlight', { exporter }, change);
  }

  uploaded(
    exporter: string,
    status: number,
    items: number,
    bytes: number,
    compressedBytes: number,
    ms: number,
    runs?: readonly { readonly runId: string }[],
  ): void {
    if (runs) this.ownSpans.uploaded(exporter, status, items, ms, runs);
    const labels = { exporter };
    this.metrics.add('uploads', { exporter, status: `${status}` }, 1);
    this.metrics.add('uploadBytes', labels, bytes);
    this.metrics.add('uploadCompressedBytes', labels, compressedBytes);
    this.metrics.observe('uploaded', labels, ms / 1_000);
    this.metrics.observe('batchSendSize', labels, items);
    this.metrics.observe('batchSendSizeBytes', labels, compressedBytes);
    this.log('debug', 'a batch was sent', { exporter, status, items, bytes, compressedBytes });
  }

  deadLettered(exporter: string, reason: string, items: number): void {
    this.metrics.add('deadLettered', { exporter, reason }, items);
    this.log('error', 'runs became dead letters; list them with "spanway dead-letters list"', { exporter, reason, items });
  }

  orphaned(exporter: string, policy: string, items: number): void {
    this.metrics.add('orphans', { exporter, policy }, items);
    this.log('info', 'a parent did not come in time', { exporter, policy, items });
  }

  spansReceived(batch: Traces): void {
    this.trail.spansReceived(batch);
  }

  spansRefused(batch: Traces, fault: Fault): void {
    this.trail.spansRefused(batch, fault);
  }

  leftOut(component: string, item: Span | LogRecord, rule: string): void {
    this.trail.leftOut(component, item, rule);
  }

  spanStored(exporter: string, span: Skeleton): void {
    this.trail.spanStored(exporter, span);
  }

  spanDuplicate(exporter: string, span: Skeleton): void {
    this.trail.spanDuplicate(exporter, span);
  }

  spanOrphaned(exporter: string, span: Skeleton, policy: string): void {
    this.trail.spanOrphaned(exporter, span, policy);
  }

  runsSettled(exporter: string, batchId: string, runs: readonly { readonly runId: string }[], status: number, deadReason: string): void {
    this.trail.runsSettled(exporter, batchId, runs, status, deadReason);
  }

  degraded(key: string, sentence: string, facts: Readonly<Record<string, string | number>> = {}): void {
    const isNew = this.#degraded.add(key, { sentence, facts, sinceMs: this.#now() });
    if (isNew) this.log('error', sentence, { component: key, ...facts });
  }

  healthy(key: string): void {
    if (this.#degraded.delete(key)) this.log('info', 'healthy again', { component: key });
  }

  /** Degraded states by key, for the health page. */
  degradations(): ReadonlyMap<string, Degradation> {
    return this.#degraded.all();
  }

  log(level: 'debug' | 'info' | 'warn' | 'error', sentence: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.#summary.log(level, sentence, facts);
  }

  /** How lines that repeat are thinned out from here on. */
  sample(sampling: Sampling): void {
    this.#summary.sampling = sampling;
  }

  flush(all: boolean): void {
    this.#summary.flush(all);
  }
}

/** `filter/secrets` → `filter`. */
function typeOf(id: string): string {
  const slash = id.indexOf('/');
  return slash < 0 ? id : id.slice(0, slash);
}
