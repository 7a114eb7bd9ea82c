/** What happens, as metrics and log lines: the one implementation of `Observer`. Components call it; nobody else touches a metric or the logger. */
import type { Signal } from '../../model/batch.ts';
import type { Fault } from '../../model/fault.ts';
import type { DropReason, Observer } from '../../model/observer.ts';
import type { CountedSignal, Metrics } from './metrics.ts';
import type { Emit } from './summary.ts';
import { Summary } from './summary.ts';

/** A state that an operator should know of. */
export interface Degradation {
  readonly sentence: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly sinceMs: number;
}

/** How many different degraded states are kept; there are a handful per component. */
const degradationsMax = 1_000;

export class Telemetry implements Observer {
  readonly metrics: Metrics;
  readonly #summary: Summary;
  readonly #now: () => number;
  readonly #degraded = new Map<string, Degradation>();

  constructor(metrics: Metrics, emit: Emit, now: () => number) {
    this.metrics = metrics;
    this.#now = now;
    this.#summary = new Summary(emit, now);
  }

  received(receiver: string, transport: 'http' | 'grpc', signal: Signal | 'metrics', items: number): void {
    this.metrics.add('received', { receiver, transport, signal }, items);
  }

  accepted(receiver: string, transport: 'http' | 'grpc', signal: CountedSignal, items: number): void {
    this.metrics.addPerSignal('accepted', signal, { receiver, transport }, items);
  }

  refused(receiver: string, transport: 'http' | 'grpc', signal: CountedSignal, items: number, fault: Fault): void {
    this.metrics.addPerSignal('refused', signal, { receiver, transport }, items);
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
    this.metrics.add('dropped', { component, reason }, items);
  }

  processed(processor: string, signal: Signal, incoming: number, outgoing: number, drop: DropReason): void {
    const labels = { processor, otel_signal: signal };
    this.metrics.add('incoming', labels, incoming);
    this.metrics.add('outgoing', labels, outgoing);
    this.dropped(processor, drop, incoming - outgoing);
  }

  stored(exporter: string, items: number, bytes: number): void {
    this.metrics.add('stored', { exporter }, items);
    this.metrics.add('storedBytes', { exporter }, bytes);
  }

  enqueueFailed(exporter: string, items: number, fault: Fault): void {
    this.metrics.addPerSignal('enqueueFailed', 'traces', { exporter }, items);
    this.log('warn', 'the journal did not take a request', { exporter, items, code: fault.code, reason: fault.message });
  }

  duplicate(exporter: string, items: number): void {
    this.metrics.add('duplicate', { exporter }, items);
  }

  delivered(exporter: string, items: number): void {
    this.metrics.add('delivered', { exporter }, items);
    this.metrics.addPerSignal('sent', 'traces', { exporter }, items);
  }

  sendFailed(exporter: string, items: number, status: number): void {
    this.metrics.addPerSignal('sendFailed', 'traces', { exporter }, items);
    this.log('warn', 'a batch could not be delivered; it stays in the journal', { exporter, items, status });
  }

  uploaded(exporter: string, status: number, items: number, bytes: number, compressedBytes: number): void {
    this.metrics.add('uploads', { exporter, status: `${status}` }, 1);
    this.metrics.add('uploadBytes', { exporter }, bytes);
    this.metrics.add('uploadCompressedBytes', { exporter }, compressedBytes);
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

  degraded(key: string, sentence: string, facts: Readonly<Record<string, string | number>> = {}): void {
    const known = this.#degraded.get(key);
    if (known?.sentence === sentence) return;
    if (!known && this.#degraded.size >= degradationsMax) return;
    this.#degraded.set(key, { sentence, facts, sinceMs: this.#now() });
    this.log('error', sentence, { component: key, ...facts });
  }

  healthy(key: string): void {
    if (this.#degraded.delete(key)) this.log('info', 'healthy again', { component: key });
  }

  /** Degraded states by key, for the health page. */
  degradations(): ReadonlyMap<string, Degradation> {
    return this.#degraded;
  }

  log(level: 'debug' | 'info' | 'warn' | 'error', sentence: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.#summary.log(level, sentence, facts);
  }

  flush(all: boolean): void {
    this.#summary.flush(all);
  }
}
