/** Lives of a partition that somebody ends from outside, at any time; and those that one of their entries ends. Time is simulated. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Attempt } from '../../src/exporters/langsmith/partition/attempt.ts';
import { Step } from '../../src/exporters/langsmith/partition/step.ts';
import type { Partition } from '../../src/journal/journal.ts';
import type { Bytes } from '../../src/model/bytes.ts';
import { Random } from '../chaos/random.ts';

const killed = new Error('killed');
const entries = 20;

interface Weather {
  readonly seed: number;
  /** How long a process lives on average before somebody kills it, ms. */
  readonly lifeMs: number;
  /** How long the work on one entry takes, ms. */
  readonly workMs: number;
  /** The entry that ends the process; `undefined` if none does. */
  readonly deadly?: number;
}

/** What became of the entries, in order: `+` settled, `-` condemned. Lives follow each other until nothing is left. */
async function story({ seed, lifeMs, workMs, deadly }: Weather): Promise<string> {
  const random = new Random(seed);
  let nowMs = 0;
  let killMs = 0;
  let record: Bytes | undefined;
  let told = '';
  const pass = (ms: number): void => {
    nowMs += ms;
    if (nowMs >= killMs) throw killed;
  };
  const clock = { now: () => nowMs, sleep: async (ms: number) => pass(ms) };
  const partition = {
    lost: new AbortController().signal,
    get: async () => record,
    async commit({ put = [] }) {
      pass(5);
      record = put[0]?.value;
    },
  } as Partial<Partition> as Partition;

  async function live(): Promise<void> {
    killMs = nowMs - Math.log(1 - random.next()) * lifeMs;
    const attempt = await Attempt.begin(partition, clock, partition.lost, 'unknown');
    // A suspicion to begin with: it is what comes after it that is shown.
    if (attempt.pace === 'all') await attempt.mark();
    while (told.length < entries) {
      const step = new Step();
      const number = told.length;
      await attempt.on(`${number}`, step, async (condemned) => {
        pass(condemned ? 0 : workMs);
        if (number === deadly && !condemned) throw killed;
        await partition.commit(step.change());
        step.committed();
        told += condemned ? '-' : '+';
      });
    }
  }

  while (told.length < entries)
    await live().catch((error: unknown) => {
      if (error !== killed) throw error;
    });
  return told;
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

it('never condemns an entry because processes are killed, however often that happens', async () => {
  const weather = fc.record({ seed: seeds, lifeMs: fc.integer({ min: 60, max: 20_000 }), workMs: fc.integer({ min: 1, max: 60 }) });
  await fc.assert(
    fc.asyncProperty(weather, async (given) => {
      expect(await story(given)).toBe('+'.repeat(entries));
    }),
    { numRuns: 300 },
  );
});

it('condemns the entry that ends every process, and no other, although processes are killed besides', async () => {
  const weather = fc.record({
    seed: seeds,
    lifeMs: fc.integer({ min: 20_000, max: 1_000_000 }),
    workMs: fc.integer({ min: 1, max: 60 }),
    deadly: fc.nat({ max: entries - 1 }),
  });
  await fc.assert(
    fc.asyncProperty(weather, async (given) => {
      const expected = `${'+'.repeat(given.deadly)}-${'+'.repeat(entries - 1 - given.deadly)}`;
      expect(await story(given)).toBe(expected);
    }),
    { numRuns: 300 },
  );
});
