/** Thoughts that a span tells beside its answer (mapping §6.3, row 16). */
import { isEmptyContent } from './coerce.ts';
import { isArray, isObject, type Json, type JsonObject } from './json.ts';
import { slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const content = slot('gen_ai.content.reasoning');

/** The outputs of an llm run with the thoughts as the first part of its first message, unless that has some of its own. */
export function withReasoning(reader: SpanReader, outputs: JsonObject | undefined): JsonObject | undefined {
  const text = reader.peekLeaf(content);
  if (text === undefined || isEmptyContent(text)) return outputs;
  const choices = outputs?.choices;
  const first = isArray(choices) ? choices[0] : undefined;
  const message = isObject(first) && isObject(first.message) ? first.message : undefined;
  if (outputs !== undefined && (message === undefined || hasReasoning(message))) return outputs;
  reader.use(content);
  const thought = { type: 'reasoning', text };
  if (message === undefined) return { choices: [{ index: 0, message: { role: 'assistant', content: [thought] } }] };
  message.content = [thought, ...partsOf(message.content)];
  return outputs;
}

function hasReasoning({ content: parts }: JsonObject): boolean {
  return isArray(parts) && parts.some((part) => isObject(part) && part.type === 'reasoning');
}

function partsOf(given: Json | undefined): readonly Json[] {
  if (isArray(given)) return given;
  return given === undefined || given === null || given === '' ? [] : [{ type: 'text', text: given }];
}
