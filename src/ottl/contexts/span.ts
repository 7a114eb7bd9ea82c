import type { SpanEvent, SpanLink } from '../../model/batch.ts';
import { OttlError } from '../fault.ts';
import { type OttlValue, RecordList, typeOf } from '../value.ts';
import { attributes, expectInt, expectMap, expectString, type Fields, int32, type ScalarField, text } from './field.ts';
import { identifier } from './identifier.ts';
import { instant } from './instant.ts';
import { kindFields } from './span-kind.ts';
import { traceState } from './trace-state.ts';

const events: ScalarField = {
  kind: 'scalar',
  type: 'records',
  get: (evaluation) => new RecordList('events', evaluation.span.events),
  set: (evaluation, value) => {
    if (!(value instanceof RecordList && value.kind === 'events'))
      throw new OttlError(`cannot set path: expected events, got ${typeOf(value)}`);
    evaluation.span.events = [...(value.items as readonly SpanEvent[])];
  },
};

const links: ScalarField = {
  kind: 'scalar',
  type: 'records',
  get: (evaluation) => new RecordList('links', evaluation.span.links),
  set: (evaluation, value) => {
    if (!(value instanceof RecordList && value.kind === 'links'))
      throw new OttlError(`cannot set path: expected links, got ${typeOf(value)}`);
    evaluation.span.links = [...(value.items as readonly SpanLink[])];
  },
};

const status: ScalarField = {
  kind: 'scalar',
  type: 'map',
  get: ({ span }) =>
    new Map<string, OttlValue>([
      ['code', BigInt(span.status.code)],
      ['message', span.status.message],
    ]),
  set: ({ span }, value) => {
    const map = expectMap(value);
    const code = expectInt(map.get('code') ?? null);
    const message = expectString(map.get('message') ?? '');
    span.status.code = Number(BigInt.asIntN(32, code));
    span.status.message = message;
  },
};

/** Source: `ctxspan` of the Collector's OTTL. */
export const spanFields: Fields = {
  ...identifier(
    'trace_id',
    32,
    (evaluation) => evaluation.span.traceId,
    (evaluation, hex) => {
      evaluation.span.traceId = hex;
    },
  ),
  ...identifier(
    'span_id',
    16,
    (evaluation) => evaluation.span.spanId,
    (evaluation, hex) => {
      evaluation.span.spanId = hex;
    },
  ),
  ...identifier(
    'parent_span_id',
    16,
    (evaluation) => evaluation.span.parentSpanId,
    (evaluation, hex) => {
      evaluation.span.parentSpanId = hex;
    },
  ),
  trace_state: traceState((evaluation) => evaluation.span),
  flags: int32(
    (evaluation) => evaluation.span.flags,
    (evaluation, value) => {
      evaluation.span.flags = value;
    },
  ),
  name: text(
    (evaluation) => evaluation.span.name,
    (evaluation, value) => {
      evaluation.span.name = value;
    },
  ),
  ...kindFields,
  ...instant(
    'start_time',
    (evaluation) => evaluation.span.startTimeUnixNano,
    (evaluation, value) => {
      evaluation.span.startTimeUnixNano = value;
    },
    (evaluation) => evaluation.span.startMicros,
  ),
  ...instant(
    'end_time',
    (evaluation) => evaluation.span.endTimeUnixNano,
    (evaluation, value) => {
      evaluation.span.endTimeUnixNano = value;
    },
    (evaluation) => evaluation.span.endMicros,
  ),
  attributes: attributes('span'),
  dropped_attributes_count: int32(
    (evaluation) => evaluation.span.droppedAttributesCount,
    (evaluation, value) => {
      evaluation.span.droppedAttributesCount = value;
    },
  ),
  events,
  dropped_events_count: int32(
    (evaluation) => evaluation.span.droppedEventsCount,
    (evaluation, value) => {
      evaluation.span.droppedEventsCount = value;
    },
  ),
  links,
  dropped_links_count: int32(
    (evaluation) => evaluation.span.droppedLinksCount,
    (evaluation, value) => {
      evaluation.span.droppedLinksCount = value;
    },
  ),
  status,
  'status.code': int32(
    (evaluation) => evaluation.span.status.code,
    (evaluation, value) => {
      evaluation.span.status.code = value;
    },
    true,
  ),
  'status.message': text(
    (evaluation) => evaluation.span.status.message,
    (evaluation, value) => {
      evaluation.span.status.message = value;
    },
  ),
  cache: { kind: 'cache' },
};
