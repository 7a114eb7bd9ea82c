/** Which runs carry their token counts, and which only sum up what others count (mapping §10.2). */
import { numberOf } from './coerce.ts';
import { writeForeignCost } from './cost.ts';
import { emptyObject, isObject, type Json, type JsonObject } from './json.ts';
import { jsonText } from './json-writer.ts';
import { slot } from './keys.ts';
import type { Kind } from './kind.ts';
import { usageOf as usageInBody } from './messages/messages.ts';
import { bodyOf, type Payload } from './payload.ts';
import { countsOfRaw, writeUsageExtra } from './raw-usage.ts';
import type { Recognised } from './recognise.ts';
import type { TraceRecord } from './record.ts';
import type { SpanReader } from './span-reader.ts';
import { applyTier } from './tiers.ts';
import { inclusive, usageOfSpan, useTold } from './usage.ts';

export interface UsageOfRun {
  readonly usage: JsonObject | undefined;
  readonly aggregate: boolean;
  /** The sender stated it in `usage_metadata` of its metadata. */
  readonly stated: boolean;
}

const stated = slot('langsmith.usage_metadata');
const none: UsageOfRun = { usage: undefined, aggregate: false, stated: false };
const logfireUsage = slot('gen_ai.usage.raw');

export function usageOfRun(
  reader: SpanReader,
  kind: Kind,
  own: JsonObject,
  payload: Payload,
  dialects: Recognised,
  record: TraceRecord | undefined,
  derived: JsonObject,
): UsageOfRun {
  const attribute = reader.peekJson(stated);
  const inMetadata = own.usage_metadata;
  const given = isObject(attribute) ? attribute : isObject(inMetadata) ? inMetadata : undefined;
  if (given === attribute) reader.use(stated);
  if (given !== undefined) return { usage: asStated(given), aggregate: false, stated: given === inMetadata || repeats(inMetadata, given) };
  if (record !== undefined && record.counts !== undefined) return usageOfRecord(reader, record);
  const raw = usageInBodies(reader, payload);
  writeUsageExtra(raw, derived);
  writeForeignCost(reader, derived);
  const inOutputs = payload.outputs?.usage_metadata;
  if (dialects.sdk && isObject(inOutputs)) {
    // LangSmith's SDKs leave it inside of the outputs, where it counts already.
    useTold(reader, inOutputs);
    return none;
  }
  const usage = usageOfSpan(reader, countsOfRaw(raw), dialects.exclusiveInput);
  if (usage === undefined) return none;
  applyTier(reader, usage, derived);
  if (record?.totalCost !== undefined) usage.total_cost ??= record.totalCost;
  return { usage, aggregate: record?.aggregate === true || (!counts(kind) && usage.total_tokens !== undefined), stated: false };
}

function repeats(one: Json | undefined, other: Json): boolean {
  return isObject(one) && jsonText(one) === jsonText(other);
}

/** A record says which of its numbers are its own, whatever its kind. */
function usageOfRecord(reader: SpanReader, { counts, aggregate, totalCost }: TraceRecord): UsageOfRun {
  if (counts === undefined || counts === 'none') return none;
  const usage = inclusive(counts, reader);
  if (totalCost !== undefined) usage.total_cost = totalCost;
  return { usage, aggregate, stated: false };
}

/** Whose tokens LangSmith prices. */
export function counts(kind: Kind): boolean {
  return kind.runType === 'llm' || kind.runType === 'embedding' || kind.rerank;
}

function usageInBodies(reader: SpanReader, payload: Payload): Json | undefined {
  const body = bodyOf(payload.output);
  return (body === undefined ? undefined : usageInBody(body)) ?? reader.peekJson(logfireUsage);
}

const countNames = new Set(['input_tokens', 'output_tokens', 'total_tokens', 'input_cost', 'output_cost', 'total_cost']);

/** As the sender states it, with numbers where it wrote text, and without the JavaScript SDK's slip of the pen. */
function asStated(given: JsonObject): JsonObject {
  const usage = emptyObject();
  for (const key of Object.keys(given)) {
    const value = given[key];
    usage[key] = countNames.has(key) ? (numberOf(value) ?? value) : isObject(value) ? withNumbers(value) : value;
  }
  return usage;
}

function withNumbers(details: JsonObject): JsonObject {
  const numbers = emptyObject();
  for (const key of Object.keys(details)) {
    numbers[key === 'ephemeral_1hr_input_tokens' ? 'ephemeral_1h_input_tokens' : key] = numberOf(details[key]) ?? details[key];
  }
  return numbers;
}
