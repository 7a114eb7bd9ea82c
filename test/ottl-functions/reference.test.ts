import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { standardFunctions, transformFunctions } from '../../src/ottl/functions/functions.ts';
import { functionPage, functionReference } from '../../src/ottl/functions/reference.ts';
import { changesOf, exampleWorld, resultOf } from './example-span.ts';

const supported = transformFunctions.filter((spec) => spec.unsupported === undefined);

test('docs/ottl-functions.md says what the functions say', () => {
  const path = join(import.meta.dirname, '..', '..', 'docs', 'ottl-functions.md');
  const page = functionPage(transformFunctions, exampleWorld);
  if (process.env.SPANWAY_WRITE_DOCS === '1') writeFileSync(path, page);
  expect(page).toBe(readFileSync(path, 'utf8'));
});

test('every function has a name of its own', () => {
  const names = transformFunctions.map((spec) => spec.name);
  expect(new Set(names).size).toBe(names.length);
});

test.each(supported.map((spec) => [spec.name, spec] as const))('the example of %s uses it, runs, and shows something', (name, spec) => {
  expect(spec.example).toContain(`${name}(`);
  if (spec.kind === 'editor') expect(changesOf(spec)).not.toEqual([]);
  else expect(resultOf(spec)).not.toBeNull();
});

test('the reference has a row for every function, with defaults as they are written', () => {
  const reference = functionReference(standardFunctions, exampleWorld);
  const rows = reference.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toHaveLength(standardFunctions.length);
  expect(reference).toContain('| `Substring(target, start, length, utf8_safe = false)` |');
  expect(reference).toContain('| `replace_pattern(target, regex, replacement, function?, replacement_format?)` |');
  expect(reference).toContain('| `Concat(values[], delimiter)` |');
  expect(reference).toContain('Not supported here');
});

test('no cell of the reference breaks its table', () => {
  const rows = functionReference(transformFunctions, exampleWorld)
    .split('\n')
    .filter((line) => line.startsWith('| '));
  for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6);
});
