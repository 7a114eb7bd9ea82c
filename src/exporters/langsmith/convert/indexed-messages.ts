import { isObject, type Json } from './json.ts';
import { family } from './keys.ts';
import type { SpanReader } from './span-reader.ts';
import { takeTree } from './tree.ts';

const prompts = family('gen_ai.prompt.', true);
const completions = family('gen_ai.completion.', true);
const inputMessages = family('llm.input_messages.', true);
const outputMessages = family('llm.output_messages.', true);

export const indexedPrompts = (reader: SpanReader): Json | undefined => messagesIn(reader, prompts);
export const indexedCompletions = (reader: SpanReader): Json | undefined => messagesIn(reader, completions);
export const indexedInputMessages = (reader: SpanReader): Json | undefined => messagesIn(reader, inputMessages);
export const indexedOutputMessages = (reader: SpanReader): Json | undefined => messagesIn(reader, outputMessages);

/** OpenInference's names have one level more, `message`; some others have it, too (mapping §3.3, R6 and R7). */
function messagesIn(reader: SpanReader, members: number): Json | undefined {
  return takeTree(reader, members)?.map((entry) =>
    isObject(entry) && isObject(entry.message) && entry.role === undefined ? { ...entry, ...entry.message, message: undefined } : entry,
  );
}
