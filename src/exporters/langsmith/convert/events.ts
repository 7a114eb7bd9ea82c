/** A run's `events`: what happened that is neither content nor the error, and one `new_token` for the time to the first token (mapping §12). */
import { StatusCode } from '../../../model/batch.ts';
import { isoText } from '../../../model/time.ts';
import { firstTokenMicros } from './first-token.ts';
import { emptyObject, isVoid, type Json, type JsonObject } from './json.ts';
import { jsonOfValue } from './json-text.ts';
import type { Occurrence } from './occurrences.ts';
import type { SpanReader } from './span-reader.ts';

/** Log records kept per run; more are counted only. */
const logsMax = 256;

/** `sdk`: LangSmith's own, whose exceptions are nothing but the error of a run. */
export function eventsOf(reader: SpanReader, firstTokenScale: number, sdk: boolean): readonly Json[] {
  const events: Json[] = [];
  const token = firstTokenMicros(reader, firstTokenScale);
  if (token !== undefined) events.push({ name: 'new_token', time: isoText(token) });
  let logs = 0;
  for (const occurrence of reader.occurrences) {
    const handled = occurrence.used && (sdk || !isHandledException(reader, occurrence));
    if (handled && !saysMore(occurrence)) continue;
    if (occurrence.log !== undefined && ++logs > logsMax) continue;
    events.push(eventOf(occurrence, handled));
  }
  if (logs > logsMax) reader.warn(`${logs - logsMax} log records of this span are not kept`);
  return events;
}

/** The exception that is the run's error is not repeated, unless the span did not fail by status. */
function isHandledException(reader: SpanReader, { name }: Occurrence): boolean {
  return name === 'exception' && reader.span.status.code !== StatusCode.error;
}

/** Members of content events that stand in the run's inputs, outputs or error. */
const told =
  /^(?:role|content|id|name|index|message|message\..+|tool_calls(?:\..+)?|toolCalls|finish_reason|tool\.result|parts|refusal|output|diff|db\.(?:query|search)\.result\..+|event\.name|event_name|gen_ai\..+|exception\.(?:type|message|stacktrace|escaped))$/;

/** Something else than its content stands in a content event, too. */
function saysMore({ attributes, name }: Occurrence): boolean {
  if (name === 'gen_ai.client.inference.operation.details') return false;
  for (const key of attributes.keys()) if (!told.test(key)) return true;
  return false;
}

function eventOf(occurrence: Occurrence, onlyMore: boolean): JsonObject {
  const { name, timeMicros, attributes, log, droppedAttributesCount } = occurrence;
  const kwargs = log === undefined || onlyMore ? emptyObject() : logFacts(occurrence);
  for (const key of [...attributes.keys()].sort()) if (!onlyMore || !told.test(key)) kwargs[key] = jsonOfValue(attributes.get(key) ?? null);
  if (droppedAttributesCount > 0) kwargs.otel_dropped_attributes = droppedAttributesCount;
  const event: JsonObject = { name: name === '' ? 'event' : name };
  if (timeMicros > 0) event.time = isoText(timeMicros);
  if (!isVoid(kwargs)) event.kwargs = kwargs;
  return event;
}

function logFacts({ log }: Occurrence): JsonObject {
  const facts = emptyObject();
  if (log === undefined) return facts;
  if (log.severityText !== '') facts.severity = log.severityText;
  else if (log.severityNumber !== 0) facts.severity = log.severityNumber;
  if (log.body !== null) facts.body = jsonOfValue(log.body);
  return facts;
}
