/** The raw answer of a provider, where a span holds one, says facts that no attribute says: its id, its model, its service tier (mapping §8.4). */
import { emptyObject, isObject, type JsonObject, stringOf } from './json.ts';
import { slot } from './keys.ts';
import type { Kind } from './kind.ts';
import { bodyOf, type Payload } from './payload.ts';
import type { SpanReader } from './span-reader.ts';

const responseId = slot('gen_ai.response.id');
const outputValue = slot('output.value');
const none: JsonObject = Object.freeze(emptyObject());

/** The answer in the outputs or, where better ones were found, the one that OpenInference writes beside them. Without members if there is none. */
export function answerOf(reader: SpanReader, kind: Kind, payload: Payload): JsonObject {
  if (kind.runType !== 'llm') return none;
  const body = bodyOf(payload.output);
  if (body !== undefined) return isObject(body.raw) ? body.raw : body;
  if (reader.has(responseId)) return none;
  const beside = reader.peekJson(outputValue);
  return isObject(beside) ? beside : none;
}

export function writeAnswerFacts(answer: JsonObject, metadata: JsonObject): void {
  const id = stringOf(answer.id) ?? stringOf(answer.responseId);
  if (id !== undefined) metadata.response_id = id;
  for (const key of ['service_tier', 'system_fingerprint']) {
    const fact = stringOf(answer[key]);
    if (fact !== undefined) metadata[key] = fact;
  }
}
