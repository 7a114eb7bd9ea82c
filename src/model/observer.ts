import type { Signal } from './batch.ts';
import type { Fault } from './fault.ts';

/**
 * Things that happen, one method each. Whoever does the thing calls the method; only `service/telemetry` turns it into metrics and log lines.
 * Components are named by their id (`otlp`, `langsmith/acme`).
 */
export interface Observer {
  received(receiver: string, transport: 'http' | 'grpc', signal: Signal | 'metrics', items: number): void;
  accepted(receiver: string, transport: 'http' | 'grpc', signal: Signal | 'metrics', items: number): void;
  refused(receiver: string, transport: 'http' | 'grpc', signal: Signal | 'metrics', items: number, fault: Fault): void;
  /** Spans that were individually bad, answered as partial success. */
  rejected(receiver: string, transport: 'http' | 'grpc', signal: Signal, items: number): void;
  /** Answered with success and dropped, because nothing here takes them (metrics, logs without a pipeline). */
  unsupported(signal: Signal | 'metrics', items: number): void;

  /** Left out on purpose, by a component that is no processor. */
  dropped(component: string, reason: DropReason, items: number): void;
  processed(processor: string, signal: Signal, incoming: number, outgoing: number, drop: DropReason): void;

  /** Appended to an exporter's journal. */
  stored(exporter: string, items: number, bytes: number): void;
  enqueueFailed(exporter: string, items: number, fault: Fault): void;
  duplicate(exporter: string, items: number): void;
  delivered(exporter: string, items: number): void;
  sendFailed(exporter: string, items: number, status: number): void;
  uploaded(exporter: string, status: number, items: number, bytes: number, compressedBytes: number): void;
  deadLettered(exporter: string, reason: string, items: number): void;
  /** A parent did not come in time. */
  orphaned(exporter: string, policy: string, items: number): void;

  /** A state an operator should know of, until `healthy` with the same key. `code` and facts hold no secrets and no payload. */
  degraded(key: string, sentence: string, facts?: Readonly<Record<string, string | number>>): void;
  healthy(key: string): void;
  /** A fixed sentence with facts as fields. */
  log(level: 'debug' | 'info' | 'warn' | 'error', sentence: string, facts?: Readonly<Record<string, unknown>>): void;
}

export type DropReason = 'filtered' | 'sampled_out' | 'none';
