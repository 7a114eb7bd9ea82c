/** What no rule used: small facts to the metadata, everything else to `extra.otel` (mapping §14). */
import { SpanKind } from '../../../model/batch.ts';
import { emptyObject, isText, type Json, type JsonObject, textOf } from './json.ts';
import { jsonOfValue } from './json-text.ts';
import { compare } from './keys.ts';
import type { Metadata } from './metadata.ts';
import { isFact, type Surroundings } from './resource.ts';
import type { SpanReader } from './span-reader.ts';

/** Version of the mapping: a change of what spans become counts it up. */
const mapperVersion = 1;

const kindNames: readonly string[] = Object.entries(SpanKind)
  .sort(([, one], [, other]) => one - other)
  .map(([name]) => name.toUpperCase());

/** Splits the unused attributes between `metadata` and the returned object, in order of their keys. */
export function writeUnused(reader: SpanReader, metadata: Metadata): JsonObject | undefined {
  let rest: JsonObject | undefined;
  names.length = 0;
  let renamed = false;
  for (const position of reader.positionsByKey()) {
    const plan = reader.planAt(position);
    if (plan === undefined || reader.isUsed(position)) continue;
    const { key, name } = plan;
    renamed ||= name !== key;
    const value = reader.leafAt(position);
    if (!plan.private && isFact(value) && !isPrivateUrl(key, value) && !(renamed && names.includes(name))) {
      metadata.put(name, value);
      names.push(name);
    } else {
      rest ??= emptyObject();
      rest[key] = value;
    }
  }
  return rest;
}

/** Names that the span's unused attributes have taken: two of them collide only where one was renamed. */
const names: string[] = [];

function isPrivateUrl(key: string, value: Json): boolean {
  return key === 'url.full' && isText(value) && textOf(value).includes('?');
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
  if (span.traceState !== '') writeTraceState(span.traceState, facts);
  if (span.flags !== 0) facts.flags = span.flags;
  if (span.links.length > 0) facts.links = span.links.map(linkOf);
  const dropped = droppedCounts(reader);
  if (dropped !== undefined) facts.dropped = dropped;
  if (surroundings.scope !== undefined) facts.scope = surroundings.scope;
  const resource = span.parentSpanId === '' ? surroundings.resource : surroundings.resourceRest;
  if (resource !== undefined) facts.resource = resource;
  if (span.startTimeUnixNano > 0n) facts.start_time_unix_nano = String(span.startTimeUnixNano);
  if (span.endTimeUnixNano > 0n) facts.end_time_unix_nano = String(span.endTimeUnixNano);
  if (dialects.length > 0) facts.dialects = dialects;
  facts.mapper = mapperVersion;
  return facts;
}

/** LangSmith's own member (`ls=…`) stands by itself besides (mapping §14.2). */
function writeTraceState(state: string, facts: JsonObject): void {
  facts.trace_state = state;
  const own = /(?:^|,)[ \t]*ls=([^,]*)/.exec(state)?.[1];
  if (own !== undefined) facts.trace_state_ls = own.trim();
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
