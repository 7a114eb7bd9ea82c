import { isObject, isText, type Json, type JsonObject, textOf } from '../json.ts';
import { merged, rest } from './message.ts';
import { type PartReaders, passThrough, readMedia, readReasoning, readText } from './part-reader.ts';
import type { Turn } from './turn.ts';

/** Parts of Genkit's messages, which have no type: the member says what they are. */
export const genkitParts: PartReaders = [
  ['toolRequest', readToolRequest],
  ['toolResponse', readToolResponse],
  ['media', readMediaPart],
  ['reasoning', (turn, part) => readReasoning(turn, part, part.reasoning, namedInReasoning)],
  ['data', readData],
];

const namedInReasoning = new Set(['reasoning']);
const namedInRequest = new Set(['toolRequest']);
const namedInResponse = new Set(['toolResponse', 'name', 'output', 'ref']);
const namedInMedia = new Set(['media', 'url', 'contentType']);
const namedInData = new Set(['data']);

function readToolRequest(turn: Turn, part: JsonObject): void {
  if (isObject(part.toolRequest)) turn.call(merged(rest(part, namedInRequest), part.toolRequest) ?? {});
  else passThrough(turn, part);
}

function readToolResponse(turn: Turn, part: JsonObject): void {
  const response = part.toolResponse;
  if (!isObject(response)) {
    passThrough(turn, part);
    return;
  }
  turn.result(response.ref, response.output, {
    name: response.name,
    leftovers: merged(rest(part, namedInResponse), rest(response, namedInResponse)),
  });
}

function readMediaPart(turn: Turn, part: JsonObject): void {
  if (!isObject(part.media)) {
    passThrough(turn, part);
    return;
  }
  const { url, contentType: mimeType } = part.media;
  readMedia(turn, merged(rest(part, namedInMedia), part.media) ?? part, { url, mimeType: mimeType ?? mimeTypeIn(url) }, namedInMedia);
}

/** A data URL says its own type. */
function mimeTypeIn(url: Json | undefined): string | undefined {
  return isText(url) ? /^data:([^;,]+)/.exec(textOf(url))?.[1] : undefined;
}

function readData(turn: Turn, part: JsonObject): void {
  readText(turn, part, part.data, namedInData);
}
