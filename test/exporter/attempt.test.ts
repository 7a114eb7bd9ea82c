/** What makes our own code fail, or kills the process: it is set aside with its bytes, and the partition goes on. */
import { expect, it } from 'vitest';
import type { DeadLetter } from '../../src/exporters/dead-letters/dead-letter.ts';
import { decodeDeadLetter } from '../../src/exporters/dead-letters/dead-letter.ts';
import { decodeEntry } from '../../src/exporters/langsmith/partition/entry-codec.ts';
import type { Suspicion } from '../../src/exporters/langsmith/partition/suspicion.ts';
import { noBytes } from '../../src/model/bytes.ts';
import { Fault } from '../../src/model/fault.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { draft, spanId } from '../assemble/drafts.ts';
import { openWorld, tenant, World } from './world.ts';

const [a, b, c, d] = [1, 2, 3, 4].map(spanId) as [string, string, string, string];
const other = { traceId: 'b'.repeat(32) };

async function letters(world: World): Promise<readonly DeadLetter[]> {
  return (await world.values('dead')).map(({ value }) => decodeDeadLetter(value));
}

async function expectSettled(world: World): Promise<void> {
  for (const space of ['park', 'due', 'batch', 'body', 'meta'] as const) expect(await world.keys(space), space).toEqual([]);
  expect(world.journal.stats().inboxItems).toBe(0);
  const { stored, delivered, deadLettered, waiting } = world.ledger.balance();
  expect({ stored, waiting }).toEqual({ stored: delivered + deadLettered, waiting: 0 });
}

it('sets aside an entry on which it fails five times, with its bytes, and delivers all others', async () => {
  const world = await openWorld();
  await world.pass(10_000);
  await world.append(draft(a));
  await world.appendPoison(draft(b, '', other), draft(c, b, other));
  await world.append(draft(d));
  await world.pass(60_000);
  expect([...world.lanes.runs.keys()].sort()).toEqual([a, d].map(runIdOfSpan));
  expect(world.observer.sentences).toHaveLength(5);
  const [letter, ...more] = await letters(world);
  expect(more).toEqual([]);
  expect(letter).toMatchObject({ reason: 'corrupt', holds: 'entry', items: 2, runId: '' });
  expect(decodeEntry(letter?.parts ?? noBytes)).toMatchObject({ kind: 'drafts', drafts: [{}, {}] });
  expect(world.ledger.balance()).toMatchObject({ stored: 4, delivered: 2, deadLettered: 2 });
  await expectSettled(world);
});

it('goes on at full speed behind an entry that was set aside', async () => {
  const world = await openWorld();
  await world.appendPoison(draft(a));
  await world.pass(60_000);
  const { commits } = world.partition;
  for (let number = 10; number < 60; number += 1) await world.append(draft(spanId(number)));
  await world.pass(1_000);
  expect(world.partition.commits - commits).toBeLessThan(10);
  expect(world.lanes.runs.size).toBe(50);
  await expectSettled(world);
});

it('sets aside a parked draft on which it fails when its wait is over', async () => {
  const world = await openWorld();
  await world.appendPoison(draft(b, a, { ...other, parentRemote: true }));
  await world.append(draft(d, c, { parentRemote: true }));
  await world.pass(90_000, 500);
  const [letter, ...more] = await letters(world);
  expect(more).toEqual([]);
  expect(letter).toMatchObject({ reason: 'corrupt', holds: 'entry', items: 1 });
  expect(decodeEntry(letter?.parts ?? noBytes)).toMatchObject({ kind: 'drafts', tenant, drafts: [{ skeleton: { spanId: b } }] });
  expect([...world.lanes.runs.keys()]).toEqual([runIdOfSpan(d)]);
  await expectSettled(world);
});

/** What the life that runs has noted. */
async function noted(world: World): Promise<Suspicion | undefined> {
  const [pair] = await world.values('meta');
  return pair && (JSON.parse(pair.value.utf8Slice()) as Suspicion);
}

/** A process that dies when the work on what it found is to be settled, whether it rests before or not. */
async function dieAtWork(world: World): Promise<void> {
  await world.restart(2, false);
  if ((await noted(world))?.work === 'rest') world.partition.crashAt = 3;
  while (!world.partition.lost.aborted) await world.pass(250);
}

it('sets aside an entry at which the process dies again and again', async () => {
  const world = await openWorld();
  world.partition.crash();
  await world.append(draft(a));
  const works: (string | undefined)[] = [];
  for (let death = 0; death < 7; death += 1) {
    await dieAtWork(world);
    works.push((await noted(world))?.work);
    expect(await world.keys('dead')).toEqual([]);
  }
  expect(works).toEqual(['all', 'group', 'one', 'one', 'one', 'one', 'one']);
  await world.restart();
  await world.pass(10_000);
  expect(await letters(world)).toMatchObject([{ reason: 'corrupt', holds: 'entry', items: 1 }]);
  await expectSettled(world);
});

it('clears an entry when the process dies while it rests, however often it died at work before', async () => {
  const world = await openWorld();
  world.partition.crash();
  await world.append(draft(a));
  for (let death = 0; death < 6; death += 1) await dieAtWork(world);
  expect(await noted(world)).toMatchObject({ work: 'one', ends: 3 });
  await world.restart(1, true);
  expect(await noted(world)).toMatchObject({ work: 'rest', ends: 4 });
  await world.restart();
  await world.pass(10_000);
  expect([...world.lanes.runs.keys()]).toEqual([runIdOfSpan(a)]);
  await expectSettled(world);
});

it('holds nothing against an entry when it is stopped in its rest', async () => {
  const world = await openWorld();
  world.partition.crash();
  await world.append(draft(a));
  for (let death = 0; death < 6; death += 1) await dieAtWork(world);
  await world.restart();
  expect(await noted(world)).toMatchObject({ work: 'rest', ends: 4 });
  await world.worker.release();
  expect(await noted(world)).toMatchObject({ work: 'pause', ends: 4 });
});

it('blames nothing in the data for a journal that fails', async () => {
  const world = await openWorld();
  const unavailable = new Fault('GW_JOURNAL_UNAVAILABLE', 'cannot commit: the disk is full');
  for (let count = 0; count < 12; count += 1) world.partition.faults.push(unavailable);
  await world.append(draft(a));
  await world.pass(400_000, 1_000);
  expect([...world.lanes.runs.keys()]).toEqual([runIdOfSpan(a)]);
  expect(await world.keys('dead')).toEqual([]);
  await expectSettled(world);
});

it('seals a batch as it is when it cannot be compressed', async () => {
  const world = await openWorld();
  world.compressor.compress = () => Promise.reject(new Fault('GW_BUG', 'cannot compress batch: the thread for it dies'));
  await world.append(draft(a));
  await world.pass(10_000);
  expect(world.lanes.posts).toMatchObject([{ encoding: 'identity' }]);
  await expectSettled(world);
});

it('leaves no suspicion behind when it is stopped in the middle of its first work', async () => {
  const world = await World.open();
  await world.append(draft(a), draft(c, b));
  expect(await world.keys('meta')).toEqual(['attempt']);
  await world.worker.release();
  expect(await world.keys('meta')).toEqual([]);
  await world.journal.close();
});
