import { emptyObject, isText, isVoid, type Json, type JsonObject, type Text, textOf } from '../json.ts';
import { type ContentPart, knownRole, type Message, merged, type ToolCall } from './message.ts';
import { callOf } from './tool-call.ts';
import { resultText } from './tool-result.ts';

/** What the turns of one conversation share. */
export interface Shared {
  /** Turns closed so far: the number that a generated call id holds. */
  turns: number;
  /** Ids generated for calls without one, by function name, until their result comes (Gemini). */
  openCalls: Map<string, string[]> | undefined;
  /** One message is all there may be (a choice): results of tools stay inside it as parts. */
  readonly single: boolean;
}

export function newShared(single: boolean): Shared {
  return { turns: 0, openCalls: undefined, single };
}

/**
 * One source message under way to canonical messages. Readers of the source shapes put into it what they find, in order; `close` makes the messages:
 * one for the turn itself and one for each tool result that stood in it.
 */
export class Turn {
  readonly shared: Shared;
  #role: string;
  #name: Text | undefined;
  #finishReason: Json | undefined;
  #parts: ContentPart[] = [];
  readonly #calls: ToolCall[] = [];
  #callIds: Set<string> | undefined;
  readonly #results: Message[] = [];
  readonly #fields: JsonObject = {};
  #leftovers: JsonObject | undefined;
  #repeated = 1;

  constructor(shared: Shared, role = '') {
    this.shared = shared;
    this.#role = role;
  }

  get role(): string {
    return this.#role || 'user';
  }

  /** Reasoning that comes as an item of its own waits for the message that it led to. */
  get isReasoningOnly(): boolean {
    return this.#calls.length === 0 && this.#parts.every((part) => part.type === 'reasoning');
  }

  get callCount(): number {
    return this.#calls.length;
  }

  get finishReason(): Json | undefined {
    return this.#finishReason;
  }

  /** A role that nobody knows is a user's, with the role as the name. */
  speaks(role: Text): void {
    const known = knownRole(textOf(role));
    this.#role = known ?? 'user';
    if (known === undefined) this.#name ??= role;
  }

  named(name: Text): void {
    if (this.#name === undefined) this.#name = name;
    else this.leftover('name', name);
  }

  finishes(reason: Json | undefined): void {
    if (this.#finishReason === undefined && !isVoid(reason)) this.#finishReason = reason;
    else this.leftover('finish_reason', reason);
  }

  text(text: Text): void {
    this.part({ type: 'text', text });
  }

  /** Most messages have one part, and an empty list that grows makes room for seventeen. */
  part(part: ContentPart): void {
    if (this.#parts.length === 0) this.#parts = [part];
    else this.#parts.push(part);
  }

  /** Reasoning that stands beside the content came before it. */
  reasoningBefore(text: Text): void {
    this.#parts.unshift({ type: 'reasoning', text });
  }

  reasoning(text: Text, extras?: JsonObject): void {
    this.part(extras === undefined ? { type: 'reasoning', text } : { type: 'reasoning', text, extras });
  }

  /** A call in any spelling. One with the id of an earlier call is the same call told twice; one that says nothing is none. */
  call(source: JsonObject): void {
    const call = callOf(source);
    if (call.id === undefined && call.extras === undefined && saysNothing(call)) return;
    if (call.id !== undefined) {
      const id = textOf(call.id);
      this.#callIds ??= new Set();
      if (id !== '' && this.#callIds.has(id)) return;
      this.#callIds.add(id);
    }
    this.#calls.push(call);
  }

  result(
    id: Json | undefined,
    output: Json | undefined,
    details: { name?: Json | undefined; leftovers?: JsonObject | undefined } = {},
  ): void {
    const { name, leftovers } = details;
    if (this.shared.single) {
      this.part({ type: 'server_tool_result', tool_call_id: id, name, output, extras: leftovers });
      return;
    }
    const message: Message = { role: 'tool', content: resultText(output) };
    if (isText(id)) message.tool_call_id = id;
    if (isText(name)) message.name = name;
    if (leftovers !== undefined) message.additional_kwargs = leftovers;
    this.#results.push(message);
  }

  /** A canonical field that is carried through. Where several source elements make one message, the first one's stays there. */
  field(key: string, value: Json | undefined): void {
    if (isVoid(value)) return;
    if (this.#fields[key] === undefined) this.#fields[key] = value;
    else this.leftover(key, value);
  }

  leftover(key: string, value: Json | undefined): void {
    if (isVoid(value)) return;
    this.#leftovers ??= emptyObject();
    let free = key;
    while (this.#leftovers[free] !== undefined) free = `${key}_${++this.#repeated}`;
    this.#leftovers[free] = value;
  }

  close(into: Message[]): void {
    this.shared.turns++;
    if (!this.shared.single && this.#finishReason !== undefined) this.leftover('finish_reason', this.#finishReason);
    const message = this.#message();
    if (this.#results.length === 0) {
      into.push(message);
      return;
    }
    // A tool's result answers the turn before it, so it precedes what a user says beside it and follows what an assistant says.
    const isShell = (message.content === '' || message.content === null) && message.tool_calls === undefined;
    if (isShell) this.#results[0] = moved(message, this.#results[0]!);
    const own = isShell ? [] : [message];
    into.push(...(this.role === 'assistant' ? [...own, ...this.#results] : [...this.#results, ...own]));
  }

  #message(): Message {
    const message: Message = { role: this.role, content: this.#content() };
    if (this.#calls.length > 0) message.tool_calls = this.#calls;
    for (const key of Object.keys(this.#fields)) message[key] = this.#fields[key];
    if (this.#name !== undefined) message.name = this.#name;
    if (this.#leftovers !== undefined) message.additional_kwargs = this.#leftovers;
    return message;
  }

  #content(): Message['content'] {
    const parts = this.#parts.length > 1 || this.#calls.length > 0 ? this.#parts.filter((part) => !isEmptyText(part)) : this.#parts;
    if (parts.length === 0) {
      if (this.#parts.length > 0 && this.#calls.length === 0) return '';
      return this.role === 'assistant' ? null : '';
    }
    if (!parts.every(isPlainText)) return parts;
    if (parts.length === 1) return parts[0]!.text as Text;
    return parts.map((part) => textOf(part.text as Text)).join('\n');
  }
}

function isPlainText(part: ContentPart): boolean {
  if (part.type !== 'text' || !isText(part.text)) return false;
  let members = 0;
  for (const _ in part) members++;
  return members === 2;
}

function isEmptyText(part: ContentPart): boolean {
  if (!isPlainText(part)) return false;
  const text = part.text as Text;
  return typeof text === 'string' ? text === '' : text.start === text.end;
}

/** What an otherwise empty message says beyond its role moves to the first result that stood in it: under `message` where both have a member of one name. */
function moved(shell: Message, result: Message): Message {
  const { role: _, content: __, additional_kwargs: leftovers, ...fields } = shell;
  const said = merged(fields, leftovers) ?? {};
  const keys = Object.keys(said);
  if (keys.length === 0) return result;
  const own = result.additional_kwargs;
  const collides = own !== undefined && (own.message !== undefined || keys.some((key) => own[key] !== undefined));
  return { ...result, additional_kwargs: merged(own, collides ? { message: merged({ before: own.message }, said) } : said) };
}

/** Texts may still stand on the wire. */
function saysNothing({ function: { name, arguments: given } }: ToolCall): boolean {
  return textOf(name) === '' && textOf(given) === '{}';
}
