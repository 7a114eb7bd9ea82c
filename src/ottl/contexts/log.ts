import { stringLike } from '../like.ts';
import { attributeValue } from './attribute-value.ts';
import { attributes, type Fields, int32, text } from './field.ts';
import { identifier } from './identifier.ts';
import { instant } from './instant.ts';

/** Source: `ctxlog` of the Collector's OTTL. */
export const logFields: Fields = {
  ...instant(
    'time',
    (evaluation) => evaluation.log.timeUnixNano,
    (evaluation, value) => {
      evaluation.log.timeUnixNano = value;
    },
  ),
  ...instant(
    'observed_time',
    (evaluation) => evaluation.log.observedTimeUnixNano,
    (evaluation, value) => {
      evaluation.log.observedTimeUnixNano = value;
    },
  ),
  severity_number: int32(
    (evaluation) => evaluation.log.severityNumber,
    (evaluation, value) => {
      evaluation.log.severityNumber = value;
    },
    true,
  ),
  severity_text: text(
    (evaluation) => evaluation.log.severityText,
    (evaluation, value) => {
      evaluation.log.severityText = value;
    },
  ),
  event_name: text(
    (evaluation) => evaluation.log.eventName,
    (evaluation, value) => {
      evaluation.log.eventName = value;
    },
  ),
  body: {
    kind: 'value',
    get: (evaluation) => evaluation.log.body,
    set: (evaluation, value) => {
      evaluation.log.body = attributeValue(value);
    },
  },
  'body.string': text(
    (evaluation) => stringLike(evaluation.log.body) ?? '',
    (evaluation, value) => {
      evaluation.log.body = value;
    },
  ),
  attributes: attributes('log'),
  dropped_attributes_count: int32(
    (evaluation) => evaluation.log.droppedAttributesCount,
    (evaluation, value) => {
      evaluation.log.droppedAttributesCount = value;
    },
  ),
  flags: int32(
    (evaluation) => evaluation.log.flags,
    (evaluation, value) => {
      evaluation.log.flags = value;
    },
  ),
  ...identifier(
    'trace_id',
    32,
    (evaluation) => evaluation.log.traceId,
    (evaluation, hex) => {
      evaluation.log.traceId = hex;
    },
  ),
  ...identifier(
    'span_id',
    16,
    (evaluation) => evaluation.log.spanId,
    (evaluation, hex) => {
      evaluation.log.spanId = hex;
    },
  ),
  cache: { kind: 'cache' },
};
