import { expect, test } from 'vitest';
import type { Appended } from '../../src/journal/file/append-queue.ts';
import { FreshEntries } from '../../src/journal/file/fresh-entries.ts';
import { entryId, sequenceOfId } from '../../src/journal/file/layout.ts';
import { entryHeaderLength } from '../../src/journal/record.ts';
import { bytes } from '../../src/model/bytes.ts';

function entry(sequence: number): Appended {
  return { sequence, partition: 0, payload: bytes.from('x'.repeat(100)), items: 2, appendedAtMs: 7 };
}

function freshOf(bytesMax: number, ...sequences: number[]): FreshEntries {
  const fresh = new FreshEntries(bytesMax);
  for (const sequence of sequences) fresh.add(entry(sequence));
  return fresh;
}

const sequences = (fresh: FreshEntries, first: number, bytesMax = 10_000): number[] =>
  fresh.take(first, bytesMax).map(({ id }) => sequenceOfId(id));

test('entries are handed over once, in order, as the store would give them', () => {
  const fresh = freshOf(10_000, 3, 4);
  const { payload } = entry(3);
  expect(fresh.take(3, 10_000)[0]).toEqual({ id: entryId(3, 2, entryHeaderLength + 100), items: 2, appendedAtMs: 7, payload });
  expect(sequences(fresh, 4)).toEqual([]);
});

test('what another process appended between is not passed over', () => {
  const fresh = freshOf(10_000, 3, 5, 6);
  expect(sequences(fresh, 3)).toEqual([3]);
  expect(sequences(fresh, 4)).toEqual([]);
  expect(sequences(fresh, 5)).toEqual([5, 6]);
});

test('what was read from the store meanwhile is not handed over again', () => {
  expect(sequences(freshOf(10_000, 3, 4, 5), 5)).toEqual([5]);
});

test('at least one entry is handed over, then as many as are asked for', () => {
  const fresh = freshOf(10_000, 1, 2, 3);
  expect(sequences(fresh, 1, 1)).toEqual([1]);
  expect(sequences(fresh, 2, 300)).toEqual([2, 3]);
});

test('an owner that is behind gets its entries from the store: memory holds a bounded part of them', () => {
  const fresh = freshOf(250, 1, 2, 3);
  expect(sequences(fresh, 1)).toEqual([1, 2]);
  fresh.add(entry(4));
  expect(sequences(fresh, 3)).toEqual([]);
  expect(sequences(fresh, 4)).toEqual([4]);
});

test('what is not handed over gives its memory back at once', () => {
  const large = (sequence: number): Appended => ({ ...entry(sequence), payload: bytes.allocUnsafeSlow(20_000) });
  const [first, second, third] = [large(1), large(2), large(3)];
  const fresh = new FreshEntries(50_000);
  for (const each of [first, second, third]) fresh.add(each);
  expect([first, second, third].map(({ payload }) => payload.length)).toEqual([20_000, 20_000, 0]);
  expect(sequences(fresh, 2)).toEqual([2]);
  expect([first, second].map(({ payload }) => payload.length)).toEqual([0, 20_000]);
});
