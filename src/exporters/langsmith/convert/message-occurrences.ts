/** Messages that came as span events or log records, one each (mapping §7.4). */
import { emptyObject, isObject, isText, type Json, type JsonObject, textOf } from './json.ts';
import { jsonOf, jsonOfValue } from './json-text.ts';
import type { Occurrence } from './occurrences.ts';
import type { SpanReader } from './span-reader.ts';

const historyName = /^gen_ai\.(?:(system|user|assistant|tool|developer)\.message|tool\.developer)$/;
const choiceName = 'gen_ai.choice';

/** Everything that the model was shown, earlier answers and tool results included. */
export function messageEventHistory(reader: SpanReader): Json | undefined {
  const { occurrences } = reader;
  const end = answersFrom(occurrences);
  const messages: Json[] = [];
  for (let at = 0; at < end; at++) {
    const occurrence = occurrences[at] as Occurrence;
    if (historyName.test(occurrence.name)) messages.push(elementOf(occurrence));
  }
  return messages.length === 0 ? undefined : messages;
}

/** The choices in order of their index; without any, the assistant's messages at the end. */
export function messageEventAnswers(reader: SpanReader): Json | undefined {
  const { occurrences } = reader;
  const choices = occurrences.filter(({ name }) => name === choiceName);
  const answers = choices.length > 0 ? choices : occurrences.slice(answersFrom(occurrences)).filter(({ name }) => historyName.test(name));
  return answers.length === 0 ? undefined : answers.map(elementOf);
}

/** Where the history ends: with choices at the very end, without them before the assistant's messages that nothing else follows. */
function answersFrom(occurrences: readonly Occurrence[]): number {
  let from = occurrences.length;
  for (const [at, { name }] of occurrences.entries()) {
    if (name === choiceName) return occurrences.length;
    const match = historyName.exec(name);
    if (match !== null) from = match[1] !== 'assistant' ? occurrences.length : Math.min(from, at);
  }
  return from;
}

/** One flat object: what the attributes, the one attribute that holds it all, and the log record's body say. */
function elementOf(occurrence: Occurrence): JsonObject {
  occurrence.used = true;
  const attributes = attributesOf(occurrence);
  const element = emptyObject();
  element['event.name'] = occurrence.name;
  for (const key of Object.keys(attributes)) if (told.has(key)) element[key.replace(prefix, '')] = structured(key, attributes[key]);
  const calls = indexedCalls(attributes);
  if (calls !== undefined) element.tool_calls = calls;
  spread(element, attributes['gen_ai.event.content']);
  spread(element, occurrence.body === undefined ? undefined : jsonOfValue(occurrence.body));
  if (occurrence.name === choiceName) nest(element);
  return element;
}

const prefix = /^gen_ai\.tool\.message\./;
const told = new Set([
  'role',
  'content',
  'id',
  'name',
  'index',
  'finish_reason',
  'refusal',
  'parts',
  'tool_calls',
  'toolCalls',
  'message',
  'tool.result',
]);
for (const key of ['message.role', 'message.content', 'message.tool_calls', 'gen_ai.tool.message.id']) told.add(key);
const structuredKeys = new Set(['message', 'tool_calls', 'toolCalls', 'parts', 'message.tool_calls']);

/** Only these hold JSON as text; in any other a text that looks like JSON is what somebody said. */
function structured(key: string, value: Json | undefined): Json | undefined {
  return structuredKeys.has(key) && isText(value) ? (jsonOf(value) ?? value) : value;
}

function spread(element: JsonObject, given: Json | undefined): void {
  const value = isText(given) ? (jsonOf(given) ?? given) : given;
  if (isObject(value)) Object.assign(element, value);
  else if (value !== undefined && value !== null) element.content = value;
}

/** A choice has its message inside. */
function nest(element: JsonObject): void {
  const inner = isObject(element.message) ? element.message : emptyObject();
  if (!isObject(element.message) && element.message !== undefined) inner.content = element.message;
  for (const key of ['role', 'content', 'tool_calls']) {
    inner[key] ??= element[`message.${key}`] ?? element[key];
    delete element[`message.${key}`];
    delete element[key];
  }
  inner.role ??= 'assistant';
  element.message = inner;
}

/** `tool_calls.N.id`, `tool_calls.N.function.name`, `tool_calls.N.function.arguments`. */
function indexedCalls(attributes: JsonObject): Json | undefined {
  const calls = new Map<number, JsonObject>();
  for (const key of Object.keys(attributes)) {
    const match = /^tool_calls\.(\d{1,4})\.(?:(id)|function\.(name|arguments))$/.exec(key);
    if (match === null) continue;
    const at = Number(match[1]);
    const call: JsonObject = calls.get(at) ?? { type: 'function', function: {} };
    calls.set(at, call);
    const holder = match[2] === undefined ? (call.function as JsonObject) : call;
    holder[match[2] ?? match[3] ?? ''] = attributes[key];
  }
  return calls.size === 0 ? undefined : [...calls].sort(([one], [other]) => one - other).map(([, call]) => call);
}

function attributesOf({ attributes }: Occurrence): JsonObject {
  const found = emptyObject();
  for (const key of [...attributes.keys()].sort()) found[key] = jsonOfValue(attributes.get(key) ?? null);
  return found;
}

/** A text or a list that came whole, under one of these names. */
function wholeOf(reader: SpanReader, name: string, ...keys: readonly string[]): Json | undefined {
  for (const occurrence of reader.occurrences) {
    if (occurrence.name !== name) continue;
    const attributes = attributesOf(occurrence);
    const body = occurrence.body === undefined ? undefined : jsonOfValue(occurrence.body);
    const candidates = [
      ...keys.map((key) => attributes[key]),
      attributes['gen_ai.event.content'],
      isObject(body) ? (body.content ?? body) : body,
    ];
    for (const candidate of candidates) {
      const value = isText(candidate) ? (jsonOf(candidate) ?? candidate) : candidate;
      if (value === undefined || value === null || (isText(value) && textOf(value) === '')) continue;
      occurrence.used = true;
      return value;
    }
  }
  return undefined;
}

export const textEventHistory = (reader: SpanReader): Json | undefined => wholeOf(reader, 'gen_ai.content.prompt', 'gen_ai.prompt');
export const textEventAnswers = (reader: SpanReader): Json | undefined => wholeOf(reader, 'gen_ai.content.completion', 'gen_ai.completion');

/** A tool span of Strands: the call is a message event and the result a choice. Claude Code tells its results as `tool.output`. */
export const toolEventInput = (reader: SpanReader): Json | undefined => wholeOf(reader, 'gen_ai.tool.message', 'content');
export const toolEventOutput = (reader: SpanReader): Json | undefined =>
  wholeOf(reader, choiceName, 'message', 'tool.result') ?? wholeOf(reader, 'tool.output', 'output', 'content', 'diff');
