import { isObject, isText, type JsonObject } from '../json.ts';
import { firstOf } from './message.ts';
import { asText, type PartReaders, passThrough, readMedia, readText } from './part-reader.ts';
import type { Turn } from './turn.ts';

/** Parts of OpenAI's chat completions (canonical already) and Responses API. */
export const openaiParts: PartReaders = [
  ['input_text', readResponseText],
  ['output_text', readResponseText],
  ['summary_text', readResponseText],
  ['image_url', readImageUrl],
  ['input_image', readInputImage],
  ['input_file', readInputFile],
  ['file', readFile],
  ['refusal', readRefusal],
];

const namedInText = new Set(['type', 'text']);
const namedInImage = new Set(['type', 'image_url', 'file_id']);
const namedInInputFile = new Set(['type', 'file_id', 'file_data', 'file_url', 'filename']);
const namedInFile = new Set([
  'type',
  'data',
  'url',
  'uri',
  'file_id',
  'mediaType',
  'mimeType',
  'mime_type',
  'media_type',
  'filename',
  'name',
  'modality',
  'base64',
]);

function readResponseText(turn: Turn, part: JsonObject): void {
  readText(turn, part, part.text, namedInText);
}

/** LangChain and LiteLLM write the address without the object around it. */
function readImageUrl(turn: Turn, part: JsonObject): void {
  if (isText(part.image_url)) readInputImage(turn, part);
  else passThrough(turn, part);
}

function readInputImage(turn: Turn, part: JsonObject): void {
  const url = isObject(part.image_url) ? part.image_url.url : part.image_url;
  readMedia(turn, part, { modality: 'image', url, fileId: part.file_id }, namedInImage);
}

function readInputFile(turn: Turn, part: JsonObject): void {
  const { file_id: fileId, file_data: data, file_url: url, filename: name } = part;
  readMedia(turn, part, { modality: 'document', fileId, data, url, name }, namedInInputFile);
}

/** OpenAI's `{file: {…}}` stays; the AI SDK, LangChain and the GenAI conventions say the same flat. */
function readFile(turn: Turn, part: JsonObject): void {
  if (isObject(part.file)) {
    passThrough(turn, part);
    return;
  }
  const mimeType = firstOf(part, 'mediaType', 'mimeType', 'mime_type', 'media_type');
  const data = firstOf(part, 'data', 'base64');
  readMedia(
    turn,
    part,
    { mimeType, data, url: firstOf(part, 'url', 'uri'), fileId: part.file_id, name: firstOf(part, 'filename', 'name') },
    namedInFile,
  );
}

function readRefusal(turn: Turn, part: JsonObject): void {
  turn.field('refusal', asText(part.refusal));
}
