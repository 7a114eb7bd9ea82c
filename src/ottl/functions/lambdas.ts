import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import { converter, type Getter, getter, type Lambda, lambda, optional } from '../function.ts';
import { isList, isMap, type OttlMap, type OttlValue, typeOf } from '../value.ts';

/** What the lambda family has in common: a list goes with its indexes, a map with its keys. */

function sourceOf(source: Getter<OttlValue>, evaluation: Evaluation): readonly OttlValue[] | OttlMap {
  const value = source(evaluation);
  if (isList(value) || isMap(value)) return value;
  throw new OttlError(`expected list or map but got ${typeOf(value)}`);
}

function entriesOf(source: readonly OttlValue[] | OttlMap): readonly (readonly [key: OttlValue, value: OttlValue])[] {
  return source instanceof Map ? [...source] : (source as readonly OttlValue[]).map((value, at) => [BigInt(at), value]);
}

function holds(predicate: Lambda, evaluation: Evaluation, ...args: readonly OttlValue[]): boolean {
  const result = predicate.call(evaluation, ...args);
  if (typeof result !== 'boolean') throw new OttlError(`the predicate must return a bool but returned ${typeOf(result)}`);
  return result;
}

const predicateParameters = { source: getter.any, predicate: lambda(2) };

export const all = converter({
  name: 'All',
  summary: 'Whether a predicate holds for every element of a list or map; true of an empty one.',
  example: 'All(span.attributes["tags"], (k, v) => v == "prod")',
  parameters: predicateParameters,
  result: 'bool',
  compile:
    ({ source, predicate }) =>
    (evaluation) =>
      entriesOf(sourceOf(source, evaluation)).every(([key, value]) => holds(predicate, evaluation, key, value)),
});

export const any = converter({
  name: 'Any',
  summary: 'Whether a predicate holds for some element of a list or map.',
  example: 'Any(span.attributes, (k, v) => HasPrefix(k, "http."))',
  parameters: predicateParameters,
  result: 'bool',
  compile:
    ({ source, predicate }) =>
    (evaluation) =>
      entriesOf(sourceOf(source, evaluation)).some(([key, value]) => holds(predicate, evaluation, key, value)),
});

export const filter = converter({
  name: 'Filter',
  summary: 'The elements of a list or map for which a predicate holds.',
  example: 'Filter(span.attributes["tags"], (k, v) => v == "prod")',
  parameters: predicateParameters,
  result: 'any',
  compile:
    ({ source, predicate }) =>
    (evaluation) => {
      const searched = sourceOf(source, evaluation);
      const kept = entriesOf(searched).filter(([key, value]) => holds(predicate, evaluation, key, value));
      return isMap(searched) ? new Map(kept as readonly (readonly [string, OttlValue])[]) : kept.map(([, value]) => value);
    },
});

export const find = converter({
  name: 'Find',
  summary: 'The first element of a list or map for which a predicate holds, or what a mapper makes of it; nil if there is none.',
  example: 'Find(span.attributes, (k, v) => v == "prod", (k, v) => k)',
  parameters: { ...predicateParameters, mapper: optional(lambda(2)) },
  result: 'any',
  compile:
    ({ source, predicate, mapper }) =>
    (evaluation) => {
      const found = entriesOf(sourceOf(source, evaluation)).find(([key, value]) => holds(predicate, evaluation, key, value));
      if (!found) return null;
      return mapper ? mapper.call(evaluation, found[0], found[1]) : found[1];
    },
});

export const mapEach = converter({
  name: 'MapEach',
  summary: 'A list or map with every value replaced by what a mapper makes of it.',
  example: 'MapEach(span.attributes["counts"], (k, v) => Int(v) * 2)',
  parameters: { source: getter.any, mapper: lambda(2) },
  result: 'any',
  compile:
    ({ source, mapper }) =>
    (evaluation) => {
      const mapped = sourceOf(source, evaluation);
      if (!isMap(mapped)) return mapped.map((value, at) => mapper.call(evaluation, BigInt(at), value));
      return new Map([...mapped].map(([key, value]) => [key, mapper.call(evaluation, key, value)]));
    },
});

export const mapKeys = converter({
  name: 'MapKeys',
  summary: 'A map with every key replaced by what a mapper makes of it.',
  example: 'MapKeys(span.attributes, (k, v) => Concat(["http.", k], ""))',
  parameters: { source: getter.map, keyMapper: lambda(2) },
  result: 'map',
  compile:
    ({ source, keyMapper }) =>
    (evaluation) => {
      const renamed = new Map<string, OttlValue>();
      for (const [key, value] of source(evaluation)) {
        const name = keyMapper.call(evaluation, key, value);
        if (typeof name !== 'string') throw new OttlError(`the key mapper must return a string but returned ${typeOf(name)}`);
        renamed.set(name, value);
      }
      return renamed;
    },
});

export const reduce = converter({
  name: 'Reduce',
  summary: 'One value made of a list or map, element by element, starting from a seed.',
  example: 'Reduce(span.attributes["counts"], 0, (acc, k, v) => acc + Int(v))',
  parameters: { source: getter.any, seed: getter.any, accumulator: lambda(3) },
  result: 'any',
  compile:
    ({ source, seed, accumulator }) =>
    (evaluation) => {
      let total = seed(evaluation);
      for (const [key, value] of entriesOf(sourceOf(source, evaluation))) total = accumulator.call(evaluation, total, key, value);
      return total;
    },
});

export const when = converter({
  name: 'When',
  summary: 'One of two values, by a condition; the other is not computed.',
  example: 'When(() => IsMap(span.attributes["x"]), "map", "not map")',
  parameters: { condition: lambda(0), trueValue: getter.any, falseValue: getter.any },
  result: 'any',
  compile:
    ({ condition, trueValue, falseValue }) =>
    (evaluation) =>
      holds(condition, evaluation) ? trueValue(evaluation) : falseValue(evaluation),
});
