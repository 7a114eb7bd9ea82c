import { isObject, type JsonObject } from '../json.ts';
import { firstOf, rest } from './message.ts';
import { type PartReaders, passThrough, readMedia, readReasoning, serverResult } from './part-reader.ts';
import type { Turn } from './turn.ts';

/** Content blocks of Anthropic's Messages API; `thinking` is read with the GenAI parts of that name. */
export const anthropicParts: PartReaders = [
  ['tool_use', readToolUse],
  ['tool_result', readToolResult],
  ['server_tool_use', readServerToolUse],
  ['mcp_tool_use', readServerToolUse],
  ['redacted_thinking', readRedactedThinking],
  ['image', readImage],
  ['document', readDocument],
  ['audio', readAudio],
];

const typeOnly = new Set(['type']);
const namedInResult = new Set(['type', 'tool_use_id', 'content']);
const namedInServerUse = new Set(['type', 'id', 'name', 'input']);
const namedInRedacted = new Set(['type']);
const namedInMedia = new Set(['type', 'source', 'data', 'url', 'image', 'base64', 'mediaType', 'mimeType', 'mime_type', 'source_type']);
const namedInDocument = new Set([...namedInMedia, 'title']);

function readToolUse(turn: Turn, part: JsonObject): void {
  turn.call(rest(part, typeOnly) ?? {});
}

function readToolResult(turn: Turn, part: JsonObject): void {
  turn.result(part.tool_use_id, part.content, { leftovers: rest(part, namedInResult) });
}

function readServerToolUse(turn: Turn, part: JsonObject): void {
  turn.part({ type: 'server_tool_call', id: part.id, name: part.name, args: part.input, extras: rest(part, namedInServerUse) });
}

/** `web_search_tool_result`, `code_execution_tool_result` and all others that end so. */
export function readServerToolResult(turn: Turn, part: JsonObject): void {
  serverResult(turn, part, part.tool_use_id, part.content, namedInResult);
}

function readRedactedThinking(turn: Turn, part: JsonObject): void {
  readReasoning(turn, { redacted: true, ...rest(part, namedInRedacted) }, '', typeOnly);
}

/** Anthropic's `source`, the AI SDK's `image`, and the flat blocks of LangChain and the Model Context Protocol. */
function readImage(turn: Turn, part: JsonObject): void {
  readSource(turn, part, 'image', namedInMedia);
}

function readDocument(turn: Turn, part: JsonObject): void {
  readSource(turn, part, 'document', namedInDocument);
}

function readAudio(turn: Turn, part: JsonObject): void {
  if (isObject(part.audio)) passThrough(turn, part);
  else readSource(turn, part, 'audio', namedInMedia);
}

function readSource(turn: Turn, part: JsonObject, modality: string, named: ReadonlySet<string>): void {
  const source = isObject(part.source) ? part.source : part;
  const mimeType = firstOf(source, 'media_type', 'mediaType', 'mimeType', 'mime_type');
  const data = firstOf(source, 'data', 'base64', 'image', 'bytes', 'content');
  readMedia(turn, part, { modality, mimeType, data, url: firstOf(source, 'url'), fileId: source.file_id, name: part.title }, named);
}
