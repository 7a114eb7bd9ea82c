import { attributes, type Fields, int32, readOnly, text } from './field.ts';
import { instant } from './instant.ts';

/** Source: `ctxspanevent` of the Collector's OTTL. */
export const spanEventFields: Fields = {
  name: text(
    (evaluation) => evaluation.spanEvent.name,
    (evaluation, value) => {
      evaluation.spanEvent.name = value;
    },
  ),
  ...instant(
    'time',
    (evaluation) => evaluation.spanEvent.timeUnixNano,
    (evaluation, value) => {
      evaluation.spanEvent.timeUnixNano = value;
    },
  ),
  attributes: attributes('spanEvent'),
  dropped_attributes_count: int32(
    (evaluation) => evaluation.spanEvent.droppedAttributesCount,
    (evaluation, value) => {
      evaluation.spanEvent.droppedAttributesCount = value;
    },
  ),
  event_index: readOnly('int', (evaluation) => BigInt(evaluation.eventIndex)),
  cache: { kind: 'cache' },
};
