import { emptyObject, isVoid, type Json, type JsonObject, type Text } from '../json.ts';

/** A function that a model asks for. `arguments` is the text that the model wrote, valid JSON or not. */
export interface ToolCall extends JsonObject {
  id?: Text | undefined;
  type: 'function';
  function: { name: Text; arguments: Text };
  /** What the source said beyond that. */
  extras?: JsonObject | undefined;
}

/**
 * `text` · `image_url` · `input_audio` · `file` · `video` · `reasoning {text, extras?}` · `server_tool_call {id, name, args}` ·
 * `server_tool_result {tool_call_id, status, output}` · anything else passes through with a type of its own.
 */
export interface ContentPart extends JsonObject {
  type: Text;
}

/** The one message shape of every dialect: OpenAI chat completions, because LangSmith's Messages view picks one strategy per trace. */
export interface Message extends JsonObject {
  /** `system`, `developer`, `user`, `assistant` or `tool`. */
  role: string;
  /** A text where all parts are text; null for an assistant message without content. */
  content: Text | readonly ContentPart[] | null;
  tool_calls?: readonly ToolCall[] | undefined;
  tool_call_id?: Text | undefined;
  name?: Text | undefined;
  /** What of the source message has no place of its own. */
  additional_kwargs?: JsonObject | undefined;
}

/** One of the answers that a model gave; `text` instead of `message` for a text completion. */
export interface Choice extends JsonObject {
  index: number;
  finish_reason?: Text | undefined;
  message?: Message | undefined;
  text?: Text | undefined;
}

const roles: ReadonlyMap<string, string> = new Map([
  ...['system', 'developer', 'user', 'assistant', 'tool'].map((role) => [role, role] as const),
  ['human', 'user'],
  ['ai', 'assistant'],
  ['model', 'assistant'],
  ['bot', 'assistant'],
  ['chatbot', 'assistant'],
  ['agent', 'assistant'],
  ['function', 'tool'],
  ['toolresult', 'tool'],
  ['tool_result', 'tool'],
]);

/** The canonical role; `undefined` for one that nobody knows (`data`, `context`, a speaker's name). */
export function knownRole(role: string): string | undefined {
  return roles.get(role) ?? roles.get(role.slice(role.lastIndexOf('.') + 1).toLowerCase());
}

/** The members that are not named and say something, as an object of their own; `undefined` if there are none. */
export function rest(source: JsonObject, named: ReadonlySet<string>): JsonObject | undefined {
  let others: JsonObject | undefined;
  for (const key in source) {
    const value = source[key];
    if (named.has(key) || isVoid(value)) continue;
    others ??= emptyObject();
    others[key] = value;
  }
  return others;
}

/** Both objects' members; the later one wins. */
export function merged(one: JsonObject | undefined, other: JsonObject | undefined): JsonObject | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const both = emptyObject();
  for (const key of Object.keys(one)) both[key] = one[key];
  for (const key of Object.keys(other)) both[key] = other[key];
  return both;
}

/** The first of these members that is there and not null. */
export function firstOf(source: JsonObject, ...keys: readonly string[]): Json | undefined {
  for (const key of keys) {
    const value = source[key];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}
