import { memberOf } from './coerce.ts';
import { isText, type Json, textOf } from './json.ts';
import { type Slot, slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const input = slot('langwatch.input');
const output = slot('langwatch.output');
const wrappers = new Set(['chat_messages', 'text', 'json', 'raw', 'list']);

/** `{type, value}` without the wrapper. */
function unwrapped(reader: SpanReader, slot: Slot): Json | undefined {
  const given = reader.takeJson(slot);
  const type = memberOf(given, 'type');
  const value = memberOf(given, 'value');
  return isText(type) && wrappers.has(textOf(type)) && value !== undefined ? value : given;
}

export const langwatchInput = (reader: SpanReader): Json | undefined => unwrapped(reader, input);
export const langwatchOutput = (reader: SpanReader): Json | undefined => unwrapped(reader, output);
