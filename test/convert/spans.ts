import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import type { Caller, LogRecord, Resource, Scope, Span } from '../../src/model/batch.ts';
import type { Draft } from '../../src/model/draft.ts';
import type { Value } from '../../src/model/value.ts';
import { decodeTraces, encodeTraces, resourceOf, type SpanFields, scopeOf, spanOf, tracesOf } from '../../src/otlp/otlp.ts';

export const traceId = '0af7651916cd43dd8448eb211c80319c';
export const spanId = 'b7ad6b7169203331';
export const startNano = 1_767_225_600_000_000_000n;

export const caller: Caller = { receiver: 'otlp', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };

/** An OTLP value of plain JSON: objects are maps, whole numbers are integers, `{"$bytes"}` and `{"$int"}` as in the vectors. */
export function otlpValue(json: unknown): Value {
  if (json === null || typeof json === 'string' || typeof json === 'boolean') return json;
  if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json;
  if (Array.isArray(json)) return json.map(otlpValue);
  const object = json as Record<string, unknown>;
  if (typeof object.$bytes === 'string') return Buffer.from(object.$bytes, 'base64');
  if (typeof object.$int === 'string') return BigInt(object.$int);
  return new Map(Object.entries(object).map(([key, value]) => [key, otlpValue(value)]));
}

export function entriesOf(attributes: Record<string, unknown> = {}): [string, Value][] {
  return Object.entries(attributes).map(([key, value]) => [key, otlpValue(value)]);
}

export interface Sent {
  readonly span: Span;
  readonly scope: Scope;
  readonly resource: Resource;
}

/** The span as it arrives: encoded, and read by the decoder of the receiving path. */
export function sent(fields: SpanFields, scope: Scope = scopeOf(''), resource: Resource = resourceOf([])): Sent {
  const span = spanOf({ traceId, spanId, startTimeUnixNano: startNano, endTimeUnixNano: startNano + 2_000_000_000n, kind: 1, ...fields });
  const body = encodeTraces(tracesOf(caller, [{ resource, scopeSpans: [{ scope, spans: [span] }] }]));
  const { batch, message } = decodeTraces(body, caller);
  const group = batch.resourceSpans[0];
  const inner = group?.scopeSpans[0];
  const decoded = inner?.spans[0];
  if (group === undefined || inner === undefined || decoded === undefined) throw new Error(`the span was not decoded: ${message}`);
  return { span: decoded, scope: inner.scope, resource: group.resource };
}

const convert = createConverter();

export function draftOf(fields: SpanFields, scope = '', logs?: readonly LogRecord[]): Draft {
  const { span, scope: sentScope, resource } = sent(fields, scopeOf(scope));
  return convert(span, sentScope, resource, caller, logs);
}

/** The run that these attributes become. */
export function run(attributes: Record<string, unknown>, fields: SpanFields = {}, scope = ''): Record<string, unknown> {
  return runJson(draftOf({ name: 'span', ...fields, attributes: entriesOf(attributes) }, scope));
}
