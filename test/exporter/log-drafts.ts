/** Log records made by hand, as the journal keeps them, and spans that wait for them. */
import { crc32 } from 'node:zlib';
import { idOfLog } from '../../src/exporters/langsmith/assemble/waiting-logs.ts';
import { draftOfLog } from '../../src/exporters/langsmith/convert/convert.ts';
import { type Draft, Mark } from '../../src/model/draft.ts';
import { logRecordOf, scopeOf } from '../../src/otlp/otlp.ts';
import { body, draft, traceId } from '../assemble/drafts.ts';
import { entriesOf, otlpValue } from '../convert/spans.ts';

export const openai = scopeOf('opentelemetry.instrumentation.openai_v2');

/** `names`: what the record calls the span that it means, if that is not the one that it was written in. */
export function log(
  spanId: string,
  eventName: string,
  content: unknown = null,
  attributes: Record<string, unknown> = {},
  atMs = 0,
  names: readonly string[] = [],
): Draft {
  const timeUnixNano = BigInt(1_767_323_045_000 + atMs) * 1_000_000n;
  const record = logRecordOf({ eventName, attributes: entriesOf(attributes), body: otlpValue(content), traceId, spanId, timeUnixNano });
  return draftOfLog(record, openai, { traceId, spanId, names }, (span, bytes) => idOfLog(span, crc32(bytes).toString(16)));
}

export const question = (spanId: string, content = 'q', atMs = 1): Draft => log(spanId, 'gen_ai.user.message', { content }, {}, atMs);
export const answer = (spanId: string, content = 'a'): Draft =>
  log(spanId, 'gen_ai.choice', { index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }, {}, 5);
export const score = (spanId: string, key = 'good', atMs = 7): Draft =>
  log(spanId, 'gen_ai.evaluation.result', null, { 'gen_ai.evaluation.name': key, 'gen_ai.evaluation.score.value': 1 }, atMs);
export const failure = (spanId: string): Draft =>
  log(spanId, 'gen_ai.client.operation.exception', null, { 'exception.type': 'Bad', 'exception.message': 'slow down' }, 8);

/** An llm run without content. `marks`: `Mark.awaitsLogs` for one of an instrumentation that writes content into logs. */
export function llm(spanId: string, parent = '', marks: number = Mark.awaitsLogs): Draft {
  const main = '"name":"chat","run_type":"llm","status":"success"';
  return draft(spanId, parent, { marks }, body({ main, inputs: '', outputs: '', metadata: '"otel_scope_name":"x"', extra: '"otel":{}' }));
}
