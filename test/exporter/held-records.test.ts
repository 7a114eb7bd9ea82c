import { expect, it } from 'vitest';
import { HeldRecords } from '../../src/exporters/langsmith/partition/held-records.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { body, draft, spanId } from '../assemble/drafts.ts';
import { openWorld, type World } from './world.ts';

const [a, b] = [1, 2].map(spanId) as [string, string];
const long = body({ inputs: JSON.stringify({ text: 'x'.repeat(20_000) }) });

const keptBytes = (world: World): number => world.partition.given.reduce((sum, { length }) => sum + length, 0);

it('keeps nothing of an entry in memory while its spans wait, and reads it again for their batch', async () => {
  const world = await openWorld();
  await world.append({ ...draft(a), body: long }, { ...draft(b, a), body: long });
  expect(world.partition.given).toHaveLength(1);
  expect(keptBytes(world)).toBe(0);
  await world.pass(500);
  expect(world.lanes.runs.get(runIdOfSpan(b))?.fields.inputs).toEqual({ text: 'x'.repeat(20_000) });
  expect(world.partition.given).toHaveLength(2);
  expect(keptBytes(world)).toBe(0);
});

it('reads an entry again for those of its spans that are parked', async () => {
  const world = await openWorld();
  await world.append({ ...draft(b, a), body: long });
  await world.pass(3_000);
  expect(await world.keys('park')).toHaveLength(1);
  expect(keptBytes(world)).toBe(0);
  await world.append(draft(a));
  await world.pass(1_000);
  expect(world.lanes.runs.get(runIdOfSpan(b))?.fields.inputs).toEqual({ text: 'x'.repeat(20_000) });
});

it('makes a dead letter of an entry that goes bad between two readings, and goes on', async () => {
  const world = await openWorld();
  await world.append(draft(a));
  const [entry] = await world.partition.read(undefined, 1);
  world.partition.damaged.add(`${entry?.id}`);
  await world.pass(5_000);
  expect(await world.keys('dead')).toHaveLength(1);
  await world.append(draft(b));
  await world.pass(1_000);
  expect([...world.lanes.runs.keys()]).toEqual([runIdOfSpan(b)]);
  expect(world.ledger.balance()).toMatchObject({ delivered: 1, deadLettered: 1, waiting: 0 });
});

it('tells an entry that is damaged from one that is there', async () => {
  const world = await openWorld();
  const records = new HeldRecords(world.partition);
  const held = { id: 'nowhere', payload: undefined, bytes: 0, items: 1, remaining: 1 };
  await expect(records.of({ held, start: 0, bytes: 1 } as never)).rejects.toMatchObject({ code: 'GW_JOURNAL_CORRUPT' });
});
