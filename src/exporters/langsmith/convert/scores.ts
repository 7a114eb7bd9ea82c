/** Scores that stand in an attribute of one emitter, as the fields of a feedback (mapping §13.7). */
import { runIdOfSpan } from '../../../model/ids.ts';
import { memberOf, numberOf } from './coerce.ts';
import { emptyObject, isArray, isObject, isText, type Json, type JsonObject, stringOf, textOf } from './json.ts';
import { slot, topic } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

export interface Score {
  /** The run that it is about, where the score itself says one; else ''. */
  readonly about: string;
  readonly fields: JsonObject;
}

const braintrustScores = slot('braintrust.scores');
/** MLflow keeps them beside its traces; who sends them with a span uses the name of its message type. */
const assessments = slot('mlflow.assessments');
const mastraType = slot('mastra.span.type');
const mastraResult = slot('mastra.scorer_run.output');
const mastraTarget = slot('mastra.metadata.targetSpanId');
const mastraTargetTrace = slot('mastra.metadata.targetTraceId');
const scored = topic([braintrustScores, assessments, mastraResult]);
const none: readonly Score[] = [];

export function scoresOf(reader: SpanReader): readonly Score[] {
  if (!reader.speaksOf(scored)) return none;
  return [...ofBraintrust(reader), ...ofMlflow(reader), ...ofMastra(reader)];
}

export function sourceOf(type: string, metadata: JsonObject = emptyObject()): JsonObject {
  return { feedback_source: { type, metadata: { source: 'otel', ...metadata } } };
}

/** An object of scores by name. */
function ofBraintrust(reader: SpanReader): readonly Score[] {
  const scores = reader.peekJson(braintrustScores);
  if (!isObject(scores)) return none;
  return Object.keys(scores).flatMap((key) => {
    const score = numberOf(scores[key]);
    return score === undefined ? [] : [{ about: '', fields: { key, score, ...sourceOf('api') } }];
  });
}

const assessors: Readonly<Record<string, string>> = { HUMAN: 'app', LLM_JUDGE: 'model', AI_JUDGE: 'model', CODE: 'api' };

/** A list of assessments: feedback has a value, an expectation is none. */
function ofMlflow(reader: SpanReader): readonly Score[] {
  const list = reader.peekJson(assessments);
  return isArray(list) ? list.flatMap(assessmentOf) : none;
}

function assessmentOf(assessment: Json): readonly Score[] {
  const key = stringOf(memberOf(assessment, 'assessment_name') ?? memberOf(assessment, 'name'));
  const given = memberOf(assessment, 'feedback');
  const value = isObject(given) ? memberOf(given, 'value') : given;
  if (key === undefined || value === undefined || value === null) return none;
  const source = memberOf(assessment, 'source');
  const metadata = emptyObject();
  const identifier = memberOf(source, 'source_id');
  if (identifier !== undefined) metadata.identifier = identifier;
  return [
    {
      about: runIdOf(stringOf(memberOf(assessment, 'span_id'))),
      fields: {
        key,
        ...valued(value),
        ...commented(memberOf(assessment, 'rationale')),
        ...sourceOf(assessors[stringOf(memberOf(source, 'source_type')) ?? ''] ?? 'api', metadata),
      },
    },
  ];
}

/** A scorer is a run of its own, named `scorer_run <id>`; what it found is feedback besides. */
function ofMastra(reader: SpanReader): readonly Score[] {
  const result = reader.peekJson(mastraResult);
  const score = numberOf(isObject(result) ? memberOf(result, 'score') : result);
  if (score === undefined || reader.peekText(mastraType) !== 'scorer_run') return none;
  const key = reader.span.name.replace(/^scorer_run /, '');
  return [{ about: targetOf(reader), fields: { key, score, ...commented(memberOf(result, 'reason')), ...sourceOf('model') } }];
}

/** The run that was scored, where it is one of the same trace; else the scorer's own. */
function targetOf(reader: SpanReader): string {
  return reader.peekText(mastraTargetTrace) === reader.span.traceId ? runIdOf(reader.peekText(mastraTarget)) : '';
}

function runIdOf(spanId: string | undefined): string {
  return spanId !== undefined && /^[0-9a-f]{16}$/.test(spanId) ? runIdOfSpan(spanId) : '';
}

/** A number or a yes or no is a score, a word is a value. */
function valued(value: Json): JsonObject {
  if (isText(value)) return { value: textOf(value) };
  const score = typeof value === 'boolean' ? Number(value) : numberOf(value);
  return score === undefined ? { value } : { score };
}

function commented(words: Json | undefined): JsonObject {
  const comment = stringOf(words);
  return comment === undefined ? {} : { comment };
}
