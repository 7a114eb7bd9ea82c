import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { draft, spanId, startOfTime, traceId } from '../assemble/drafts.ts';
import { endure, happening } from './hazards.ts';
import { World } from './world.ts';

/** After so long a life has got through what it found. Nobody's parent is given up so early. */
const untilThroughMs = 20_000;

interface Sent {
  readonly id: string;
  readonly parent: string;
  readonly leftOut: boolean;
}

const forest = fc
  .array(fc.record({ above: fc.nat(), root: fc.integer({ min: 0, max: 9 }), leftOut: fc.boolean() }), { minLength: 1, maxLength: 25 })
  .map((all) =>
    all.map(
      ({ above, root, leftOut }, at): Sent => ({
        id: spanId(at + 1),
        parent: at === 0 || root === 0 ? '' : spanId((above % at) + 1),
        leftOut,
      }),
    ),
  );

const run = forest.chain((spans) =>
  fc.tuple(
    fc.constant(spans),
    fc.shuffledSubarray([...spans], { minLength: spans.length }),
    fc.array(happening, { minLength: 8, maxLength: 8 }),
  ),
);

async function append(world: World, spans: readonly Sent[]): Promise<void> {
  const kept = spans.filter(({ leftOut }) => !leftOut);
  const gone = spans.filter(({ leftOut }) => leftOut);
  if (gone.length > 0)
    await world.appendFiltered(...gone.map(({ id, parent }) => ({ traceId, spanId: id, parentSpanId: parent, parentRemote: false })));
  if (kept.length > 0)
    await world.append(...kept.map(({ id, parent }) => draft(id, parent, { startMicros: startOfTime, endMicros: startOfTime + 1 })));
}

it('hangs every run on its nearest kept ancestor for every order of spans and of those left out, and crashes in between; no deadline is needed for it', async () => {
  await fc.assert(
    fc.asyncProperty(run, async ([spans, order, happenings]) => {
      const world = await World.open({ nodesMax: 5 });
      world.lanes.operations = 4;
      await endure(world, order, happenings, {
        append: (spans) => append(world, spans),
        everyCrash: 5,
        getThrough: () => world.pass(untilThroughMs),
      });
      await world.pass(untilThroughMs);
      await world.restart();
      await world.pass(untilThroughMs);
      const byId = new Map(spans.map((span) => [span.id, span]));
      for (const span of spans) {
        let above = byId.get(span.parent);
        while (above?.leftOut) above = byId.get(above.parent);
        const sent = world.lanes.runs.get(runIdOfSpan(span.id));
        expect(sent?.fields.parent_run_id).toBe(span.leftOut || !above ? undefined : runIdOfSpan(above.id));
        expect(sent === undefined).toBe(span.leftOut);
      }
      for (const space of ['park', 'due', 'batch', 'dead'] as const) expect(await world.keys(space)).toEqual([]);
      expect(world.journal.stats().inboxItems).toBe(0);
      expect(world.ledger.balance()).toMatchObject({ waiting: 0, deadLettered: 0 });
      await world.worker.release();
      await world.journal.close();
    }),
    { numRuns: 100 },
  );
}, 60_000);

it('forgets a span that was left out with its trace, and acknowledges what told of it', async () => {
  const world = await World.open();
  await world.appendFiltered({ traceId, spanId: spanId(1), parentSpanId: '', parentRemote: false });
  await world.pass(1_000);
  expect(await world.keys('index')).toHaveLength(1);
  expect((await world.partition.read(undefined, 1 << 20)).length).toBe(0);
  await world.pass(700_000, 5_000);
  expect(await world.keys('index')).toEqual([]);
  await world.worker.release();
  await world.journal.close();
});

const [root, gone, child] = [1, 2, 3].map(spanId) as [string, string, string];
const deaths = [1, 2, 3, 4].flatMap((commit) => [true, false].map((applied) => [commit, applied] as const));

it.each(deaths)('wakes a parked child for good, wherever the process dies: commit %i, applied %s', async (commit, applied) => {
  const world = await World.open();
  await world.append(draft(root), draft(child, gone));
  await world.pass(3_000);
  expect(await world.keys('park')).toHaveLength(1);
  await world.restart(Number.POSITIVE_INFINITY, applied);
  await world.pass(untilThroughMs);
  world.partition.crashAt = world.partition.commits + commit;
  await world.appendFiltered({ traceId, spanId: gone, parentSpanId: root, parentRemote: false });
  await world.pass(1_000);
  await world.restart();
  await world.pass(untilThroughMs);
  expect(world.lanes.runs.get(runIdOfSpan(child))?.fields.parent_run_id).toBe(runIdOfSpan(root));
  expect(await world.keys('park')).toEqual([]);
  await world.worker.release();
  await world.journal.close();
});
