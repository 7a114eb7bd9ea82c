import type { Attributes, Value } from './value.ts';

/** Who sent a batch and what came with it. Travels beside the data to the exporters; never written to the journal as it is. */
export interface Caller {
  /** Component id of the receiver, e.g. `otlp`. */
  readonly receiver: string;
  readonly transport: 'http' | 'grpc';
  /** The peer's address, without a port; '' if unknown. */
  readonly address: string;
  /** HTTP headers or gRPC metadata, names in lower case. Holds secrets: never log it. */
  readonly metadata: ReadonlyMap<string, readonly string[]>;
  /** What an authenticator extension said of the caller. */
  readonly auth?: ReadonlyMap<string, string>;
  /** Time of receipt, ms since the epoch. */
  readonly receivedAtMs: number;
}

export interface Resource {
  readonly attributes: Attributes;
  droppedAttributesCount: number;
  schemaUrl: string;
}

export interface Scope {
  name: string;
  version: string;
  readonly attributes: Attributes;
  droppedAttributesCount: number;
  schemaUrl: string;
}

/** `Span.SpanKind` of opentelemetry-proto. */
export const SpanKind = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
/** `Status.StatusCode` of opentelemetry-proto. */
export const StatusCode = { unset: 0, ok: 1, error: 2 } as const;
/** `SpanFlags` of opentelemetry-proto: W3C trace flags in the low byte, then whether the parent is remote. */
export const SpanFlag = { sampled: 0x1, hasIsRemote: 0x100, isRemote: 0x200 } as const;

export interface SpanEvent {
  timeUnixNano: bigint;
  /** Microseconds since the epoch, truncated. */
  readonly timeMicros: number;
  name: string;
  readonly attributes: Attributes;
  droppedAttributesCount: number;
}

export interface SpanLink {
  traceId: string;
  spanId: string;
  traceState: string;
  flags: number;
  readonly attributes: Attributes;
  droppedAttributesCount: number;
}

export interface SpanStatus {
  code: number;
  message: string;
}

/** One span. Ids are lower-case hex (32 and 16 digits), '' where absent; times are nanoseconds since the epoch, 0 where absent. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  traceState: string;
  flags: number;
  name: string;
  kind: number;
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  /** Microseconds since the epoch, truncated, without a BigInt on the way; 0 where absent. */
  readonly startMicros: number;
  readonly endMicros: number;
  readonly attributes: Attributes;
  droppedAttributesCount: number;
  /** Replaceable as a whole; elements may be changed in place. */
  events: SpanEvent[];
  droppedEventsCount: number;
  links: SpanLink[];
  droppedLinksCount: number;
  readonly status: SpanStatus;
}

export interface ScopeSpans {
  readonly scope: Scope;
  spans: Span[];
}

export interface ResourceSpans {
  readonly resource: Resource;
  scopeSpans: ScopeSpans[];
}

/** One OTLP log record. */
export interface LogRecord {
  timeUnixNano: bigint;
  observedTimeUnixNano: bigint;
  severityNumber: number;
  severityText: string;
  eventName: string;
  body: Value;
  readonly attributes: Attributes;
  droppedAttributesCount: number;
  flags: number;
  traceId: string;
  spanId: string;
}

export interface ScopeLogs {
  readonly scope: Scope;
  logRecords: LogRecord[];
}

export interface ResourceLogs {
  readonly resource: Resource;
  scopeLogs: ScopeLogs[];
}

/** A span that a processor left out, with its resource: who knows traces needs it, because children of it may come. */
export interface LeftOutSpan {
  readonly span: Span;
  readonly resource: Resource;
}

/** Spans that travel together, as the Collector's `ptrace.Traces`. */
export interface Traces {
  readonly signal: 'traces';
  readonly caller: Caller;
  resourceSpans: ResourceSpans[];
  /** What was left out of it span by span; absent if nothing was. Of traces that are left out as a whole nothing is told. */
  leftOut?: readonly LeftOutSpan[];
  /** A batch that shares no changeable state with this one: a pipeline's own copy at a fan-out. */
  clone(): Traces;
}

/** Log records that travel together, as the Collector's `plog.Logs`. */
export interface Logs {
  readonly signal: 'logs';
  readonly caller: Caller;
  resourceLogs: ResourceLogs[];
  clone(): Logs;
}

export type Batch = Traces | Logs;
export type Signal = Batch['signal'];

/** Number of spans or log records in a batch. */
export function itemCount(batch: Batch): number {
  let count = 0;
  if (batch.signal === 'traces') {
    for (const { scopeSpans } of batch.resourceSpans) for (const { spans } of scopeSpans) count += spans.length;
  } else {
    for (const { scopeLogs } of batch.resourceLogs) for (const { logRecords } of scopeLogs) count += logRecords.length;
  }
  return count;
}
