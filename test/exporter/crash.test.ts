import { expect, it } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { draft, spanId } from '../assemble/drafts.ts';
import { quiet, World } from './world.ts';

const [root, child, grandchild, late, orphan, ofOrphan, other] = [1, 2, 3, 4, 5, 6, 7].map(spanId) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

/** Everything that can happen to a draft: placed, parked, found by its parent, late, orphaned, sent again, read with others from one entry. */
const scenario: readonly ((world: World) => Promise<void>)[] = [
  (world) => world.append(draft(grandchild, child), draft(other)),
  (world) => world.pass(500),
  (world) => world.append(draft(orphan, spanId(99), { parentRemote: true }), draft(ofOrphan, orphan)),
  (world) => world.pass(2_500),
  (world) => world.append(draft(root), draft(other)),
  (world) => world.append(draft(child, root)),
  (world) => world.pass(1_000),
  (world) => world.append(draft(late, grandchild)),
  (world) => world.pass(32_000, 500),
];

/** Runs the scenario; after a crash the next process goes on where the journal is. */
async function play(crashAt: number, applied: boolean, lanesUp: boolean): Promise<{ world: World; commits: number }> {
  const world = await World.open();
  world.lanes.up = lanesUp;
  await world.restart(crashAt, applied);
  let commits = 0;
  const ending = async (): Promise<void> => {
    world.lanes.up = true;
    await world.lanes.send();
    await world.pass(1_000);
  };
  for (const step of [...scenario, ending]) {
    await step(world);
    if (world.partition.lost.aborted) {
      commits += world.partition.commits;
      await world.restart();
    }
  }
  await world.lanes.send();
  await world.pass(3_000);
  commits += world.partition.commits;
  await quiet();
  return { world, commits };
}

async function expectWhole(world: World, name: string): Promise<void> {
  const sentIn = new Map<string, Set<string>>();
  for (const { items, body } of world.lanes.posts)
    for (const { runId } of items) sentIn.set(runId, (sentIn.get(runId) ?? new Set()).add(body.toString()));
  const spans = [root, child, grandchild, late, orphan, ofOrphan, other];
  expect([...sentIn.keys()].sort(), name).toEqual(spans.map(runIdOfSpan).sort());
  for (const [runId, bodies] of sentIn) expect(bodies.size, `${name}: ${runId} was sent with one membership`).toBe(1);
  expect(world.lanes.runs.get(runIdOfSpan(late))?.fields.dotted_order, name).toMatch(
    new RegExp(`^${world.lanes.runs.get(runIdOfSpan(grandchild))?.fields.dotted_order}\\.`),
  );
  for (const space of ['park', 'due', 'batch', 'body', 'dead'] as const) expect(await world.keys(space), `${name}: ${space}`).toEqual([]);
  expect(world.journal.stats().inboxItems, name).toBe(0);
  const { stored, delivered, deadLettered, waiting } = world.ledger.balance();
  expect({ stored, waiting }, name).toEqual({ stored: delivered + deadLettered, waiting: 0 });
}

async function close(world: World): Promise<void> {
  await world.worker.release();
  await world.journal.close();
}

for (const lanesUp of [true, false]) {
  it(`loses nothing and posts no run in two memberships, whichever commit the process dies at (destination ${lanesUp ? 'up' : 'down'})`, async () => {
    const { world, commits } = await play(Number.POSITIVE_INFINITY, false, lanesUp);
    await expectWhole(world, 'no crash');
    await close(world);
    expect(commits).toBeGreaterThan(5);
    for (let crashAt = 1; crashAt <= commits; crashAt += 1)
      for (const applied of [false, true]) {
        const crashed = (await play(crashAt, applied, lanesUp)).world;
        await expectWhole(crashed, `crash ${applied ? 'after' : 'before'} commit ${crashAt}`);
        await close(crashed);
      }
  });
}
