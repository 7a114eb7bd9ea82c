import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Draft } from '../../src/model/draft.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { draft, spanId, startOfTime } from '../assemble/drafts.ts';
import { Recorder } from '../assemble/recorder.ts';
import { endure, happening } from './hazards.ts';
import { World } from './world.ts';

/** After so long a life has got through what it found, whatever it rested before it tried a suspect again (four deaths: up to 16 s); earlier failures are forgotten. */
const untilThroughMs = 20_000;

const forest = fc
  .array(fc.record({ parent: fc.nat(), root: fc.integer({ min: 0, max: 9 }), skew: fc.integer({ min: -50, max: 50 }) }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((spans) =>
    spans.map(({ parent, root, skew }, index): Draft => {
      const above = index === 0 || root === 0 ? '' : spanId((parent % index) + 1);
      return draft(spanId(index + 1), above, { startMicros: startOfTime + skew, endMicros: startOfTime + skew + 10 });
    }),
  );

const run = forest.chain((drafts) =>
  fc.tuple(
    fc.constant(drafts),
    fc.shuffledSubarray(drafts, { minLength: drafts.length }),
    fc.array(happening, { minLength: 8, maxLength: 8 }),
  ),
);

it('gives the tree of a quiet day for every order, every grouping into entries, and crashes in between', async () => {
  await fc.assert(
    fc.asyncProperty(run, async ([drafts, order, happenings]) => {
      const world = await World.open({ nodesMax: 5 });
      world.lanes.operations = 4;
      await endure(world, order, happenings, {
        append: (drafts) => world.append(...drafts),
        everyCrash: 5,
        getThrough: () => world.pass(untilThroughMs),
      });
      if (world.partition.lost.aborted) await world.restart();
      await world.pass(untilThroughMs);
      await world.restart();
      await world.pass(untilThroughMs);
      const quietDay = new Recorder();
      for (const { skeleton } of drafts) quietDay.arrive(skeleton);
      expect(world.lanes.runs.size).toBe(drafts.length);
      for (const { skeleton } of drafts)
        expect(world.lanes.runs.get(runIdOfSpan(skeleton.spanId))?.fields.dotted_order).toBe(quietDay.run(skeleton.spanId).dottedOrder);
      const sentIn = new Map<string, string>();
      for (const { items, body } of world.lanes.posts)
        for (const { runId } of items) {
          expect(sentIn.get(runId) ?? body?.toString()).toBe(body?.toString());
          sentIn.set(runId, body?.toString() ?? '');
        }
      for (const space of ['park', 'due', 'batch', 'dead'] as const) expect(await world.keys(space)).toEqual([]);
      expect(world.ledger.balance()).toMatchObject({ waiting: 0, deadLettered: 0 });
      await world.worker.release();
      await world.journal.close();
    }),
    { numRuns: 100 },
  );
}, 60_000);
