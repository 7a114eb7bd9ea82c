/** When a partition reads what was appended: a step costs much the same however little it moves. */
import { expect, it } from 'vitest';
import { draft, spanId } from '../assemble/drafts.ts';
import { openWorld, type World } from './world.ts';

const readEveryMs = 200;

async function open(): Promise<World> {
  const world = await openWorld({ readEveryMs, operationsMax: 1 });
  world.lanes.up = false;
  // Behind the first read, of what an earlier owner left.
  await world.pass(2 * readEveryMs, readEveryMs);
  return world;
}

it('reads at once what comes after a quiet time, and what comes soon after that in one step', async () => {
  const world = await open();
  await world.append(draft(spanId(1)));
  expect(world.lanes.waiting).toHaveLength(1);
  const before = world.partition.commits;
  await world.append(draft(spanId(2)));
  await world.append(draft(spanId(3)));
  expect(world.lanes.waiting).toHaveLength(1);
  await world.pass(readEveryMs);
  expect(world.lanes.waiting).toHaveLength(3);
  expect(world.partition.commits).toBe(before + 1);
});

it('reads at once where the journal says that much waits', async () => {
  const world = await open();
  await world.append(draft(spanId(1)));
  world.partition.much = true;
  await world.append(draft(spanId(2)));
  expect(world.lanes.waiting).toHaveLength(2);
});

it('reads what was appended a moment ago before it gives the partition back', async () => {
  const world = await open();
  await world.append(draft(spanId(1)));
  await world.append(draft(spanId(2)));
  expect(world.lanes.waiting).toHaveLength(1);
  await world.worker.flush();
  expect(world.lanes.waiting).toHaveLength(2);
});
