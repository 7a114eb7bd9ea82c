import { attributes, type Fields, int32 } from './field.ts';
import { identifier } from './identifier.ts';
import { traceState } from './trace-state.ts';

/** Source: `ctxspanlink` of the Collector's OTTL. */
export const spanLinkFields: Fields = {
  ...identifier(
    'trace_id',
    32,
    (evaluation) => evaluation.spanLink.traceId,
    (evaluation, hex) => {
      evaluation.spanLink.traceId = hex;
    },
  ),
  ...identifier(
    'span_id',
    16,
    (evaluation) => evaluation.spanLink.spanId,
    (evaluation, hex) => {
      evaluation.spanLink.spanId = hex;
    },
  ),
  trace_state: traceState((evaluation) => evaluation.spanLink),
  flags: int32(
    (evaluation) => evaluation.spanLink.flags,
    (evaluation, value) => {
      evaluation.spanLink.flags = value;
    },
  ),
  attributes: attributes('spanLink'),
  dropped_attributes_count: int32(
    (evaluation) => evaluation.spanLink.droppedAttributesCount,
    (evaluation, value) => {
      evaluation.spanLink.droppedAttributesCount = value;
    },
  ),
  cache: { kind: 'cache' },
};
