/** Token counts that stand inside of a JSON attribute of one emitter (mapping §10.3). */
import { intOf, memberOf } from './coerce.ts';
import { type Counts, complete, newCounts } from './counts.ts';
import { isObject, isText, type JsonObject, textOf } from './json.ts';
import { jsonOf } from './json-text.ts';
import { type Slot, slot } from './keys.ts';
import { countsOfRaw } from './raw-usage.ts';
import type { SpanReader } from './span-reader.ts';

const langfuseDetails = slot('langfuse.observation.usage_details');

/** Langfuse's buckets exclude each other: everything that goes in, and everything that comes out, has to be added up. OpenAI's names mean what they mean there. */
export function countsInLangfuse(reader: SpanReader): Counts | undefined {
  const details = reader.peekJson(langfuseDetails);
  if (!isObject(details)) return undefined;
  if ('prompt_tokens' in details || 'completion_tokens' in details) return countsOfRaw(details);
  const counts = newCounts();
  for (const key of Object.keys(details)) {
    const count = intOf(details[key]);
    if (count === undefined) continue;
    if (key === 'total') counts.total = count;
    else if (key.startsWith('output')) counts.output = (counts.output ?? 0) + count;
    else if (key.startsWith('input') || key.includes('cache')) counts.input = (counts.input ?? 0) + count;
    if (/cached|cache_read/.test(key)) counts.inputDetails.set('cache_read', count);
    else if (/cache_creation|cache_write/.test(key)) counts.inputDetails.set('cache_creation', count);
    else if (key.includes('reasoning')) counts.outputDetails.set('reasoning', count);
    else if (key.includes('audio')) (key.startsWith('input') ? counts.inputDetails : counts.outputDetails).set('audio', count);
  }
  return counts;
}

function countsAt(key: string, ...path: readonly string[]): (reader: SpanReader) => Counts | undefined {
  const at: Slot = slot(key);
  return (reader) => {
    if (!reader.has(at)) return undefined;
    let value = reader.peekJson(at);
    for (const name of path) value = memberOf(value, name);
    return countsOfRaw(value);
  };
}

export const countsInAdk = countsAt('gcp.vertex.agent.llm_response', 'usage_metadata');
const genkitUsage = countsAt('genkit:output', 'usage');
const genkitRawUsage = countsAt('genkit:output', 'raw', 'usage');

/** Genkit keeps the provider's answer, which says more exactly what the tokens were. */
export function countsInGenkit(reader: SpanReader): Counts | undefined {
  const counts = genkitUsage(reader);
  const raw = genkitRawUsage(reader);
  if (counts === undefined || raw === undefined) return counts ?? raw;
  complete(counts, raw);
  return counts;
}

export const countsInLangwatch = countsAt('langwatch.metrics');
export const countsInMlflow = countsAt('mlflow.chat.tokenUsage');
export const countsInBraintrust = countsAt('braintrust.metrics');
const livekitUsage = countsAt('lk.llm_metrics');
const livekitRealtimeUsage = countsAt('lk.realtime_model_metrics');
export const countsInLivekit = (reader: SpanReader): Counts | undefined => livekitUsage(reader) ?? livekitRealtimeUsage(reader);

const inputDetails = slot('gen_ai.usage.input_token_details');
const outputDetails = slot('gen_ai.usage.output_token_details');

/** LangSmith's Python SDK writes dictionaries of details as Python prints them. */
export function detailsInPython(reader: SpanReader): Counts | undefined {
  const input = pythonObject(reader, inputDetails);
  const output = pythonObject(reader, outputDetails);
  if (input === undefined && output === undefined) return undefined;
  const counts = newCounts();
  addDetail(counts.inputDetails, 'cache_read', input, 'cached_tokens', 'cache_read');
  addDetail(counts.inputDetails, 'cache_creation', input, 'cache_creation');
  addDetail(counts.inputDetails, 'audio', input, 'audio_tokens', 'audio');
  addDetail(counts.outputDetails, 'reasoning', output, 'reasoning_tokens', 'reasoning');
  addDetail(counts.outputDetails, 'audio', output, 'audio_tokens', 'audio');
  return counts;
}

function pythonObject(reader: SpanReader, slot: Slot): JsonObject | undefined {
  const text = reader.peekLeaf(slot);
  if (text === undefined) return undefined;
  const value = isText(text) ? jsonOf(textOf(text), { pythonRepr: true }) : text;
  return isObject(value) ? value : undefined;
}

function addDetail(details: Map<string, number>, name: string, from: JsonObject | undefined, ...keys: readonly string[]): void {
  for (const key of keys) {
    const count = intOf(memberOf(from, key));
    if (count !== undefined && !details.has(name)) details.set(name, count);
  }
}

const difyUsage = slot('dify.usage');

export function countsInDify(reader: SpanReader): Counts | undefined {
  return countsOfRaw(reader.peekJson(difyUsage));
}
