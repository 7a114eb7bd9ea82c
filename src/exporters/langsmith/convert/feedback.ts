/** Feedback that came with a span or its log records: events, indexed annotations, and scores in attributes (`scores.ts`; mapping §13.7). */
import { runIdOfSpan } from '../../../model/ids.ts';
import { uuidV5 } from '../../../model/uuid-v5.ts';
import { numberOf } from './coerce.ts';
import { evaluationOf } from './evaluation-events.ts';
import { emptyObject, isObject, type Json, type JsonObject, stringOf } from './json.ts';
import { type Family, family } from './keys.ts';
import { scoresOf, sourceOf } from './scores.ts';
import type { SpanReader } from './span-reader.ts';
import { treeOf } from './tree.ts';

/** The feedback is about the root of the run's trace. */
export const aboutTrace = 'trace';

export interface Feedback {
  readonly id: string;
  /** The run it is about, if that is not the span's own; `aboutTrace`; else ''. */
  readonly runId: string;
  readonly fields: JsonObject;
}

interface Annotations {
  readonly family: Family;
  readonly about: '' | typeof aboutTrace;
  readonly scope?: string;
}

const annotations: readonly Annotations[] = [
  { family: family('annotations.', true), about: '' },
  { family: family('evaluations.', true), about: '' },
  { family: family('trace.evaluations.', true), about: aboutTrace },
  { family: family('session.evaluations.', true), about: aboutTrace, scope: 'session' },
];
const sources: Readonly<Record<string, string>> = { HUMAN: 'app', LLM: 'model', CODE: 'api' };
const none: readonly Feedback[] = [];

export function feedbackOf(reader: SpanReader, ownRunId: string): readonly Feedback[] {
  let found: Feedback[] | undefined;
  for (const occurrence of reader.occurrences) {
    const fields = evaluationOf(occurrence);
    if (fields !== undefined) (found ??= []).push(feedback(ownRunId, '', fields, occurrence.timeMicros));
  }
  for (const each of annotations) {
    if (reader.members(each.family).length === 0) continue;
    for (const entry of treeOf(reader, each.family) ?? []) {
      const fields = annotationOf(entry, each);
      if (fields !== undefined) (found ??= []).push(feedback(ownRunId, each.about || linkedRun(reader), fields, reader.span.startMicros));
    }
  }
  for (const { about, fields } of scoresOf(reader))
    (found ??= []).push(feedback(ownRunId, about || linkedRun(reader), fields, reader.span.startMicros));
  return found ?? none;
}

/** Sent again, it has the same id. */
function feedback(ownRunId: string, about: string, fields: JsonObject, timeMicros: number): Feedback {
  const target = about === '' || about === aboutTrace ? `${ownRunId}${about}` : about;
  return { id: uuidV5('feedback', `${target}:${stringOf(fields.key)}:${timeMicros}`), runId: about, fields };
}

function annotationOf(entry: Json, { scope }: Annotations): JsonObject | undefined {
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
  const metadata = emptyObject();
  add(metadata, 'identifier', source.identifier);
  add(metadata, 'metadata', source.metadata);
  Object.assign(fields, sourceOf(sources[stringOf(source.annotator_kind) ?? ''] ?? 'api', metadata));
  if (scope !== undefined) fields.extra = { scope };
  return fields;
}

/** A span with one link that carries annotations speaks of the linked span's run. */
function linkedRun({ span }: SpanReader): string {
  const [link, ...more] = span.links;
  return link !== undefined && more.length === 0 && /^[0-9a-f]{16}$/.test(link.spanId) ? runIdOfSpan(link.spanId) : '';
}

function add(fields: JsonObject, key: string, value: Json | undefined): void {
  if (value !== undefined && value !== null) fields[key] = value;
}
