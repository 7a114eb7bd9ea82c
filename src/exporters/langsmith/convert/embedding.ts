/** Embedding runs: the texts go in, and instead of the vectors their number and size come out (mapping §6.1). */
import { memberOf } from './coerce.ts';
import { isArray, isObject, isText, type Json, type JsonObject } from './json.ts';
import { family, slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const embeddings = family('embedding.embeddings.', true);
const dimensionCount = slot('gen_ai.embeddings.dimension.count');

function members(reader: SpanReader, name: string): number[] {
  const positions = reader.members(embeddings).filter((position) => reader.planAt(position)?.rest === name);
  return positions.sort((one, other) => (reader.planAt(one)?.index ?? 0) - (reader.planAt(other)?.index ?? 0));
}

export function embeddedTexts(reader: SpanReader): Json | undefined {
  const positions = members(reader, 'embedding.text');
  if (positions.length === 0) return undefined;
  return positions.map((position) => {
    reader.useAt(position);
    return reader.leafAt(position);
  });
}

export function embeddedVectors(reader: SpanReader): Json | undefined {
  const positions = members(reader, 'embedding.vector');
  const vectors = positions.map((position) => reader.jsonAt(position));
  if (vectors.length === 0 || !vectors.every(isArray)) return undefined;
  for (const position of positions) reader.useAt(position);
  return vectors;
}

interface EmbeddingOutputs {
  readonly outputs: JsonObject | undefined;
  /** Vectors were there and are not in the outputs. */
  readonly dropped: boolean;
}

/** `{count, dimensions}` of vectors, as far as they are known; other values are left as they are. */
export function embeddingOutputs(reader: SpanReader, value: Json | undefined, keepVectors: boolean): EmbeddingOutputs {
  const given = reader.takeInt(dimensionCount);
  const vectors = value === undefined ? undefined : vectorsOf(reader, value);
  if (vectors === undefined) {
    const outputs = value === undefined || isObject(value) ? value : { output: value };
    return { outputs: given === undefined ? outputs : { ...outputs, dimensions: given }, dropped: false };
  }
  if (keepVectors) return { outputs: { embeddings: vectors }, dropped: false };
  return { outputs: { count: vectors.length, dimensions: given ?? vectors[0]?.length }, dropped: true };
}

/** Lists of numbers: one of them, several, as JSON text each (AI SDK), or in OpenAI's `data`. */
function vectorsOf(reader: SpanReader, value: Json): (readonly Json[])[] | undefined {
  const data = memberOf(value, 'data') ?? memberOf(value, 'embeddings') ?? value;
  if (!isArray(data) || data.length === 0) return undefined;
  if (typeof data[0] === 'number') return [data];
  const vectors: (readonly Json[])[] = [];
  for (const entry of data) {
    const unpacked = isText(entry) ? reader.unpack(entry) : entry;
    const vector = memberOf(unpacked, 'embedding') ?? unpacked;
    if (!isArray(vector) || vector.some((number) => typeof number !== 'number')) return undefined;
    vectors.push(vector);
  }
  return vectors;
}
