import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Finds } from '../../src/processors/redaction/detect/finds.ts';

const rows = (finds: Finds) =>
  Array.from({ length: finds.count }, (_, at) => ({ start: finds.start(at), end: finds.end(at), rank: finds.rank(at) }));

const find = fc
  .record({ start: fc.nat(60), length: fc.integer({ min: 1, max: 12 }), rank: fc.nat(5) })
  .map(({ start, length, rank }) => ({ start, end: start + length, rank }));

describe('finds', () => {
  it('stand by start, the longer and the more specific first, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.array(find, { maxLength: 100 }), (all) => {
        const finds = new Finds();
        for (const { start, end, rank } of all) finds.add(start, end, rank);
        expect(rows(finds)).toEqual([...all].sort((one, other) => one.start - other.start || other.end - one.end || one.rank - other.rank));
      }),
    );
  });

  it('become the unions of what overlaps, and cover the same characters', () => {
    const covered = (all: readonly { readonly start: number; readonly end: number }[]): Set<number> =>
      new Set(all.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)));
    fc.assert(
      fc.property(fc.array(find, { maxLength: 40 }), (all) => {
        const finds = new Finds();
        for (const { start, end, rank } of all) finds.add(start, end, rank);
        finds.settle();
        const settled = rows(finds);
        expect(covered(settled)).toEqual(covered(all));
        settled.forEach(({ start }, at) => {
          if (at > 0) expect(start).toBeGreaterThanOrEqual(settled[at - 1]?.end ?? 0);
        });
        for (const { start, end, rank } of settled) {
          const within = all.filter((one) => one.start >= start && one.end <= end);
          const longest = Math.max(...within.map((one) => one.end - one.start));
          expect(within.some((one) => one.rank === rank && one.end - one.start === longest)).toBe(true);
        }
      }),
    );
  });

  it('of an earlier text are gone, however many there were', () => {
    const finds = new Finds();
    for (let at = 0; at < 50_000; at += 1) finds.add(2 * at, 2 * at + 1, 1);
    finds.clear();
    finds.add(3, 5, 7);
    expect(rows(finds)).toEqual([{ start: 3, end: 5, rank: 7 }]);
  });
});
