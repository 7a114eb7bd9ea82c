/** What no rule used: small facts to the metadata, everything else to `extra.otel` (mapping §14). */
import { SpanKind } from '../../../model/batch.ts';
import { emptyObject, isRange, isVoid, type Json, type JsonObject, textOf } from './json.ts';
import { jsonOfValue } from './json-text.ts';
import { compare } from './keys.ts';
import { isFact, type Surroundings } from './resource.ts';
import { renames } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

/** Version of the mapping: a change of what spans become counts it up. */
const mapperVersion = 1;
const textBytesMax = 1_024;

const kindNames: readonly string[] = Object.entries(SpanKind)
  .sort(([, one], [, other]) => one - other)
  .map(([name]) => name.toUpperCase());

/** Splits the unused attributes between `metadata` and the returned object, in order of their keys. */
export function writeUnused(reader: SpanReader, metadata: JsonObject): JsonObject | undefined {
  const unused: number[] = [];
  for (let position = 0; position < reader.length; position++) {
    if (!reader.isUsed(position) && reader.planAt(position) !== undefined) unused.push(position);
  }
  unused.sort((one, other) => compare(keyAt(reader, one), keyAt(reader, other)));
  let rest: JsonObject | undefined;
  for (const position of unused) {
    const key = keyAt(reader, position);
    const leaf = reader.leafAt(position);
    const value = isRange(leaf) && leaf.end - leaf.start <= textBytesMax ? textOf(leaf) : leaf;
    const name = renames.get(key) ?? key;
    if (isFact(value) && reader.planAt(position)?.private === false && !isPrivateUrl(key, value) && metadata[name] === undefined) {
      metadata[name] = value;
    } else {
      rest ??= emptyObject();
      rest[key] = value;
    }
  }
  return rest;
}

function keyAt(reader: SpanReader, position: number): string {
  return reader.planAt(position)?.key ?? '';
}

function isPrivateUrl(key: string, value: Json): boolean {
  return key === 'url.full' && typeof value === 'string' && value.includes('?');
}

/** `extra.otel`: the span's facts that are no run's. */
export function otelFacts(
  reader: SpanReader,
  surroundings: Surroundings,
  unused: JsonObject | undefined,
  dialects: readonly string[],
  nameUsed: boolean,
): JsonObject {
  const { span } = reader;
  const facts = emptyObject();
  if (unused !== undefined) facts.attributes = unused;
  if (!nameUsed) facts.name = span.name;
  if (span.kind !== SpanKind.unspecified) facts.kind = kindNames[span.kind] ?? span.kind;
  if (span.traceState !== '') facts.trace_state = span.traceState;
  if (span.flags !== 0) facts.flags = span.flags;
  if (span.links.length > 0) facts.links = span.links.map(linkOf);
  const dropped = droppedCounts(reader);
  if (dropped !== undefined) facts.dropped = dropped;
  if (!isVoid(surroundings.scope)) facts.scope = surroundings.scope;
  const resource = span.parentSpanId === '' ? surroundings.resource : surroundings.resourceRest;
  if (!isVoid(resource.attributes)) facts.resource = resource;
  if (span.startTimeUnixNano > 0n) facts.start_time_unix_nano = String(span.startTimeUnixNano);
  if (span.endTimeUnixNano > 0n) facts.end_time_unix_nano = String(span.endTimeUnixNano);
  if (dialects.length > 0) facts.dialects = dialects;
  facts.mapper = mapperVersion;
  return facts;
}

function linkOf(link: SpanReader['span']['links'][number]): JsonObject {
  const facts: JsonObject = { trace_id: link.traceId, span_id: link.spanId };
  if (link.traceState !== '') facts.trace_state = link.traceState;
  if (link.flags !== 0) facts.flags = link.flags;
  if (link.attributes.size > 0) {
    const attributes = emptyObject();
    for (const key of [...link.attributes.keys()].sort(compare)) attributes[key] = jsonOfValue(link.attributes.get(key) ?? null);
    facts.attributes = attributes;
  }
  return facts;
}

function droppedCounts({ span }: SpanReader): JsonObject | undefined {
  if (span.droppedAttributesCount + span.droppedEventsCount + span.droppedLinksCount === 0) return undefined;
  return { attributes: span.droppedAttributesCount, events: span.droppedEventsCount, links: span.droppedLinksCount };
}

/** Facts about the span itself that are worth filtering by. */
export function writeSpanFacts(reader: SpanReader, metadata: JsonObject): void {
  const { span } = reader;
  if (span.kind > SpanKind.internal) metadata.otel_span_kind = kindNames[span.kind] ?? span.kind;
  if (span.links.length > 0) metadata.otel_links = span.links.map(({ traceId, spanId }) => `${traceId}:${spanId}`);
  if (reader.truncated || droppedCounts(reader) !== undefined) metadata.otel_truncated = true;
  metadata.OTEL_TRACE_ID = span.traceId;
  metadata.OTEL_SPAN_ID = span.spanId;
}
