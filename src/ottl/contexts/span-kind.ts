import { OttlError } from '../fault.ts';
import { expectString, type Fields, int32, type ScalarField } from './field.ts';

const names = ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'];
const deprecatedNames = names.map((name) => `SPAN_KIND_${name.toUpperCase()}`);

/** A view of the kind by name. An unknown number is ''. Go's plain setter takes unknown text as Unspecified; here it is an error. */
function named(list: readonly string[]): ScalarField {
  return {
    kind: 'scalar',
    type: 'string',
    get: (evaluation) => list[evaluation.span.kind] ?? '',
    set: (evaluation, value) => {
      const kind = list.indexOf(expectString(value));
      if (kind < 0) throw new OttlError(`cannot set path: unknown span kind, expected one of ${list.join(', ')}`);
      evaluation.span.kind = kind;
    },
  };
}

export const kindFields: Fields = {
  kind: int32(
    (evaluation) => evaluation.span.kind,
    (evaluation, value) => {
      evaluation.span.kind = value;
    },
    true,
  ),
  'kind.string': named(names),
  'kind.deprecated_string': named(deprecatedNames),
};
