/** Token counts that stand inside of a JSON attribute of one emitter (mapping §10.3). */
import { intOf, memberOf } from './coerce.ts';
import { type Counts, newCounts } from './counts.ts';
import { isObject } from './json.ts';
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
export const countsInGenkit = countsAt('genkit:output', 'usage');
export const countsInLangwatch = countsAt('langwatch.metrics');
export const countsInMlflow = countsAt('mlflow.chat.tokenUsage');
export const countsInLivekit = countsAt('lk.llm_metrics');
