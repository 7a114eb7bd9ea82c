import { attributes, type Fields, int32, text } from './field.ts';

/** Source: `ctxscope` of the Collector's OTTL. */
export const scopeFields: Fields = {
  name: text(
    (evaluation) => evaluation.scope.name,
    (evaluation, value) => {
      evaluation.scope.name = value;
    },
  ),
  version: text(
    (evaluation) => evaluation.scope.version,
    (evaluation, value) => {
      evaluation.scope.version = value;
    },
  ),
  attributes: attributes('scope'),
  dropped_attributes_count: int32(
    (evaluation) => evaluation.scope.droppedAttributesCount,
    (evaluation, value) => {
      evaluation.scope.droppedAttributesCount = value;
    },
  ),
  schema_url: text(
    (evaluation) => evaluation.scope.schemaUrl,
    (evaluation, value) => {
      evaluation.scope.schemaUrl = value;
    },
  ),
  cache: { kind: 'cache' },
};
