import type { Signal } from './batch.ts';
import type { Fault } from './fault.ts';
import type { Trail } from './trail.ts';

/**
 * Things that happen, one method each. Whoever does the thing calls the method; only `service/telemetry` turns it into metrics and log lines.
 * Components are named by their id (`otlp`, `langsmith/acme`). What happens to single spans is told to those who keep a trail.
 */
export interface Observer extends Partial<Trail> {
  received(receiver: string, transport: 'http' | 'grpc', signal: Signal | 'metrics', items: number): void;
  /** `ms`: from the complete body to the receipt. */
  accepted(receiver: string, transport: 'http' | 'grpc', signal: Signal | 'metrics', items: number, ms: number): void;
  refused(receiver: string, transport: 'http' | 'grpc', signal: Signal | 'metrics', items: number, fault: Fault): void;
  /** Spans that were individually bad, answered as partial success. */
  rejected(receiver: string, transport: 'http' | 'grpc', signal: Signal, items: number): void;
  /** Answered with success and dropped, because nothing here takes them (metrics, logs without a pipeline). */
  unsupported(signal: Signal | 'metrics', items: number): void;

  /** Left out on purpose, by a component that is no processor. */
  dropped(component: string, reason: DropReason, items: number): void;
  /** What a sampler decided, by what it rests on: a policy of the Collector's, or the name of a rule. */
  sampled(processor: string, signal: Signal, rule: string, isKept: boolean, items: number): void;
  /** A processor refused a whole batch. */
  processorRefused(processor: string, signal: Signal, items: number): void;
  processed(processor: string, signal: Signal, incoming: number, outgoing: number, drop: DropReason, ms: number): void;

  /** Removed from data by a redaction: `field` names a target and a key (`span.attributes["input.value"]`), never a value. */
  redacted(processor: string, rule: string, field: string, count: number): void;
  /** For explanations, where somebody wants them: each removal by its place (`span.attributes["input.value"] $.messages[0].content`). */
  removed?(processor: string, rule: string, place: string): void;

  /** Appended to an exporter's journal, which took `ms`. `signal`, here and below: traces if it is not said. */
  stored(exporter: string, items: number, bytes: number, ms: number, signal?: Signal): void;
  enqueueFailed(exporter: string, items: number, fault: Fault, signal?: Signal): void;
  duplicate(exporter: string, items: number): void;
  /** Log records that went into the runs of their spans. */
  joined(exporter: string, items: number): void;
  delivered(exporter: string, items: number, signal?: Signal): void;
  sendFailed(exporter: string, items: number, status: number, signal?: Signal): void;
  /** A request is on its way (1), or is not any more (-1). */
  sending(exporter: string, change: 1 | -1): void;
  /** `runs`: what was sent, of an exporter whose uploads the gateway traces. */
  uploaded(
    exporter: string,
    status: number,
    items: number,
    bytes: number,
    compressedBytes: number,
    ms: number,
    runs?: readonly { readonly runId: string }[],
  ): void;
  deadLettered(exporter: string, reason: string, items: number): void;
  /** A parent did not come in time. */
  orphaned(exporter: string, policy: string, items: number): void;

  /** A state an operator should know of, until `healthy` with the same key. `code` and facts hold no secrets and no payload. */
  degraded(key: string, sentence: string, facts?: Readonly<Record<string, string | number>>): void;
  healthy(key: string): void;
  /** A fixed sentence with facts as fields. */
  log(level: 'debug' | 'info' | 'warn' | 'error', sentence: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** `unjoined`: log records that no run shows, because their span did not come or because they say nothing that can still change it. */
export type DropReason = 'filtered' | 'sampled_out' | 'unjoined' | 'none';
