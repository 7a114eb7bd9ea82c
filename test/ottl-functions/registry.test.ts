/** Every function of the registry is shown by the cases: one without a result, or without a refusal, fails here. */
import { expect, test } from 'vitest';
import { transformFunctions } from '../../src/ottl/functions/functions.ts';
import { converterCases } from './cases/converters.ts';
import { editorCases } from './cases/editors.ts';
import { instants } from './cases/times.ts';

const tables = [...Object.values(converterCases), ...Object.values(editorCases)];
const results = [...tables.flatMap((table) => table.results.map(([text]) => text)), ...instants.map(([text]) => text)];
const refusals = tables.flatMap((table) => table.refused.map(([text]) => text));

const supported = transformFunctions.filter((spec) => spec.unsupported === undefined).map(({ name }) => name);
const unsupported = transformFunctions.filter((spec) => spec.unsupported !== undefined).map(({ name }) => name);

/** In a result it may be called inside of another one; a refusal must be its own. */
const shows =
  (name: string) =>
  (text: string): boolean =>
    new RegExp(`\\b${name}\\(`).test(text);
const isCallOf =
  (name: string) =>
  (text: string): boolean =>
    text.startsWith(`${name}(`);

test.each(supported)('%s has a case that gives a result', (name) => {
  expect(results.some(shows(name))).toBe(true);
});

test.each([...supported, ...unsupported])('%s has a case that is refused', (name) => {
  expect(refusals.some(isCallOf(name))).toBe(true);
});

test('no case is about a function that does not exist', () => {
  const names = new Set(transformFunctions.map(({ name }) => name));
  const called = [...results, ...refusals].map((text) => text.slice(0, text.indexOf('(')));
  expect(called.filter((name) => !names.has(name))).toEqual([]);
});
