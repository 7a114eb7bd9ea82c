import type { LogRecord, Resource, Scope, Span, SpanEvent, SpanLink, SpanStatus } from '../model/batch.ts';
import { type AttributeEntries, attributesOf } from './wire-attributes.ts';
import { WireEvent, WireLink } from './wire-event.ts';
import { WireResource, WireScope } from './wire-groups.ts';
import { WireLogRecord } from './wire-log-record.ts';
import { WireSpan } from './wire-span.ts';

/** Fields of a record to make; whatever is left out is absent. */
type FieldsOf<Item, Plain extends keyof Item> = { readonly [Key in Plain]?: Item[Key] | undefined } & {
  readonly attributes?: AttributeEntries | undefined;
};

export type EventFields = FieldsOf<SpanEvent, 'timeUnixNano' | 'name' | 'droppedAttributesCount'>;
export type LinkFields = FieldsOf<SpanLink, 'traceId' | 'spanId' | 'traceState' | 'flags' | 'droppedAttributesCount'>;
export type SpanFields = FieldsOf<
  Span,
  | 'traceId'
  | 'spanId'
  | 'parentSpanId'
  | 'traceState'
  | 'flags'
  | 'name'
  | 'kind'
  | 'startTimeUnixNano'
  | 'endTimeUnixNano'
  | 'droppedAttributesCount'
  | 'droppedEventsCount'
  | 'droppedLinksCount'
> & {
  readonly events?: readonly EventFields[] | undefined;
  readonly links?: readonly LinkFields[] | undefined;
  readonly status?: Partial<SpanStatus> | undefined;
};
export type LogRecordFields = FieldsOf<
  LogRecord,
  | 'timeUnixNano'
  | 'observedTimeUnixNano'
  | 'severityNumber'
  | 'severityText'
  | 'eventName'
  | 'body'
  | 'droppedAttributesCount'
  | 'flags'
  | 'traceId'
  | 'spanId'
>;

export function eventOf(fields: EventFields): SpanEvent {
  const event = new WireEvent(fields.name ?? '', attributesOf(fields.attributes ?? []), fields.droppedAttributesCount ?? 0, undefined, 0);
  event.timeUnixNano = fields.timeUnixNano ?? 0n;
  return event;
}

export function linkOf(fields: LinkFields): SpanLink {
  const { attributes, ...plain } = fields;
  return Object.assign(new WireLink(attributesOf(attributes ?? [])), plain);
}

/** A span of plain fields, for tests and for whoever makes spans: `spanOf({ traceId, spanId, name: 'chat', attributes: { 'gen_ai.system': 'openai' } })`. */
export function spanOf(fields: SpanFields): Span {
  const span = new WireSpan(undefined, undefined, attributesOf(fields.attributes ?? []));
  span.traceId = fields.traceId ?? '';
  span.spanId = fields.spanId ?? '';
  span.parentSpanId = fields.parentSpanId ?? '';
  span.traceState = fields.traceState ?? '';
  span.flags = fields.flags ?? 0;
  span.name = fields.name ?? '';
  span.kind = fields.kind ?? 0;
  span.startTimeUnixNano = fields.startTimeUnixNano ?? 0n;
  span.endTimeUnixNano = fields.endTimeUnixNano ?? 0n;
  span.droppedAttributesCount = fields.droppedAttributesCount ?? 0;
  span.events = (fields.events ?? []).map(eventOf);
  span.droppedEventsCount = fields.droppedEventsCount ?? 0;
  span.links = (fields.links ?? []).map(linkOf);
  span.droppedLinksCount = fields.droppedLinksCount ?? 0;
  Object.assign(span.status, fields.status);
  return span;
}

export function logRecordOf(fields: LogRecordFields): LogRecord {
  const record = new WireLogRecord(undefined, undefined, attributesOf(fields.attributes ?? []));
  record.timeUnixNano = fields.timeUnixNano ?? 0n;
  record.observedTimeUnixNano = fields.observedTimeUnixNano ?? 0n;
  record.severityNumber = fields.severityNumber ?? 0;
  record.severityText = fields.severityText ?? '';
  record.eventName = fields.eventName ?? '';
  record.body = fields.body ?? null;
  record.droppedAttributesCount = fields.droppedAttributesCount ?? 0;
  record.flags = fields.flags ?? 0;
  record.traceId = fields.traceId ?? '';
  record.spanId = fields.spanId ?? '';
  return record;
}

export function resourceOf(attributes: AttributeEntries, schemaUrl = ''): Resource {
  const resource = new WireResource(attributesOf(attributes));
  resource.schemaUrl = schemaUrl;
  return resource;
}

export function scopeOf(name: string, version = '', attributes: AttributeEntries = []): Scope {
  const scope = new WireScope(attributesOf(attributes));
  scope.name = name;
  scope.version = version;
  return scope;
}

/** The same span, independent of later changes to the given one. */
export function cloneSpan(span: Span): Span {
  return span instanceof WireSpan ? span.clone() : spanOf(span);
}

export function cloneLogRecord(record: LogRecord): LogRecord {
  return record instanceof WireLogRecord ? record.clone() : logRecordOf(record);
}
