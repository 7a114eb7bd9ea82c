import { memberOf } from './coerce.ts';
import { isArray, isText, type Json, textOf } from './json.ts';
import { slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const events = slot('events');
const allEvents = slot('all_messages_events');
const allMessages = slot('pydantic_ai.all_messages');
const choiceEvent = 'gen_ai.choice';

/** The events of older versions: every role is history, only `gen_ai.choice` is an answer. */
function eventsIn(reader: SpanReader, answers: boolean): Json | undefined {
  const list = reader.peekJson(events) ?? reader.peekJson(allEvents);
  if (!isArray(list) || !list.every((event) => memberOf(event, 'event.name') !== undefined)) return undefined;
  reader.use(events);
  reader.use(allEvents);
  const chosen = list.filter((event, at) => isAnswer(event, at === list.length - 1) === answers);
  return chosen.length === 0 ? undefined : chosen;
}

/** An agent's own list of events ends with what the assistant said, and has no choice. */
function isAnswer(event: Json, last: boolean): boolean {
  const name = textIn(event, 'event.name');
  return name === choiceEvent || (last && name === 'gen_ai.assistant.message');
}

export const pydanticEventHistory = (reader: SpanReader): Json | undefined => eventsIn(reader, false);
export const pydanticEventAnswers = (reader: SpanReader): Json | undefined => eventsIn(reader, true);

/** An agent's whole conversation without its last turn, which is the answer. */
export function pydanticConversation(reader: SpanReader): Json | undefined {
  const list = conversation(reader);
  return list === undefined ? undefined : list.slice(0, answerFrom(list));
}

export function pydanticLastTurn(reader: SpanReader): Json | undefined {
  const list = conversation(reader);
  return list === undefined ? undefined : list.slice(answerFrom(list));
}

function conversation(reader: SpanReader): readonly Json[] | undefined {
  const list = reader.peekJson(allMessages);
  if (!isArray(list)) return undefined;
  reader.use(allMessages);
  return list;
}

function answerFrom(list: readonly Json[]): number {
  return list.length > 0 && textIn(list[list.length - 1], 'role') === 'assistant' ? list.length - 1 : list.length;
}

function textIn(value: Json | undefined, key: string): string {
  const text = memberOf(value, key);
  return isText(text) ? textOf(text) : '';
}
