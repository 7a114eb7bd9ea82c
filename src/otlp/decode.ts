import type { Caller, LogRecord, Logs, Span, Traces } from '../model/batch.ts';
import type { Bytes } from '../model/bytes.ts';
import { logsOf, tracesOf } from './batches.ts';
import { ExportWalk } from './export-walk.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { LogTable } from './log-table.ts';
import { viewOf } from './protobuf-reader.ts';
import * as schema from './schema.ts';
import { SpanTable } from './span-table.ts';
import { finished, type Steps } from './steps.ts';
import { WireLogRecord } from './wire-log-record.ts';
import { WireSpan } from './wire-span.ts';

/** What became of a body. Items that were rejected each for itself are counted, and told to the client (OTLP partial success). */
export interface Decoded<B> {
  readonly batch: B;
  /** What the batch reads from: the body, or what was made of it. */
  readonly source: Bytes;
  /** Received items, rejected ones included. */
  readonly items: number;
  readonly rejected: number;
  /** Which rules were broken and how often; '' if none. */
  readonly message: string;
}

class SpanReading extends SpanTable {
  item(row: number): Span {
    return WireSpan.ofRow(this, row);
  }
}

class LogReading extends LogTable {
  item(row: number): LogRecord {
    return WireLogRecord.ofRow(this, row);
  }
}

/**
 * Decodes an `ExportTraceServiceRequest`. The batch reads from `body`, which nobody may change from here on. An empty body is an empty export.
 * @throws Fault GW_DECODE_BAD_PROTOBUF, GW_DECODE_WRONG_SIGNAL, GW_DECODE_TOO_DEEP, GW_DECODE_TOO_MANY
 */
export function decodeTraces(body: Bytes, caller: Caller, limits: Limits = defaultLimits): Decoded<Traces> {
  return finished(decodeTracesInSteps(body, caller, Infinity, limits));
}

/** The same with a break after each `stepBytes` or a little more, since a span is walked without one. Nobody has any of it before the last step. */
export function* decodeTracesInSteps(
  body: Bytes,
  caller: Caller,
  stepBytes: number,
  limits: Limits = defaultLimits,
): Steps<Decoded<Traces>> {
  const view = viewOf(body);
  const walk = new ExportWalk<Span>(body, view, new SpanReading(body, view), 'traces', schema.traces, limits);
  while (!walk.step(stepBytes)) yield;
  const resourceSpans = walk.groups.map(({ resource, scopes }) => ({
    resource,
    scopeSpans: scopes.map(({ scope, items }) => ({ scope, spans: items })),
  }));
  return { batch: tracesOf(caller, resourceSpans), source: body, ...outcomeOf(walk, 'span', limits) };
}

/** Decodes an `ExportLogsServiceRequest`; otherwise as `decodeTraces`. */
export function decodeLogs(body: Bytes, caller: Caller, limits: Limits = defaultLimits): Decoded<Logs> {
  return finished(decodeLogsInSteps(body, caller, Infinity, limits));
}

export function* decodeLogsInSteps(body: Bytes, caller: Caller, stepBytes: number, limits: Limits = defaultLimits): Steps<Decoded<Logs>> {
  const view = viewOf(body);
  const walk = new ExportWalk<LogRecord>(body, view, new LogReading(body, view), 'logs', schema.logs, limits);
  while (!walk.step(stepBytes)) yield;
  const resourceLogs = walk.groups.map(({ resource, scopes }) => ({
    resource,
    scopeLogs: scopes.map(({ scope, items }) => ({ scope, logRecords: items })),
  }));
  return { batch: logsOf(caller, resourceLogs), source: body, ...outcomeOf(walk, 'log record', limits) };
}

function outcomeOf(walk: ExportWalk<unknown>, noun: string, limits: Limits) {
  return { items: walk.items, rejected: walk.rejections.total, message: walk.rejections.message(noun, limits) };
}
