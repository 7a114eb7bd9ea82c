/** When a partition reads what was appended: a step costs much the same however little it moves. */
import { expect, it } from 'vitest';
import { draft, spanId } from '../assemble/drafts.ts';
import { openWorld, type World } from './world.ts';

const readEveryMs = 400;
const flushTimeoutMs = 500;

async function open(operationsMax = 1): Promise<World> {
  const world = await openWorld({ readEveryMs, flushTimeoutMs, operationsMax });
  world.lanes.up = false;
  // Behind the first read, of what an earlier owner left.
  await world.pass(2 * readEveryMs, readEveryMs);
  return world;
}

it('waits for more before it reads, and reads all of it in one step', async () => {
  const world = await open();
  // With the first of all a life notes in the journal that it began.
  await world.append(draft(spanId(9)));
  await world.pass(readEveryMs);
  const before = world.partition.commits;
  await world.append(draft(spanId(1)));
  await world.pass(readEveryMs - 1);
  await world.append(draft(spanId(2)));
  expect(world.lanes.waiting).toHaveLength(1);
  await world.pass(1);
  expect(world.lanes.waiting).toHaveLength(3);
  expect(world.partition.commits).toBe(before + 1);
});

it('seals a batch in time for what was appended first', async () => {
  const world = await open(100);
  await world.append(draft(spanId(1)));
  await world.pass(flushTimeoutMs - 1, 1);
  expect(world.lanes.waiting).toHaveLength(0);
  await world.pass(1);
  expect(world.lanes.waiting).toHaveLength(1);
});

it('lets a batch fill although what comes first into it has waited for long', async () => {
  const world = await open(100);
  await world.append(draft(spanId(2), spanId(1)));
  await world.pass(2 * flushTimeoutMs, 100);
  await world.append(draft(spanId(1)));
  await world.pass(readEveryMs, 100);
  expect(world.lanes.waiting).toHaveLength(0);
  await world.pass(flushTimeoutMs - readEveryMs, 100);
  expect(world.lanes.waiting).toHaveLength(1);
});

it('reads at once where the journal says that much waits', async () => {
  const world = await open();
  world.partition.much = true;
  await world.append(draft(spanId(1)));
  expect(world.lanes.waiting).toHaveLength(1);
});

it('reads what was appended a moment ago before it gives the partition back', async () => {
  const world = await open();
  await world.append(draft(spanId(1)));
  expect(world.lanes.waiting).toHaveLength(0);
  await world.worker.flush();
  expect(world.lanes.waiting).toHaveLength(1);
});
