/** Batches pile up while a destination is down: memory holds a few hundred headers, the journal the rest. */
import { expect, it } from 'vitest';
import { decodeDeadLetter } from '../../src/exporters/dead-letters/dead-letter.ts';
import { EntryWriter } from '../../src/exporters/langsmith/partition/entry-codec.ts';
import type { DestinationRef } from '../../src/exporters/langsmith/sealed-batch.ts';
import { draft, spanId } from '../assemble/drafts.ts';
import { openWorld, quiet, type World } from './world.ts';

const offeredMax = 512;

async function open(): Promise<World> {
  const world = await openWorld();
  world.lanes.up = false;
  world.lanes.operations = 1;
  return world;
}

async function appendTo(world: World, destination: DestinationRef, first: number, count: number): Promise<void> {
  const writer = new EntryWriter('elsewhere', JSON.stringify(destination), destination.workspaceId);
  for (let number = first; number < first + count; number += 1) writer.add(draft(spanId(number)));
  await world.journal.append([{ partition: 0, payload: writer.finish(), items: count }]);
  await world.pass(1_000);
}

/** Sends what is offered until nothing is, and returns the most that was offered at a time. */
async function drain(world: World): Promise<number> {
  let most = 0;
  while (world.lanes.waiting.length > 0) {
    most = Math.max(most, world.lanes.waiting.length);
    await world.lanes.send();
    await quiet();
  }
  return most;
}

const one = { endpoint: 'http://one.test', workspaceId: 'one', key: 'static' };
const two = { endpoint: 'http://two.test', workspaceId: 'two', key: 'static' };

it('gives a lane a bounded number of batches, and the next ones in their order when it has room', async () => {
  const world = await open();
  for (let part = 0; part < 3; part += 1) await appendTo(world, one, part * 500 + 1, 500);
  expect(world.lanes.waiting).toHaveLength(offeredMax);
  const sealed = await world.keys('batch');
  expect(sealed).toHaveLength(1_500);
  expect(world.worker.backlog).toMatchObject({ batches: 1_500 });
  expect(await drain(world)).toBeLessThanOrEqual(offeredMax);
  expect(world.lanes.posts.map(({ id }) => id)).toEqual(sealed);
  expect(await world.keys('body')).toEqual([]);
  expect(world.worker.backlog).toMatchObject({ batches: 0, bytes: 0 });
});

it('takes a backlog over with the same bound, behind it what is new, even if the clock went back', async () => {
  const world = await open();
  await appendTo(world, one, 1, 1_200);
  world.clock.advance(-3_600_000);
  await world.restart();
  expect(world.lanes.waiting).toHaveLength(offeredMax);
  expect(world.ledger.balance()).toMatchObject({ stored: 1_200, waiting: 1_200 });
  const before = await world.keys('batch');
  await appendTo(world, one, 2_001, 10);
  await drain(world);
  const sent = world.lanes.posts.map(({ id }) => id);
  expect(sent.slice(0, 1_200)).toEqual(before);
  expect(sent).toHaveLength(1_210);
  expect(world.ledger.balance()).toMatchObject({ stored: 1_210, delivered: 1_210, waiting: 0 });
});

it('lets a destination that is down hold up no other one', async () => {
  const world = await open();
  await appendTo(world, one, 1, 1_000);
  await appendTo(world, two, 5_001, 3);
  const to = world.lanes.waiting.map(({ destination }) => destination.workspaceId);
  expect(to.filter((workspace) => workspace === 'two')).toHaveLength(3);
  await world.restart();
  expect(world.lanes.waiting.filter(({ destination }) => destination.workspaceId === 'two')).toHaveLength(3);
});

it('tells a batch that another owner has settled from one whose content is damaged', async () => {
  const world = await open();
  await appendTo(world, one, 1, 2);
  const settled = world.lanes.take();
  const damaged = world.lanes.take();
  await world.partition.commit({ delete: ['batch', 'body'].map((space) => ({ space: space as 'batch', key: settled.batch.id })) });
  await expect(settled.settlement.load(settled.batch)).rejects.toMatchObject({ code: 'GW_JOURNAL_FENCED' });
  await world.partition.commit({ delete: [{ space: 'body', key: damaged.batch.id }] });
  await expect(damaged.settlement.load(damaged.batch)).rejects.toMatchObject({ code: 'GW_JOURNAL_CORRUPT' });
  await damaged.settlement.damaged(damaged.batch);
  const letters = (await world.values('dead')).map(({ value }) => decodeDeadLetter(value));
  expect(letters).toMatchObject([{ reason: 'corrupt', holds: 'bytes', items: 1, destination: one }]);
  expect(await world.keys('batch')).toEqual([]);
});
