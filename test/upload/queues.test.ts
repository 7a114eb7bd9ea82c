import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Alarm } from '../../src/exporters/langsmith/upload/alarm.ts';
import { Fifo } from '../../src/exporters/langsmith/upload/fifo.ts';
import { Gate } from '../../src/exporters/langsmith/upload/gate.ts';
import { type Job, newJob } from '../../src/exporters/langsmith/upload/job.ts';
import { Queue } from '../../src/exporters/langsmith/upload/queue.ts';
import { sealedBatch } from './batches.ts';
import { condition, Journal, ref } from './bench-lanes.ts';
import { ManualClock } from './clocks.ts';

const { batch, content } = await sealedBatch(ref('https://x'), 1, 1);
const job = (id: string, dueMs = 0): Job => ({ ...newJob({ ...batch, id }, new Journal(), content), dueMs });
const taken = (queue: Queue, nowMs: number): string[] => {
  const ids: string[] = [];
  for (let next = queue.take(nowMs); next; next = queue.take(nowMs)) ids.push(next.batch.id);
  return ids;
};

test('what is tried again goes first, but never twice in a row while fresh batches wait', () => {
  const queue = new Queue();
  for (const id of ['f1', 'f2']) queue.add(job(id));
  for (const id of ['a1', 'a2', 'a3', 'a4']) queue.addAgain(job(id));
  expect(taken(queue, 0)).toEqual(['a1', 'f1', 'a2', 'f2', 'a3', 'a4']);
});

test('what is not due yet waits, and holds up nobody', () => {
  const queue = new Queue();
  queue.addAgain(job('later', 500));
  queue.add(job('fresh'));
  expect(queue.dueMs()).toBe(0);
  expect(taken(queue, 100)).toEqual(['fresh']);
  expect(queue.dueMs()).toBe(500);
  expect(taken(queue, 500)).toEqual(['later']);
  expect(queue.dueMs()).toBe(Number.POSITIVE_INFINITY);
});

test('first in, first out, whatever the order of pushes, shifts and removals', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(5_000), fc.constant('shift'), fc.constant('odd')), { maxLength: 300 }), (steps) => {
      const fifo = new Fifo<number>();
      let model: number[] = [];
      for (const step of steps) {
        if (step === 'shift') expect(fifo.shift()).toBe(model.shift());
        else if (step === 'odd') {
          fifo.retain((item) => item % 2 === 0);
          model = model.filter((item) => item % 2 === 0);
        } else if (typeof step === 'number')
          for (let item = step; item < step + 700; item++) {
            fifo.push(item);
            model.push(item);
          }
        expect(fifo.size).toBe(model.length);
      }
      expect([...fifo]).toEqual(model);
    }),
    { numRuns: 50 },
  );
});

test('a gate shuts at its requests or its bytes, and lets those who waited in by turns', () => {
  const gate = new Gate(3, 100);
  const woken: string[] = [];
  const never = (): void => undefined;
  for (const size of [10, 80]) {
    expect(gate.open(never)).toBe(true);
    gate.enter(size);
  }
  expect(gate.open(never)).toBe(true);
  gate.enter(500);
  for (const name of ['b', 'c'])
    expect(
      gate.open(() => {
        woken.push(name);
        gate.enter(10);
      }),
    ).toBe(false);
  gate.leave(10);
  expect(woken).toEqual([]);
  gate.leave(500);
  expect(woken).toEqual(['b', 'c']);
});

test('an alarm rings once, at the earliest time that was set', async () => {
  const clock = new ManualClock();
  let rings = 0;
  const alarm = new Alarm(clock, () => {
    rings += 1;
  });
  alarm.set(clock.now() + 500);
  alarm.set(clock.now() + 100);
  alarm.set(clock.now() + 900);
  clock.advance(100);
  await condition(() => rings === 1);
  clock.advance(10_000);
  await condition(() => clock.sleepers.size === 0);
  expect(rings).toBe(1);
});
