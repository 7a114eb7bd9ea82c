import { isArray, isObject, isText, type Json, type JsonObject, textOf } from '../json.ts';
import { mediaPart } from './media.ts';
import { type ContentPart, firstOf, rest } from './message.ts';
import { asText } from './part-reader.ts';
import type { Turn } from './turn.ts';

/**
 * Elements of a conversation that are no messages: items of OpenAI's Responses API and of LiveKit's chat context. Calls, reasoning and hosted tools
 * belong to the assistant's turn, outputs are results of their own.
 */
export type ItemKind = 'assistant' | 'result' | undefined;

const namedInOutput = new Set(['type', 'call_id', 'output', 'name']);
const namedInReasoning = new Set(['type', 'summary', 'content', 'text']);
const namedInCall = new Set(['type']);
const namedInHosted = new Set(['type', 'id', 'status', 'results', 'result', 'output', 'outputs', 'error']);

export function itemKind(element: JsonObject): ItemKind {
  if (isText(element.role)) return undefined;
  if (isBareCall(element)) return 'assistant';
  if (!isText(element.type)) return undefined;
  const type = textOf(element.type);
  if (type.endsWith('_call_output')) return 'result';
  if (type.endsWith('_call') && type !== 'tool_call') return 'assistant';
  return type === 'reasoning' || type === 'agent_handoff' || type === 'item_reference' || type.startsWith('mcp_') ? 'assistant' : undefined;
}

/** The AI SDK answers with calls alone. */
function isBareCall(element: JsonObject): boolean {
  return isText(element.toolCallId) && isText(element.toolName) && (element.input !== undefined || element.args !== undefined);
}

export function readItem(turn: Turn, item: JsonObject): void {
  if (isBareCall(item)) {
    turn.call(rest(item, namedInCall) ?? {});
    return;
  }
  const type = textOf(item.type as string);
  if (type.endsWith('_call_output')) turn.result(item.call_id, item.output, { name: item.name, leftovers: rest(item, namedInOutput) });
  else if (type === 'function_call' || type === 'custom_tool_call') turn.call(rest(item, namedInCall) ?? {});
  else if (type === 'reasoning') readReasoningItem(turn, item);
  else if (type.endsWith('_call')) readHosted(turn, item, type.slice(0, -'_call'.length));
  else turn.leftover(type, rest(item, namedInCall));
}

function readReasoningItem(turn: Turn, item: JsonObject): void {
  const texts = [item.text, ...blocks(item.summary), ...blocks(item.content)].filter((text) => text !== undefined && text !== null);
  turn.reasoning(
    texts.length === 1 ? asText(texts[0]) : texts.map((text) => textOf(asText(text))).join('\n'),
    rest(item, namedInReasoning),
  );
}

function blocks(value: Json | undefined): readonly (Json | undefined)[] {
  if (!isArray(value)) return [value];
  return value.map((block) => (isObject(block) && isText(block.text) ? block.text : block));
}

/** A tool that runs at the provider: the item holds the call and, once there is one, its result. */
function readHosted(turn: Turn, item: JsonObject, name: string): void {
  turn.part({ type: 'server_tool_call', id: item.id, name, args: rest(item, namedInHosted) ?? {} });
  const picture = name === 'image_generation' ? pictureOf(item) : undefined;
  if (picture !== undefined) {
    turn.part({ type: 'server_tool_result', tool_call_id: item.id, status: item.status ?? 'success' });
    turn.part(picture);
    return;
  }
  const output = firstOf(item, 'results', 'result', 'output', 'outputs', 'error');
  if (output === undefined && item.status === undefined) return;
  turn.part({ type: 'server_tool_result', tool_call_id: item.id, status: item.error ? 'error' : (item.status ?? 'success'), output });
}

function pictureOf({ result: data, output_format: format }: JsonObject): ContentPart | undefined {
  return data === null
    ? undefined
    : mediaPart({ modality: 'image', data, mimeType: isText(format) ? `image/${textOf(format)}` : undefined });
}
