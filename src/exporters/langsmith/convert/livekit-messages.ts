import { isArray, isObject, isText, type Json, textOf } from './json.ts';
import { slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const contexts = ['lk.pii.chat_ctx', 'lk.chat_ctx'].map(slot);
const instructions = ['lk.pii.instructions', 'lk.instructions'].map(slot);

const texts = ['lk.pii.response.text', 'lk.response.text'].map(slot);
const calls = ['lk.pii.response.function_calls', 'lk.response.function_calls'].map(slot);

/** The chat context with the instructions before it; `undefined` where there are none, or where the context begins with them (mapping §6.2, row 7). */
export function instructedContext(reader: SpanReader): Json | undefined {
  const said = instructions.find((slot) => reader.peekText(slot) !== undefined);
  const context = contexts.find((slot) => reader.has(slot));
  if (said === undefined || context === undefined) return undefined;
  const value = reader.peekJson(context);
  const items = isObject(value) ? value.items : value;
  if (!isArray(items) || items.length === 0 || beginsWithSystem(items[0])) return undefined;
  reader.use(context);
  return { instructions: reader.takeText(said), items };
}

/** The spoken text and the calls that came with it, where there are calls; a text alone stands for itself (mapping §6.3, row 7). */
export function answerWithCalls(reader: SpanReader): Json | undefined {
  const said = calls.find((slot) => reader.has(slot));
  const list = said === undefined ? undefined : reader.peekJson(said);
  if (said === undefined || !isArray(list) || list.length === 0 || !list.every(isObject)) return undefined;
  reader.use(said);
  const text = texts.find((slot) => reader.peekText(slot) !== undefined);
  return { role: 'assistant', content: (text === undefined ? undefined : reader.takeText(text)) ?? null, tool_calls: list };
}

function beginsWithSystem(first: Json | undefined): boolean {
  return isObject(first) && isText(first.role) && /^(?:system|developer)$/.test(textOf(first.role));
}
