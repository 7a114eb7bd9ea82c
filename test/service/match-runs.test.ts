import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differences } from '../../src/service/trial/differences.ts';
import { matchRuns } from '../../src/service/trial/match-runs.ts';
import type { Json } from '../../src/service/trial/trial.ts';

test('anything matches itself, in both ways', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copy: unknown = JSON.parse(JSON.stringify(value));
      const same: unknown = JSON.parse(JSON.stringify(value));
      expect([differences(copy, same, 'exact'), differences(copy, same, 'partial')]).toEqual([[], []]);
    }),
  );
});

test('what is not named may be there in a partial match only', () => {
  expect(differences({ a: { b: 1 } }, { a: { b: 1, c: 2 } }, 'partial')).toEqual([]);
  expect(differences({ a: { b: 1 } }, { a: { b: 1, c: 2 } }, 'exact')).toEqual([{ path: 'a.c', expected: undefined, received: 2 }]);
});

test('null stands for a field that is not there or null', () => {
  expect(differences({ a: null }, {}, 'partial')).toEqual([]);
  expect(differences({ a: null }, { a: null }, 'partial')).toEqual([]);
  expect(differences({ a: null }, { a: 0 }, 'partial')).toEqual([{ path: 'a', expected: null, received: 0 }]);
});

test('lists of different lengths differ as wholes, others item by item', () => {
  expect(differences([1], [1, 2], 'partial')).toEqual([{ path: '', expected: [1], received: [1, 2] }]);
  expect(differences({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, 'partial')).toEqual([{ path: 'a[1].b', expected: 2, received: 3 }]);
});

test('keys of every object are not taken for fields', () => {
  expect(differences({ constructor: null, toString: null }, {}, 'partial')).toEqual([]);
});

test('runs are found in any order', () => {
  const run = fc.record({ id: fc.uuid(), name: fc.string(), outputs: fc.jsonValue() });
  fc.assert(
    fc.property(fc.uniqueArray(run, { selector: ({ id }) => id }), (runs) => {
      const received = JSON.parse(JSON.stringify(runs)) as Json[];
      expect(matchRuns([...received].reverse(), received)).toEqual([]);
    }),
  );
});

test('a vague expectation does not take the run that only another one fits', () => {
  const received = [
    { name: 'a', x: 1 },
    { name: 'a', x: 2 },
  ];
  expect(matchRuns([{ name: 'a' }, { name: 'a', x: 1 }], received)).toEqual([]);
});

test('a run that fits nothing is compared with the one of its name', () => {
  const received = [
    { name: 'other', status: 'success' },
    { name: 'wanted', status: 'error' },
  ];
  expect(matchRuns([{ name: 'wanted', status: 'success' }], received)).toEqual([
    { run: 'wanted', kind: 'differs', differences: [{ path: 'status', expected: 'success', received: 'error' }] },
    { run: 'other', kind: 'unexpected', differences: [] },
  ]);
});

test('an expected run that did not come is missing', () => {
  expect(matchRuns([{ name: 'wanted' }], [])).toEqual([{ run: 'wanted', kind: 'missing', differences: [] }]);
});
