import { isArray, isObject, isText, type Json, type JsonObject, textOf } from '../json.ts';
import { mediaPart } from './media.ts';
import { type ContentPart, firstOf, rest } from './message.ts';
import { asText } from './part-reader.ts';
import { readContent } from './parts.ts';
import type { Turn } from './turn.ts';

/** Reads a message of any shape into a turn: its members have much the same names everywhere. What nobody knows goes to `additional_kwargs`. */
export function readMessage(turn: Turn, source: JsonObject): void {
  if (isText(source.role)) turn.speaks(source.role);
  for (const key in source) {
    const value = source[key];
    if (value !== undefined && value !== null) readMember(turn, source, key, value);
  }
}

function readMember(turn: Turn, source: JsonObject, key: string, value: Json): void {
  switch (key) {
    case 'role':
      if (!isText(value)) turn.leftover(key, value);
      break;
    case 'type':
      if (!isText(value) || textOf(value) !== 'message') turn.leftover(key, value);
      break;
    case 'content':
    case 'parts':
      readContent(turn, value);
      break;
    case 'text':
      if (source.content === undefined && source.parts === undefined) readContent(turn, value);
      else turn.leftover(key, value);
      break;
    case 'files':
      readFiles(turn, value);
      break;
    case 'images':
      readImages(turn, value);
      break;
    case 'tool_calls':
    case 'toolCalls':
      readCalls(turn, key, value);
      break;
    case 'function_call':
      if (isObject(value)) turn.call({ id: `call_legacy_${turn.shared.turns}`, ...value });
      else turn.leftover(key, value);
      break;
    case 'tool_call_id':
    case 'toolCallId':
      turn.field('tool_call_id', asText(value));
      break;
    case 'name':
      if (isText(value)) turn.named(value);
      else turn.leftover(key, value);
      break;
    case 'reasoning_content':
    case 'reasoning':
    case 'thinking':
    case 'tool_plan':
      if (isText(value)) turn.reasoningBefore(value);
      else turn.leftover(key, value);
      break;
    case 'id':
    case 'refusal':
    case 'audio':
    case 'annotations':
      turn.field(key, value);
      break;
    case 'finish_reason':
    case 'finishReason':
    case 'stop_reason':
    case 'stopReason':
      turn.finishes(value);
      break;
    case 'additional_kwargs':
      readLeftovers(turn, value);
      break;
    default:
      turn.leftover(key, value);
  }
}

function readCalls(turn: Turn, key: string, value: Json): void {
  const calls = isObject(value) ? (Object.values(value) as Json[]) : value;
  if (isArray(calls) && calls.every(isObject)) for (const call of calls) turn.call(call);
  else turn.leftover(key, value);
}

/** Dify's files stand beside the text. */
function readFiles(turn: Turn, files: Json): void {
  if (!isArray(files)) {
    turn.leftover('files', files);
    return;
  }
  for (const file of files) {
    const media = isObject(file) ? fileOf(file) : undefined;
    if (media === undefined) turn.leftover('files', [file]);
    else turn.part(media);
  }
}

/** Ollama's pictures stand beside the text, as base64. */
function readImages(turn: Turn, images: Json): void {
  const parts = isArray(images) ? images.map((data) => mediaPart({ modality: 'image', data })) : [undefined];
  for (const part of parts) {
    if (part === undefined) {
      turn.leftover('images', images);
      return;
    }
  }
  for (const part of parts) turn.part(part as ContentPart);
}

const namedInFile = new Set(['type', 'url', 'remote_url', 'mime_type', 'filename']);

function fileOf(file: JsonObject): ContentPart | undefined {
  return mediaPart({
    url: firstOf(file, 'url', 'remote_url'),
    mimeType: file.mime_type,
    modality: file.type,
    name: file.filename,
    extras: rest(file, namedInFile),
  });
}

/** LangChain repeats the calls there in OpenAI's form. */
function readLeftovers(turn: Turn, leftovers: Json): void {
  if (!isObject(leftovers)) {
    turn.leftover('additional_kwargs', leftovers);
    return;
  }
  for (const key of Object.keys(leftovers)) {
    const value = leftovers[key];
    if (key === 'tool_calls' && value !== undefined) readCalls(turn, key, value);
    else turn.leftover(key, value);
  }
}
