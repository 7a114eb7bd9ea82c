import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import type { LogRecord } from '../../src/model/batch.ts';
import type { Bytes } from '../../src/model/bytes.ts';
import { decodeLogs, decodeLogsJson, decodeTraces, decodeTracesJson } from '../../src/otlp/otlp.ts';
import { caller } from './spans.ts';

const folder = new URL('../../../shared/captures/', import.meta.url);

interface Request {
  readonly file: string;
  readonly signal: string;
  readonly transport: string;
  readonly raw_headers: readonly (readonly [string, string])[];
}

export interface Capture {
  readonly name: string;
  readonly spans: readonly {
    readonly span_id: string;
    readonly name: string;
    readonly run_type: string;
    readonly run_type_also_ok?: readonly string[];
    readonly not_a_run?: string;
  }[];
  readonly expect: { readonly total_tokens_truth?: { readonly input_tokens: number; readonly output_tokens: number } | null };
  readonly requests: readonly Request[];
}

export const captures: readonly Capture[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && file !== 'index.json')
  .sort()
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Capture);

/** The body without compression and gRPC's frame. */
function bodyOf(capture: Capture, { file, transport }: Request): Bytes {
  const raw = readFileSync(new URL(`${capture.name}/${file}`, folder));
  const framed = transport === 'grpc';
  const inner = framed ? raw.subarray(5) : raw;
  const zipped = framed ? raw[0] === 1 : raw[0] === 0x1f && raw[1] === 0x8b;
  return (zipped ? gunzipSync(inner) : inner) as unknown as Bytes;
}

const isJson = ({ raw_headers }: Request): boolean =>
  raw_headers.some(([name, value]) => /^content-type$/i.test(name) && value.includes('json'));

/** Every span of a recording as a run, with the log records that name it. */
export function captureRuns(capture: Capture): Map<string, Record<string, unknown>> {
  const logs = logsBySpan(capture);
  const convert = createConverter();
  const runs = new Map<string, Record<string, unknown>>();
  for (const request of capture.requests) {
    if (request.signal !== 'traces') continue;
    const body = bodyOf(capture, request);
    const { batch } = isJson(request) ? decodeTracesJson(body, caller) : decodeTraces(body, caller);
    for (const { resource, scopeSpans } of batch.resourceSpans)
      for (const { scope, spans } of scopeSpans)
        for (const span of spans) runs.set(span.spanId, runJson(convert(span, scope, resource, caller, logs.get(span.spanId))));
  }
  return runs;
}

function logsBySpan(capture: Capture): Map<string, LogRecord[]> {
  const found = new Map<string, LogRecord[]>();
  for (const request of capture.requests) {
    if (request.signal !== 'logs') continue;
    const body = bodyOf(capture, request);
    const { batch } = isJson(request) ? decodeLogsJson(body, caller) : decodeLogs(body, caller);
    for (const { scopeLogs } of batch.resourceLogs)
      for (const { logRecords } of scopeLogs)
        for (const record of logRecords) found.set(record.spanId, [...(found.get(record.spanId) ?? []), record]);
  }
  return found;
}
