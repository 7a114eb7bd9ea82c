import { isArray, isObject, isText, type Json, type JsonObject, textOf } from '../json.ts';
import { indexedMessage } from './indexed.ts';
import { itemKind, readItem } from './items.ts';
import { langchainMessage } from './langchain.ts';
import { knownRole, type Message, merged, rest } from './message.ts';
import { eventMessage, isEvent } from './message-events.ts';
import { readMessage } from './read-message.ts';
import type { Shape } from './shape.ts';
import { newShared, Turn } from './turn.ts';

/** What makes an object with a role a message. */
const said = ['content', 'parts', 'text', 'tool_calls', 'toolCalls', 'function_call', 'reasoning_content', 'refusal', 'contents'];
const wrapper = new Set(['message']);
const indexMember = new Set(['index']);

/** Whether every element is a message, an item or an event. Elements of indexed attributes are messages by their name. */
export function isConversation(elements: readonly Json[], shape: Shape | undefined): boolean {
  if (elements.length === 0) return false;
  const isIndexed = shape === 'openllmetry' || shape === 'openinference';
  return elements.every((element) => (isIndexed && isObject(element)) || isElement(element));
}

function isElement(element: Json): boolean {
  if (isArray(element)) return pairOf(element) !== undefined;
  if (!isObject(element)) return false;
  if (isText(element.role)) return knownRole(textOf(element.role)) !== undefined || said.some((key) => element[key] !== undefined);
  if (isObject(element.message)) return isElement(element.message);
  return itemKind(element) !== undefined || isEvent(element) || langchainMessage(element) !== undefined;
}

/** The canonical messages of a list that is a conversation. */
export function readConversation(elements: readonly Json[], shape: Shape | undefined): Message[] {
  const reader = new ConversationReader();
  for (const [index, element] of elements.entries()) reader.read(sourceOf(element, shape, index));
  return reader.close();
}

/**
 * Makes one message out of the consecutive items of one assistant's turn: its turn stays open until something else comes. A message that follows
 * nothing but reasoning items is what that reasoning led to, so it joins them.
 */
class ConversationReader {
  readonly #messages: Message[] = [];
  readonly #shared = newShared(false);
  #open: Turn | undefined;
  #isOfItems = false;

  read(source: JsonObject): void {
    const kind = itemKind(source);
    if (kind === 'assistant') this.#readCall(source);
    else if (kind === 'result') this.#readWhole(source, readItem);
    else if (isText(source.role) && knownRole(textOf(source.role)) === 'assistant') this.#readAnswer(source);
    else this.#readWhole(source, readMessage);
  }

  close(): Message[] {
    this.#open?.close(this.#messages);
    this.#open = undefined;
    return this.#messages;
  }

  #readCall(item: JsonObject): void {
    this.#open ??= new Turn(this.#shared, 'assistant');
    this.#isOfItems = true;
    readItem(this.#open, item);
  }

  #readAnswer(source: JsonObject): void {
    if (!this.#isOfItems || this.#open?.isReasoningOnly !== true) this.close();
    this.#open ??= new Turn(this.#shared);
    this.#isOfItems = false;
    readMessage(this.#open, source);
  }

  #readWhole(source: JsonObject, readInto: (turn: Turn, source: JsonObject) => void): void {
    this.close();
    this.#open = new Turn(this.#shared, itemKind(source) === 'result' ? 'tool' : '');
    readInto(this.#open, source);
    this.close();
  }
}

/** One assistant's message out of all that a model answered. */
export function readAnswer(elements: readonly Json[], shape: Shape | undefined): { message: Message; finishReason: Json | undefined } {
  const turn = new Turn(newShared(true), 'assistant');
  for (const [index, element] of elements.entries()) {
    const source = sourceOf(element, shape, index);
    if (itemKind(source) === undefined) readMessage(turn, source);
    else readItem(turn, source);
  }
  const messages: Message[] = [];
  turn.close(messages);
  return { message: messages[0]!, finishReason: turn.finishReason };
}

/** An element as an object with `role` and `content`, or as an item. */
function sourceOf(element: Json, shape: Shape | undefined, index: number): JsonObject {
  if (isArray(element)) return pairOf(element) ?? { role: 'user', content: element };
  if (!isObject(element)) return { role: 'user', content: element };
  if (shape === 'openllmetry' || shape === 'openinference') return indexedMessage(element, index);
  if (isEvent(element)) return eventMessage(element);
  if (!isText(element.role) && isObject(element.message))
    return merged(rest(rest(element, wrapper) ?? {}, indexMember), sourceOf(element.message, shape, index)) ?? {};
  return langchainMessage(element) ?? element;
}

/** LangGraph's `["user", "hello"]`. */
function pairOf(element: readonly Json[]): JsonObject | undefined {
  const [role, content] = element;
  if (element.length !== 2 || !isText(role) || !isText(content) || knownRole(textOf(role)) === undefined) return undefined;
  return { role, content };
}
