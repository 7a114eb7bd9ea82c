import { emptyObject, isObject, type Json, type JsonObject } from './json.ts';
import { jsonOfValue } from './json-text.ts';
import { family, slot } from './keys.ts';
import { rest } from './messages/message.ts';
import { documentsOf } from './messages/messages.ts';
import type { SpanReader } from './span-reader.ts';
import { takeTree } from './tree.ts';

const retrieved = family('retrieval.documents.', true);
const given = family('reranker.input_documents.', true);
const ranked = family('reranker.output_documents.', true);
const query = slot('reranker.query');
const topK = slot('reranker.top_k');

const level = new Set(['document']);

/** OpenInference's indexed documents, without the `document` level of their names. */
function indexed(reader: SpanReader, family: number): readonly Json[] | undefined {
  return takeTree(reader, family)?.map(withoutLevel);
}

function withoutLevel(entry: Json): Json {
  if (!isObject(entry) || entry.document === undefined) return entry;
  const beside = rest(entry, level);
  if (beside === undefined) return entry.document;
  return isObject(entry.document) ? { ...beside, ...entry.document } : entry;
}

export const retrievedDocuments = (reader: SpanReader): Json | undefined => indexed(reader, retrieved);
export const rerankedDocuments = (reader: SpanReader): Json | undefined => indexed(reader, ranked);

const resultName = /^db\.(?:query|search)\.result$/;

/** A vector database's results, one event each: `db.query.result.id`, `.score`, `.distance`, `.metadata`, `.document`. */
export function documentsInEvents(reader: SpanReader): Json | undefined {
  let found: Json[] | undefined;
  for (const occurrence of reader.occurrences) {
    const { name, attributes } = occurrence;
    if (!resultName.test(name)) continue;
    const document = emptyObject();
    for (const [key, value] of attributes) document[key.startsWith(`${name}.`) ? key.slice(name.length + 1) : key] = jsonOfValue(value);
    occurrence.used = true;
    (found ??= []).push(document);
  }
  return found;
}

export function rerankerInputs(reader: SpanReader): Json | undefined {
  const documents = indexed(reader, given);
  const question = reader.takeLeaf(query);
  const limit = reader.takeInt(topK);
  if (documents === undefined && question === undefined) return undefined;
  const inputs: JsonObject = emptyObject();
  if (question !== undefined) inputs.query = question;
  if (documents !== undefined) inputs.documents = documentsOf(documents) ?? documents;
  if (limit !== undefined) inputs.top_k = limit;
  return inputs;
}
