import { bytes } from '../../model/bytes.ts';
import { compareText, comparisons, equal } from '../compare.ts';
import { OttlError } from '../fault.ts';
import { choice, converter, getter, listOf, literal, optional } from '../function.ts';
import { isList, isMap, type OttlList, type OttlMap, type OttlValue, RecordList, typeOf } from '../value.ts';
import { canonicalText } from './text/canonical-text.ts';

export const len = converter({
  name: 'Len',
  summary: 'The length of a string in UTF-8 bytes, or the number of elements of a list or map.',
  example: 'Len(span.attributes["prompt"])',
  parameters: { target: getter.any },
  result: 'int',
  compile:
    ({ target }) =>
    (evaluation) => {
      const value = target(evaluation);
      if (typeof value === 'string') return BigInt(bytes.byteLength(value));
      if (isList(value)) return BigInt(value.length);
      if (isMap(value)) return BigInt(value.size);
      if (value instanceof RecordList) return BigInt(value.items.length);
      throw new OttlError(`expected string, list or map but got ${typeOf(value)}`);
    },
});

export const containsValue = converter({
  name: 'ContainsValue',
  summary: 'Whether a list contains a value, by the rules of ==.',
  example: 'ContainsValue(span.attributes["tags"], "prod")',
  parameters: { target: getter.list, item: getter.any },
  result: 'bool',
  compile:
    ({ target, item }) =>
    (evaluation) => {
      const wanted = item(evaluation);
      return target(evaluation).some((element) => equal(element, wanted));
    },
});

export const index = converter({
  name: 'Index',
  summary: 'Where a value first stands in a list, or a text in a string (in UTF-8 bytes); -1 if nowhere.',
  example: 'Index("hello world", "world")',
  parameters: { target: getter.any, value: getter.any },
  result: 'int',
  compile:
    ({ target, value }) =>
    (evaluation) => {
      const searched = target(evaluation);
      const wanted = value(evaluation);
      if (isList(searched)) return BigInt(searched.findIndex((element) => equal(element, wanted)));
      if (typeof searched !== 'string') throw new OttlError(`expected string or list but got ${typeOf(searched)}`);
      if (typeof wanted !== 'string') throw new OttlError(`invalid value for Index in a string: expected string but got ${typeOf(wanted)}`);
      const found = searched.indexOf(wanted);
      return found < 0 ? -1n : BigInt(bytes.byteLength(searched.slice(0, found)));
    },
});

/** Numbers among themselves as numbers; with strings and booleans among them, all as text. */
function orderOf(list: OttlList): (one: OttlValue, other: OttlValue) => number {
  let allNumbers = true;
  for (const element of list) {
    const type = typeOf(element);
    if (type === 'string' || type === 'bool' || type === 'nil') allNumbers = false;
    else if (type !== 'int' && type !== 'float') throw new OttlError(`sort with unsupported type: ${type}`);
  }
  if (!allNumbers) return (one, other) => compareText(canonicalText(one), canonicalText(other));
  const isLess = comparisons['<'];
  return (one, other) => (isLess(one, other) ? -1 : isLess(other, one) ? 1 : 0);
}

export const sort = converter({
  name: 'Sort',
  summary: 'A list in order: numbers as numbers, anything else as text; the elements stay what they are.',
  example: 'Sort(span.attributes["tags"], "desc")',
  parameters: { target: getter.list, order: optional(choice('asc', 'desc'), 'asc') },
  result: 'list',
  compile: ({ target, order }) => {
    const sign = order === 'asc' ? 1 : -1;
    return (evaluation) => {
      const list = target(evaluation);
      const compare = orderOf(list);
      return [...list].sort((one, other) => sign * compare(one, other));
    };
  },
});

export const keys = converter({
  name: 'Keys',
  summary: 'The keys of a map, as a list.',
  example: 'Keys(span.attributes)',
  parameters: { target: getter.map },
  result: 'list',
  compile:
    ({ target }) =>
    (evaluation) => [...target(evaluation).keys()],
});

export const values = converter({
  name: 'Values',
  summary: 'The values of a map, as a list.',
  example: 'Values(span.attributes)',
  parameters: { target: getter.map },
  result: 'list',
  compile:
    ({ target }) =>
    (evaluation) => [...target(evaluation).values()],
});

function valueAt(map: OttlMap, path: readonly string[]): OttlValue | undefined {
  let value: OttlValue | undefined = map;
  for (const key of path) value = value !== undefined && isMap(value) ? value.get(key) : undefined;
  return value;
}

export const sliceToMap = converter({
  name: 'SliceToMap',
  summary: 'A map of the maps in a list, under the text at keyPath or else their index; what has no such text or value is left out.',
  example: 'SliceToMap(span.attributes["things"], ["name"], ["value"])',
  parameters: { target: getter.list, keyPath: optional(listOf(literal.string)), valuePath: optional(listOf(literal.string)) },
  result: 'map',
  compile:
    ({ target, keyPath, valuePath = [] }) =>
    (evaluation) => {
      const map = new Map<string, OttlValue>();
      target(evaluation).forEach((element, position) => {
        if (!isMap(element)) return;
        const key = keyPath ? valueAt(element, keyPath) : `${position}`;
        const value = valueAt(element, valuePath);
        if (typeof key === 'string' && value !== undefined) map.set(key, value);
      });
      return map;
    },
});
