import { isEmptyContent, memberOf, numberOf } from './coerce.ts';
import { emptyObject, isArray, isObject, isText, type Json, type JsonObject, type Text } from './json.ts';
import { jsonText } from './json-writer.ts';
import { type Slot, slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const reasoning = slot('ai.response.reasoning');
const texts = [slot('ai.response.text'), slot('ai.result.text')];
const objects = [slot('ai.response.object'), slot('ai.result.object')];
const toolCalls = [slot('ai.response.toolCalls'), slot('ai.result.toolCalls')];
const files = slot('ai.response.files');
const documents = slot('ai.documents');
const ranking = slot('ai.ranking');
export const vectors = [slot('ai.embedding'), slot('ai.embeddings')];

/** One assistant message of everything that an AI SDK call answered: reasoning, text or object, files and tool calls together (mapping §6.3, row 6). */
export function vercelAnswer(reader: SpanReader): Json | undefined {
  const parts: JsonObject[] = [];
  const thought = takeSaid(reader, reasoning);
  if (thought !== undefined) parts.push({ type: 'reasoning', text: thought });
  const text = first(reader, texts) ?? first(reader, objects);
  if (text !== undefined) parts.push({ type: 'text', text });
  for (const file of takeList(reader, files)) parts.push(filePart(file));
  for (const slot of toolCalls) for (const call of takeList(reader, slot)) parts.push(callPart(call));
  return parts.length === 0 ? undefined : [{ role: 'assistant', content: parts }];
}

function first(reader: SpanReader, slots: readonly number[]): Text | undefined {
  for (const slot of slots) {
    const text = takeSaid(reader, slot);
    if (text !== undefined) return text;
  }
  return undefined;
}

function takeSaid(reader: SpanReader, slot: Slot): Text | undefined {
  const leaf = reader.peekLeaf(slot);
  if (!isText(leaf) || isEmptyContent(leaf)) return undefined;
  reader.use(slot);
  return leaf;
}

function takeList(reader: SpanReader, slot: Slot): readonly JsonObject[] {
  const list = reader.peekJson(slot);
  if (!isArray(list) || !list.every(isObject)) return [];
  reader.use(slot);
  return list;
}

function callPart(call: JsonObject): JsonObject {
  return Object.assign(emptyObject(), call, { type: 'tool-call' });
}

function filePart(file: JsonObject): JsonObject {
  return Object.assign(emptyObject(), file, { type: 'file' });
}

/** Documents to be ranked; the SDK does not tell the query. */
export function toRankDocuments(reader: SpanReader): Json | undefined {
  const list = reader.peekJson(documents);
  if (!isArray(list)) return undefined;
  reader.use(documents);
  return { documents: list.map((document) => documentOf(reader, document, undefined)) };
}

/** The documents in their new order, each with its score. */
export function rankedDocuments(reader: SpanReader): Json | undefined {
  const list = reader.peekJson(documents);
  const ranks = reader.peekJson(ranking);
  if (!isArray(ranks)) return undefined;
  reader.use(ranking);
  return {
    documents: ranks.map((entry) => {
      const rank = isText(entry) ? reader.unpack(entry) : entry;
      const index = numberOf(memberOf(rank, 'index'));
      const score = numberOf(memberOf(rank, 'relevanceScore') ?? memberOf(rank, 'relevance_score'));
      return documentOf(reader, (isArray(list) && index !== undefined ? list[index] : undefined) ?? '', score);
    }),
  };
}

function documentOf(reader: SpanReader, document: Json, score: number | undefined): JsonObject {
  const value = isText(document) ? reader.unpack(document) : document;
  const content = isText(value) ? value : jsonText(value);
  return { page_content: content, type: 'Document', metadata: score === undefined ? {} : { relevance_score: score } };
}
