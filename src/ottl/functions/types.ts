import { converter, getter } from '../function.ts';
import { Duration, Id, isList, isMap, type OttlType, type OttlValue, RecordList, typeOf } from '../value.ts';

function typeTest(name: string, summary: string, accepts: (type: OttlType) => boolean) {
  return converter({
    name,
    summary,
    example: `${name}(span.attributes["x"])`,
    parameters: { value: getter.any },
    result: 'bool',
    compile: ({ value }) => {
      const { attribute } = value;
      if (attribute) return (evaluation) => accepts(attribute.typeOf(evaluation));
      return (evaluation) => accepts(typeOf(value(evaluation)));
    },
  });
}

export const isString = typeTest('IsString', 'Whether a value is a string.', (type) => type === 'string');
export const isInt = typeTest('IsInt', 'Whether a value is an int.', (type) => type === 'int');
export const isDouble = typeTest('IsDouble', 'Whether a value is a float.', (type) => type === 'float');
export const isBool = typeTest('IsBool', 'Whether a value is a boolean.', (type) => type === 'bool');
export const isMapValue = typeTest('IsMap', 'Whether a value is a map.', (type) => type === 'map');
export const isListValue = typeTest('IsList', 'Whether a value is a list.', (type) => type === 'list' || type === 'records');

function emptiness(value: OttlValue): boolean {
  if (value === null || value === '' || value === false || value === 0 || value === 0n) return true;
  if (isMap(value)) return value.size === 0;
  if (isList(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Id) return /^0*$/.test(value.hex);
  if (value instanceof Duration) return value.nanos === 0n;
  return value instanceof RecordList && value.items.length === 0;
}

export const isEmpty = converter({
  name: 'IsEmpty',
  summary: 'Whether a value is nil, "", 0, false, an empty list, map or byte array, or an id of zeros.',
  example: 'IsEmpty(span.attributes["user.id"])',
  parameters: { value: getter.any },
  result: 'bool',
  compile:
    ({ value }) =>
    (evaluation) =>
      emptiness(value(evaluation)),
});
