import { fillCallIds } from './call-ids.ts';
import { memberOf } from './coerce.ts';
import { isObject, type Json } from './json.ts';
import { family, type Slot, slot } from './keys.ts';
import { withoutLevel } from './messages/indexed.ts';
import { choicesOf, messagesOf } from './messages/messages.ts';
import type { SpanReader } from './span-reader.ts';
import { takeTree } from './tree.ts';

const givenMessages = family('gen_ai.prompt.', true);
const answeredMessages = family('gen_ai.completion.', true);
const inputMessages = family('llm.input_messages.', true);
const outputMessages = family('llm.output_messages.', true);
const textPrompts = family('llm.prompts.', true);
const textChoices = family('llm.choices.', true);

export const indexedPrompts = (reader: SpanReader): readonly Json[] | undefined => messagesIn(reader, givenMessages);
export const indexedCompletions = (reader: SpanReader): Json | undefined => messagesIn(reader, answeredMessages);

/** Texts to be embedded stand where messages stand on other spans. */
export const indexedTexts = (reader: SpanReader): Json | undefined =>
  indexedPrompts(reader)?.map((entry) => memberOf(entry, 'content') ?? entry);

const inputBody = slot('input.value');
const outputBody = slot('output.value');

export function indexedInputMessages(reader: SpanReader): Json | undefined {
  const messages = messagesIn(reader, inputMessages);
  if (messages !== undefined) fillCallIds(messages, () => inBody(reader, inputBody, (body) => messagesOf(body)));
  return messages;
}

export function indexedOutputMessages(reader: SpanReader): Json | undefined {
  const messages = messagesIn(reader, outputMessages);
  if (messages !== undefined)
    fillCallIds(messages, () => inBody(reader, outputBody, (body) => choicesOf(body)?.flatMap(({ message }) => message ?? [])));
  return messages;
}

function inBody<Found>(reader: SpanReader, body: Slot, find: (body: Json) => Found | undefined): Found | undefined {
  const value = reader.peekJson(body);
  return value === undefined ? undefined : find(value);
}

/** Text completions: `llm.prompts.N.prompt.text`, `llm.choices.N.completion.text`. */
export function prompts(reader: SpanReader): Json | undefined {
  const texts = textsIn(reader, textPrompts, 'prompt');
  return texts?.length === 1 ? texts[0] : texts;
}

export function completions(reader: SpanReader): Json | undefined {
  const texts = textsIn(reader, textChoices, 'completion');
  return texts === undefined ? undefined : { choices: texts.map((text, index) => ({ index, text })) };
}

function textsIn(reader: SpanReader, members: number, level: string): readonly Json[] | undefined {
  return takeTree(reader, members, /\.text$/)?.map((entry) => memberOf(memberOf(entry, level), 'text') ?? entry);
}

/** OpenInference's names have one level more, `message`; some others have it, too (mapping §3.3, R6 and R7). */
function messagesIn(reader: SpanReader, members: number): readonly Json[] | undefined {
  return takeTree(reader, members)?.map((entry) =>
    isObject(entry) && isObject(entry.message) && entry.role === undefined ? withoutLevel(entry, entry.message) : entry,
  );
}
