import { isArray, isObject, isText, type Json, textOf } from './json.ts';
import { slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const contexts = ['lk.pii.chat_ctx', 'lk.chat_ctx'].map(slot);
const instructions = ['lk.pii.instructions', 'lk.instructions'].map(slot);

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

function beginsWithSystem(first: Json | undefined): boolean {
  return isObject(first) && isText(first.role) && /^(?:system|developer)$/.test(textOf(first.role));
}
