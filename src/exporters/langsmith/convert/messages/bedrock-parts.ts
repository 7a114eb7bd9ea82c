import { isObject, isText, type Json, type JsonObject, textOf } from '../json.ts';
import { firstOf, rest } from './message.ts';
import { type PartReaders, passThrough, readMedia, readReasoning } from './part-reader.ts';
import type { Turn } from './turn.ts';

/** Content blocks of Bedrock's Converse API, which have no type: the member says what they are. Strands writes them into its events. */
export const bedrockParts: PartReaders = [
  ['toolUse', (turn, part) => withInner(turn, part, part.toolUse, readToolUse)],
  ['toolResult', (turn, part) => withInner(turn, part, part.toolResult, readToolResult)],
  ['reasoningContent', (turn, part) => withInner(turn, part, part.reasoningContent, readReasoningContent)],
  ['image', (turn, part) => withInner(turn, part, part.image, (turn, image) => readFile(turn, image, 'image'))],
  ['video', (turn, part) => withInner(turn, part, part.video, (turn, video) => readFile(turn, video, 'video'))],
  ['document', (turn, part) => withInner(turn, part, part.document, (turn, document) => readFile(turn, document, 'application'))],
  ['cachePoint', readCachePoint],
];

/** Strands for JavaScript gives the blocks a type and takes the inner object away. */
export const typedBedrockParts: PartReaders = [
  ['toolUse', (turn, part) => readToolUse(turn, rest(part, typeOnly) ?? {})],
  ['toolResult', (turn, part) => readToolResult(turn, rest(part, typeOnly) ?? {})],
];

const typeOnly = new Set(['type']);
const namedInResult = new Set(['toolUseId', 'content']);
const namedInReasoning = new Set(['reasoningText', 'text']);
const namedInFile = new Set(['format', 'source', 'name']);

function withInner(turn: Turn, part: JsonObject, inner: Json | undefined, reader: (turn: Turn, inner: JsonObject) => void): void {
  if (!isObject(inner)) {
    passThrough(turn, part);
    return;
  }
  reader(turn, inner);
  for (const key of Object.keys(part)) if (part[key] !== inner) turn.leftover(key, part[key]);
}

function readToolUse(turn: Turn, use: JsonObject): void {
  turn.call(use);
}

function readToolResult(turn: Turn, result: JsonObject): void {
  turn.result(result.toolUseId, plain(result.content), { leftovers: rest(result, namedInResult) });
}

/** `[{json}]` is the value itself. */
function plain(content: Json | undefined): Json | undefined {
  if (!Array.isArray(content) || content.length !== 1) return content;
  const [only] = content as readonly Json[];
  return isObject(only) && only.json !== undefined && Object.keys(only).length === 1 ? only.json : content;
}

function readReasoningContent(turn: Turn, content: JsonObject): void {
  const inner = isObject(content.reasoningText) ? content.reasoningText : undefined;
  const others = { ...rest(content, namedInReasoning), ...(inner === undefined ? undefined : rest(inner, namedInReasoning)) };
  readReasoning(turn, others, inner?.text ?? firstOf(content, 'reasoningText', 'text'), new Set());
}

function readFile(turn: Turn, file: JsonObject, kind: string): void {
  const format = isText(file.format) ? textOf(file.format) : '';
  const source = isObject(file.source) ? file.source : {};
  const location = isObject(source.s3Location) ? source.s3Location.uri : undefined;
  const media = {
    modality: kind,
    mimeType: format === '' ? undefined : `${kind}/${format}`,
    data: source.bytes,
    url: location,
    name: file.name,
  };
  readMedia(turn, file, media, namedInFile);
}

/** Says where the prompt cache ends: nothing that was said. */
function readCachePoint(turn: Turn, part: JsonObject): void {
  turn.leftover('cachePoint', part.cachePoint);
}
