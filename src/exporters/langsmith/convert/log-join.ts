/**
 * How log records and spans meet (mapping §16). A record names its span by trace and span id; the journal holds the span of an instrumentation that
 * is known to write content into logs for a while (`needsLogs`), and a record that comes after that becomes one update of the run (`updateOf`).
 */
import type { LogRecord, Resource, Scope, Span } from '../../../model/batch.ts';
import { type Bytes, noBytes } from '../../../model/bytes.ts';
import type { FeedbackDraft } from '../../../model/draft.ts';
import { resourceOf, scopeOf, spanOf } from '../../../otlp/otlp.ts';
import { feedbackOf } from './feedback.ts';
import type { Json } from './json.ts';
import { ByteWriter } from './json-writer.ts';
import { kindOf } from './kind.ts';
import { payloadOf } from './payload.ts';
import { dialectCount, eventAttributes, isLogScope } from './rules.ts';
import { SpanReader } from './span-reader.ts';
import { statusOf } from './status.ts';

export interface JoinKey {
  readonly traceId: string;
  readonly spanId: string;
}

/** The span that a record belongs to; `undefined` for one that names none. */
export function joinKeyOf({ traceId, spanId }: LogRecord): JoinKey | undefined {
  return traceId === '' || spanId === '' ? undefined : { traceId, spanId };
}

const contentKeys = ['gen_ai.input.messages', 'gen_ai.output.messages', 'gen_ai.prompt.0.content', 'gen_ai.prompt', 'input.value'];

/** Whether the content of this span is known to travel as log records. A span that has content of its own waits for nothing. */
export function needsLogs(span: Span, scope: Scope): boolean {
  if (!isLogScope(scope.name)) return false;
  if (contentKeys.some((key) => span.attributes.has(key))) return false;
  return !span.events.some(({ name }) => name.startsWith('gen_ai.'));
}

/** What late records change in a run that was uploaded already. Whole JSON values as in `Body`, empty where there is nothing to change. */
export interface RunUpdate {
  readonly inputs: Bytes;
  readonly outputs: Bytes;
  /** A JSON string; with it the status becomes `error`. */
  readonly error: Bytes;
  readonly feedback: readonly FeedbackDraft[];
}

const noResource: Resource = resourceOf([]);
const noScope: Scope = scopeOf('');

/** `runId` is the run of the span that the records name. Token counts and events are not among it: a PATCH would replace what is there. */
export function updateOf(logs: readonly LogRecord[], { traceId, spanId }: JoinKey, runId: string): RunUpdate {
  const reader = new SpanReader(dialectCount, eventAttributes);
  reader.load(spanOf({ traceId, spanId, name: '', attributes: [] }), noScope, noResource, logs);
  const metadata = {};
  const { inputs, outputs } = payloadOf(reader, kindOf('llm'), undefined, false, metadata);
  const { error } = statusOf(reader, undefined, false, '', metadata);
  const feedback = feedbackOf(reader, runId);
  return {
    inputs: written(inputs),
    outputs: written(outputs),
    error: written(error === '' ? undefined : error),
    feedback: feedback.map(({ id, runId: about, fields }) => ({ id, ...(about === '' ? {} : { runId: about }), fields: written(fields) })),
  };
}

function written(json: Json | undefined): Bytes {
  if (json === undefined) return noBytes;
  const writer = new ByteWriter();
  writer.write(json);
  return writer.take();
}
