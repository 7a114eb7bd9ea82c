import type { Caller, LogRecord, Logs, Span, Traces } from '../model/batch.ts';
import type { Bytes } from '../model/bytes.ts';
import { logsOf, tracesOf } from './batches.ts';
import { ExportWalk } from './export-walk.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { LogTable } from './log-table.ts';
import { viewOf } from './protobuf-reader.ts';
import * as schema from './schema.ts';
import { SpanTable } from './span-table.ts';
import { WireLogRecord } from './wire-log-record.ts';
import { WireSpan } from './wire-span.ts';

/** What became of a body. Items that were rejected each for itself are counted, and told to the client (OTLP partial success). */
export interface Decoded<B> {
  readonly batch: B;
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
  const view = viewOf(body);
  const walk = new ExportWalk<Span>(body, view, new SpanReading(body, view), 'traces', schema.traces, limits);
  walk.run();
  const resourceSpans = walk.groups.map(({ resource, scopes }) => ({
    resource,
    scopeSpans: scopes.map(({ scope, items }) => ({ scope, spans: items })),
  }));
  return { batch: tracesOf(caller, resourceSpans), ...outcomeOf(walk, 'span', limits) };
}

/** Decodes an `ExportLogsServiceRequest`; otherwise as `decodeTraces`. */
export function decodeLogs(body: Bytes, caller: Caller, limits: Limits = defaultLimits): Decoded<Logs> {
  const view = viewOf(body);
  const walk = new ExportWalk<LogRecord>(body, view, new LogReading(body, view), 'logs', schema.logs, limits);
  walk.run();
  const resourceLogs = walk.groups.map(({ resource, scopes }) => ({
    resource,
    scopeLogs: scopes.map(({ scope, items }) => ({ scope, logRecords: items })),
  }));
  return { batch: logsOf(caller, resourceLogs), ...outcomeOf(walk, 'log record', limits) };
}

function outcomeOf(walk: ExportWalk<unknown>, noun: string, limits: Limits) {
  return { items: walk.items, rejected: walk.rejections.total, message: walk.rejections.message(noun, limits) };
}
