/** Feedback that came as span events or log records, or as indexed annotations (mapping §13.7). */
import { runIdOfSpan } from '../../../model/ids.ts';
import { numberOf } from './coerce.ts';
import { emptyObject, isObject, type Json, type JsonObject, stringOf } from './json.ts';
import { jsonOfValue } from './json-text.ts';
import { family } from './keys.ts';
import type { Occurrence } from './occurrences.ts';
import type { SpanReader } from './span-reader.ts';
import { treeOf } from './tree.ts';
import { uuidV5 } from './uuid-v5.ts';

export interface Feedback {
  readonly id: string;
  /** The run it is about, if that is not the span's own; else ''. */
  readonly runId: string;
  readonly fields: JsonObject;
}

const annotations = [family('annotations.', true), family('evaluations.', true)];
const sources: Readonly<Record<string, string>> = { HUMAN: 'app', LLM: 'model', CODE: 'api' };
const none: readonly Feedback[] = [];

export function feedbackOf(reader: SpanReader, ownRunId: string): readonly Feedback[] {
  let found: Feedback[] | undefined;
  for (const occurrence of reader.occurrences) {
    if (occurrence.name !== 'gen_ai.evaluation.result') continue;
    const feedback = ofEvaluation(occurrence, ownRunId);
    if (feedback !== undefined) (found ??= []).push(feedback);
  }
  for (const family of annotations) {
    if (reader.members(family).length === 0) continue;
    for (const entry of treeOf(reader, family) ?? []) {
      const feedback = ofAnnotation(reader, entry, ownRunId);
      if (feedback !== undefined) (found ??= []).push(feedback);
    }
  }
  return found ?? none;
}

function ofEvaluation({ attributes, timeMicros }: Occurrence, ownRunId: string): Feedback | undefined {
  const at = (name: string): Json => jsonOfValue(attributes.get(`gen_ai.evaluation.${name}`) ?? null);
  const key = stringOf(at('name'));
  if (key === undefined) return undefined;
  const failure = attributes.get('error.type');
  const explanation = stringOf(at('explanation'));
  const fields = emptyObject();
  fields.key = key;
  if (typeof failure === 'string') fields.comment = `evaluation error: ${failure}${explanation === undefined ? '' : `\n${explanation}`}`;
  else {
    add(fields, 'score', numberOf(at('score.value')));
    add(fields, 'value', stringOf(at('score.label')));
    add(fields, 'comment', explanation);
  }
  fields.feedback_source = { type: 'api', metadata: { source: 'otel' } };
  return { id: uuidV5('feedback', `${ownRunId}:${key}:${timeMicros}`), runId: '', fields };
}

function ofAnnotation(reader: SpanReader, entry: Json, ownRunId: string): Feedback | undefined {
  if (!isObject(entry)) return undefined;
  const inner = entry.annotation ?? entry.evaluation;
  const source = isObject(inner) ? inner : entry;
  const key = stringOf(source.name);
  if (key === undefined) return undefined;
  const fields = emptyObject();
  fields.key = key;
  add(fields, 'score', numberOf(source.score));
  add(fields, 'value', stringOf(source.label));
  add(fields, 'comment', stringOf(source.explanation));
  const metadata: JsonObject = { source: 'otel' };
  add(metadata, 'identifier', source.identifier);
  add(metadata, 'metadata', source.metadata);
  fields.feedback_source = { type: sources[stringOf(source.annotator_kind) ?? ''] ?? 'api', metadata };
  const [link, ...more] = reader.span.links;
  const linked = link !== undefined && more.length === 0 && /^[0-9a-f]{16}$/.test(link.spanId) ? runIdOfSpan(link.spanId) : '';
  return { id: uuidV5('feedback', `${linked || ownRunId}:${key}:${reader.span.startMicros}`), runId: linked, fields };
}

function add(fields: JsonObject, key: string, value: Json | undefined): void {
  if (value !== undefined && value !== null) fields[key] = value;
}
