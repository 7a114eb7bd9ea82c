import { attributes, type Fields, int32, text } from './field.ts';

/** Source: `ctxresource` of the Collector's OTTL. */
export const resourceFields: Fields = {
  attributes: attributes('resource'),
  dropped_attributes_count: int32(
    (evaluation) => evaluation.resource.droppedAttributesCount,
    (evaluation, value) => {
      evaluation.resource.droppedAttributesCount = value;
    },
  ),
  schema_url: text(
    (evaluation) => evaluation.resource.schemaUrl,
    (evaluation, value) => {
      evaluation.resource.schemaUrl = value;
    },
  ),
  cache: { kind: 'cache' },
};
