import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ParkedTimes } from '../../src/exporters/langsmith/partition/parked-times.ts';

test('whatever is parked and leaves, the oldest is known within ten seconds, and nothing is told of when nobody waits', () => {
  const time = fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 });
  fc.assert(
    fc.property(fc.array(fc.record({ time, leaves: fc.nat() }), { maxLength: 60 }), (steps) => {
      const times = new ParkedTimes();
      const parked: number[] = [];
      for (const { time: appendedAtMs, leaves } of steps) {
        if (leaves % 3 === 0 && parked.length > 0) times.remove(parked.splice(leaves % parked.length, 1)[0] as number);
        else {
          parked.push(appendedAtMs);
          times.add(appendedAtMs);
        }
        const oldest = Math.min(...parked);
        expect(times.oldestMs).toBeLessThanOrEqual(oldest);
        if (parked.length > 0) expect(oldest - times.oldestMs).toBeLessThan(10_000);
        else expect(times.oldestMs).toBe(Number.POSITIVE_INFINITY);
      }
    }),
  );
});

test('a draft that nobody counted, as one that a former version parked, leaves without a trace', () => {
  const times = new ParkedTimes();
  times.add(50_000);
  times.remove(0);
  expect(times.oldestMs).toBe(50_000);
});
