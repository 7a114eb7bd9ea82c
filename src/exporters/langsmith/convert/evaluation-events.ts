/** Evaluations that came as span events or log records, as the fields of a feedback (mapping §13.7). */
import { memberOf, numberOf } from './coerce.ts';
import { emptyObject, type Json, type JsonObject, stringOf } from './json.ts';
import { jsonOf, jsonOfValue } from './json-text.ts';
import type { Occurrence } from './occurrences.ts';

type Reader = (occurrence: Occurrence) => JsonObject | undefined;

const readers: ReadonlyMap<string, Reader> = new Map([
  ['gen_ai.evaluation.result', ofConvention],
  ['guard.evaluation', ofGuard],
  ['langwatch.evaluation.custom', ofLangwatch],
  ['claude_code.feedback_survey', ofSurvey],
]);

/** Whether this event, or log record, becomes feedback. */
export function isEvaluation(name: string): boolean {
  return readers.has(name);
}

/** `undefined`: it is none, or does not say what it evaluates. */
export function evaluationOf(occurrence: Occurrence): JsonObject | undefined {
  return readers.get(occurrence.name)?.(occurrence);
}

function ofConvention({ attributes }: Occurrence): JsonObject | undefined {
  const at = (name: string): Json => jsonOfValue(attributes.get(`gen_ai.evaluation.${name}`) ?? null);
  const failure = attributes.get('error.type');
  const explanation = stringOf(at('explanation'));
  if (typeof failure === 'string')
    return fieldsOf({ key: at('name'), comment: `evaluation error: ${failure}${explanation === undefined ? '' : `\n${explanation}`}` });
  return fieldsOf({ key: at('name'), score: at('score.value'), value: at('score.label'), comment: at('explanation') });
}

/** OpenLIT's guards, whose attributes end in these words. */
function ofGuard({ attributes }: Occurrence): JsonObject | undefined {
  const at = (pattern: RegExp): Json | undefined => {
    for (const [key, value] of attributes) if (pattern.test(key)) return jsonOfValue(value);
    return undefined;
  };
  return fieldsOf({
    key: at(/(?:^|\.)(?:guard|name)$/) ?? 'guard',
    score: at(/(?:^|\.)score(?:\.value)?$/),
    value: at(/(?:^|\.)(?:verdict|label)$/),
    comment: at(/(?:^|\.)explanation$/),
  });
}

/** One attribute that holds all as JSON. */
function ofLangwatch({ attributes }: Occurrence): JsonObject | undefined {
  const text = attributes.get('json_encoded_event');
  const event = typeof text === 'string' ? jsonOf(text) : undefined;
  const passed = memberOf(event, 'passed');
  return fieldsOf({
    key: memberOf(event, 'name'),
    score: memberOf(event, 'score') ?? (typeof passed === 'boolean' ? Number(passed) : undefined),
    value: memberOf(event, 'label'),
    comment: memberOf(event, 'details'),
  });
}

function ofSurvey({ attributes }: Occurrence): JsonObject | undefined {
  const response = jsonOfValue(attributes.get('response') ?? attributes.get('rating') ?? null);
  const score = numberOf(response);
  return response === null
    ? undefined
    : fieldsOf({ key: 'user_feedback', score, value: score === undefined ? response : undefined }, 'app');
}

interface Said {
  readonly key: Json | undefined;
  readonly score?: Json | undefined;
  readonly value?: Json | undefined;
  readonly comment?: Json | undefined;
}

function fieldsOf({ key, score, value, comment }: Said, source = 'api'): JsonObject | undefined {
  const name = stringOf(key);
  if (name === undefined) return undefined;
  const fields = emptyObject();
  fields.key = name;
  const number = numberOf(score);
  if (number !== undefined) fields.score = number;
  const label = stringOf(value);
  if (label !== undefined) fields.value = label;
  const words = stringOf(comment);
  if (words !== undefined) fields.comment = words;
  fields.feedback_source = { type: source, metadata: { source: 'otel' } };
  return fields;
}
