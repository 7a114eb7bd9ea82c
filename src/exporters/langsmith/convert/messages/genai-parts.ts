import { isObject, type Json, type JsonObject } from '../json.ts';
import { firstOf, rest } from './message.ts';
import { asText, type PartReaders, passThrough, readMedia, readReasoning, readText, serverResult } from './part-reader.ts';
import type { Turn } from './turn.ts';

/**
 * Parts of the GenAI semantic conventions (`gen_ai.input.messages`, `gen_ai.output.messages`, `gen_ai.system_instructions`), and of Pydantic AI, which
 * writes older and own kinds of them. Source: semantic-conventions-genai, JSON schemas of the messages.
 */
export const genaiParts: PartReaders = [
  ['text', readTextPart],
  ['reasoning', readReasoningPart],
  ['thinking', readReasoningPart],
  ['compaction', readCompaction],
  ['tool_call', readToolCall],
  ['tool_call_response', readToolResponse],
  ['tool_approval_response', readToolResponse],
  ['server_tool_call', readServerCall],
  ['builtin_tool_call', readServerCall],
  ['server_tool_call_response', readServerResponse],
  ['blob', readBlob],
  ['binary', readBlob],
  ['uri', readBlob],
  ['image-url', (turn, part) => readAddress(turn, part, 'image')],
  ['audio-url', (turn, part) => readAddress(turn, part, 'audio')],
  ['video-url', (turn, part) => readAddress(turn, part, 'video')],
  ['document-url', (turn, part) => readAddress(turn, part, 'document')],
];

const namedInText = new Set(['type', 'text']);
const namedInContent = new Set(['type', 'content']);
const namedInReasoning = new Set(['type', 'text', 'content', 'thinking', 'reasoning', 'extras']);
const namedInCompaction = new Set(['type', 'content', 'id']);
const namedInCall = new Set(['type']);
const namedInResponse = new Set(['type', 'id', 'toolCallId', 'name', 'toolName', 'response', 'result']);
const namedInServerCall = new Set(['type', 'id', 'name', 'server_tool_call', 'arguments', 'builtin']);
const namedInServerResponse = new Set(['type', 'id', 'server_tool_call_response', 'result', 'response']);
const namedInBlob = new Set(['type', 'mime_type', 'media_type', 'modality', 'content', 'uri', 'filename']);
const namedInAddress = new Set(['type', 'url']);

function readTextPart(turn: Turn, part: JsonObject): void {
  if (part.text === undefined || part.text === null) readText(turn, part, part.content, namedInContent);
  else readText(turn, part, part.text, namedInText);
}
function readReasoningPart(turn: Turn, part: JsonObject): void {
  readReasoning(turn, part, firstOf(part, 'text', 'content', 'thinking', 'reasoning'), namedInReasoning);
}

function readCompaction(turn: Turn, part: JsonObject): void {
  turn.part({ type: 'text', text: asText(part.content), extras: { compaction_id: part.id }, ...rest(part, namedInCompaction) });
}

function readToolCall(turn: Turn, part: JsonObject): void {
  if (part.builtin === true) readServerCall(turn, part);
  else turn.call(rest(part, namedInCall) ?? {});
}

function readToolResponse(turn: Turn, part: JsonObject): void {
  if (part.builtin === true) {
    readServerResponse(turn, part);
    return;
  }
  turn.result(firstOf(part, 'id', 'toolCallId'), firstOf(part, 'response', 'result'), {
    name: firstOf(part, 'name', 'toolName'),
    leftovers: rest(part, namedInResponse),
  });
}

/** The canonical part has the same type: it passes through. */
function readServerCall(turn: Turn, part: JsonObject): void {
  const nested = firstOf(part, 'server_tool_call', 'arguments');
  if (nested === undefined) {
    passThrough(turn, part);
    return;
  }
  turn.part({ type: 'server_tool_call', id: part.id, name: part.name, args: argumentsOf(nested), extras: rest(part, namedInServerCall) });
}

function argumentsOf(nested: Json): Json {
  return isObject(nested) ? (rest(nested, namedInCall) ?? {}) : nested;
}

function readServerResponse(turn: Turn, part: JsonObject): void {
  serverResult(turn, part, part.id, firstOf(part, 'server_tool_call_response', 'response', 'result'), namedInServerResponse);
}

function readBlob(turn: Turn, part: JsonObject): void {
  const { modality, content: data, uri: url, filename: name } = part;
  readMedia(turn, part, { modality, data, url, name, mimeType: firstOf(part, 'mime_type', 'media_type') }, namedInBlob);
}

function readAddress(turn: Turn, part: JsonObject, modality: string): void {
  readMedia(turn, part, { modality, url: part.url }, namedInAddress);
}
