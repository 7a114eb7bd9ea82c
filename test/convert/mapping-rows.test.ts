/** The rows of the mapping, one by one: a span that says nothing else, and what its run must say. */
import { describe, expect, it } from 'vitest';
import { contentRows } from './rows/contents.ts';
import { factRows } from './rows/facts.ts';
import { kindRows, signRows } from './rows/kinds.ts';
import { modelRows } from './rows/models.ts';
import { numberRows } from './rows/numbers.ts';
import { seen } from './rows/row.ts';

describe('a run type', () => {
  it.each(kindRows)('follows from $label', (given) => {
    expect(seen(given)).toMatchObject(given.expected);
  });
});

describe('a dialect', () => {
  it.each(signRows)('is $label', (given) => {
    expect(seen(given).dialects).toEqual(expect.arrayContaining([...(given.expected.dialects ?? [])]));
  });
});

describe('content', () => {
  it.each(contentRows)('is $label', (given) => {
    expect(seen(given)).toMatchObject(given.expected);
  });
});

describe('a number, model or parameter', () => {
  it.each([...modelRows, ...numberRows])('is $label', (given) => {
    expect(seen(given)).toMatchObject(given.expected);
  });
});

describe('a fact', () => {
  it.each(factRows)('is $label', (given) => {
    expect(seen(given)).toMatchObject(given.expected);
  });
});
