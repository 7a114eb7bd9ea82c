import { OttlError } from '../fault.ts';
import { choice, editor, getter, listOf, literal, mapTarget, pattern } from '../function.ts';
import type { OttlValue } from '../value.ts';
import { keyTest } from './key-test.ts';
import { deleteWhere, replaceValues } from './map-changes.ts';
import { canonicalText } from './text/canonical-text.ts';

export const deleteKey = editor({
  name: 'delete_key',
  summary: 'Removes one key of a map.',
  example: 'delete_key(span.attributes, "http.request.header.authorization")',
  parameters: { target: mapTarget, key: getter.string },
  compile:
    ({ target, key }) =>
    (evaluation) => {
      const map = target.open(evaluation);
      if (map.delete(key(evaluation))) target.save(evaluation, map);
    },
});

export const deleteMatchingKeys = editor({
  name: 'delete_matching_keys',
  summary: 'Removes the keys of a map that match a regular expression anywhere.',
  example: 'delete_matching_keys(span.attributes, "(?i)password")',
  parameters: { target: mapTarget, pattern },
  compile: ({ target, pattern }) => {
    const isUnwanted = keyTest(pattern, true);
    return (evaluation) => {
      const map = target.open(evaluation);
      if (deleteWhere(map, isUnwanted(evaluation))) target.save(evaluation, map);
    };
  },
});

export const keepKeys = editor({
  name: 'keep_keys',
  summary: 'Removes the keys of a map that are not listed.',
  example: 'keep_keys(span.attributes, ["http.method", "http.route"])',
  parameters: { target: mapTarget, keys: listOf(getter.string) },
  compile:
    ({ target, keys }) =>
    (evaluation) => {
      const map = target.open(evaluation);
      const kept = new Set(keys.map((key) => key(evaluation)));
      if (deleteWhere(map, (key) => !kept.has(key))) target.save(evaluation, map);
    },
});

export const keepMatchingKeys = editor({
  name: 'keep_matching_keys',
  summary: 'Removes the keys of a map that do not match a regular expression anywhere.',
  example: 'keep_matching_keys(span.attributes, "^gen_ai[.]")',
  parameters: { target: mapTarget, pattern },
  compile: ({ target, pattern }) => {
    const isUnwanted = keyTest(pattern, false);
    return (evaluation) => {
      const map = target.open(evaluation);
      if (deleteWhere(map, isUnwanted(evaluation))) target.save(evaluation, map);
    };
  },
});

export const mergeMaps = editor({
  name: 'merge_maps',
  summary: 'Puts the entries of one map into another: only new keys (insert), only present keys (update), or all (upsert).',
  example: 'merge_maps(span.attributes, ParseJSON(span.attributes["extra"]), "upsert")',
  parameters: { target: mapTarget, source: getter.map, strategy: choice('insert', 'update', 'upsert') },
  compile:
    ({ target, source, strategy }) =>
    (evaluation) => {
      const map = target.open(evaluation);
      for (const [key, value] of source(evaluation)) {
        if (strategy === 'upsert' || map.has(key) === (strategy === 'update')) map.set(key, value);
      }
      target.save(evaluation, map);
    },
});

export const limit = editor({
  name: 'limit',
  summary: 'Reduces a map to a number of entries; the priority keys stay, of the others those that stand first.',
  example: 'limit(span.attributes, 2, ["http.method"])',
  parameters: { target: mapTarget, limit: literal.int, priorityKeys: listOf(literal.string) },
  compile: ({ target, limit, priorityKeys }) => {
    if (limit < 0n) throw new OttlError(`invalid limit: ${limit} cannot be negative`, { parameter: 'limit' });
    const priority = new Set(priorityKeys);
    if (limit < priority.size) {
      throw new OttlError(`invalid limit: ${limit} cannot be less than the number of priority keys`, { parameter: 'limit' });
    }
    return (evaluation) => {
      const map = target.open(evaluation);
      if (map.size <= limit) return;
      let free = Number(limit);
      for (const key of priority) if (map.has(key)) free--;
      if (deleteWhere(map, (key) => !priority.has(key) && free-- <= 0)) target.save(evaluation, map);
    };
  },
});

/** The text of what is no string. */
function textOfOther(value: OttlValue): string | undefined {
  return typeof value === 'string' ? undefined : canonicalText(value);
}

export const stringifyAll = editor({
  name: 'stringify_all',
  summary: 'Turns every value of a map into text: lists and maps into JSON, byte arrays into base64.',
  example: 'stringify_all(span.attributes)',
  parameters: { target: mapTarget },
  compile:
    ({ target }) =>
    (evaluation) => {
      const map = target.open(evaluation);
      if (replaceValues(map, textOfOther)) target.save(evaluation, map);
    },
});
