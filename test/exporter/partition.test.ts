import { expect, it } from 'vitest';
import { decodeDeadLetter } from '../../src/exporters/dead-letters/dead-letter.ts';
import { decodeBatch, decodeContent, encodeBatch, encodeContent } from '../../src/exporters/langsmith/partition/records.ts';
import { countsOf } from '../../src/exporters/langsmith/sealed-batch.ts';
import { bytes } from '../../src/model/bytes.ts';
import { runIdOfSpan, uuidOfTrace } from '../../src/model/ids.ts';
import { body, draft, spanId, startOfTime, traceId } from '../assemble/drafts.ts';
import { parseRuns } from './multipart.ts';
import { openWorld, quiet, type World } from './world.ts';

const [a, b, c, d] = [1, 2, 3, 4].map(spanId) as [string, string, string, string];
const hourMs = 3_600_000;

function expectBalanced(world: World): void {
  const { stored, delivered, deadLettered, waiting } = world.ledger.balance();
  expect({ stored }).toEqual({ stored: delivered + deadLettered + waiting });
}

async function expectEmpty(world: World): Promise<void> {
  expect(await world.keys('park')).toEqual([]);
  expect(await world.keys('due')).toEqual([]);
  expect(await world.keys('batch')).toEqual([]);
  expect(await world.keys('body')).toEqual([]);
  expect(world.journal.stats().inboxItems).toBe(0);
  expectBalanced(world);
  expect(world.ledger.balance().waiting).toBe(0);
}

function runOf(world: World, span: string): Record<string, unknown> {
  const run = world.lanes.runs.get(runIdOfSpan(span));
  if (!run) throw new Error(`${span} was not sent`);
  return run.fields;
}

it('sends a tree that came children first, and the journal is empty afterwards', async () => {
  const world = await openWorld();
  await world.append(draft(c, b), draft(b, a));
  await world.append(draft(a));
  await world.pass(1_000);
  expect(world.lanes.runs.size).toBe(3);
  expect(runOf(world, c).dotted_order).toBe(`${runOf(world, b).dotted_order}.${'20260102T030405000000Z'}${runIdOfSpan(c)}`);
  await expectEmpty(world);
  expect(world.ledger.balance()).toEqual({ stored: 3, duplicate: 0, delivered: 3, deadLettered: 0, waiting: 0 });
});

it('seals a batch in the journal before it is offered, and seals at once what is full', async () => {
  const world = await openWorld();
  world.lanes.up = false;
  world.lanes.operations = 2;
  await world.append(draft(a), draft(b, a), draft(c, a));
  expect(world.lanes.waiting.map(({ runs }) => runs)).toEqual([2]);
  await world.pass(500);
  expect(world.lanes.waiting.map(({ runs }) => runs)).toEqual([2, 1]);
  const stored = (await world.values('batch')).map(({ value }) => decodeBatch(value));
  expect(await world.keys('body')).toEqual(stored.map(({ id }) => id));
  expect(stored.map(({ id }) => id)).toEqual(world.lanes.waiting.map(({ id }) => id));
  expect(world.journal.stats().inboxItems).toBe(0);
});

it('waits an hour for a parent, on disk and not in memory, and the tree is whole', async () => {
  const world = await openWorld({ localParentWaitMs: 2 * hourMs });
  await world.append(draft(b, a), draft(c, b));
  await world.pass(3_000);
  expect(await world.keys('park')).toHaveLength(2);
  expect(world.journal.stats().inboxItems).toBe(0);
  await world.pass(hourMs, 60_000);
  expect(world.lanes.runs.size).toBe(0);
  expect(world.ledger.balance().waiting).toBe(2);
  await world.append(draft(a));
  await world.pass(1_000);
  expect(runOf(world, c).trace_id).toBe(runIdOfSpan(a));
  await expectEmpty(world);
});

it('promotes a span whose remote parent never comes, after the remote wait, with its descendants', async () => {
  const world = await openWorld();
  await world.append(draft(b, a, { parentRemote: true }), draft(c, b));
  await world.pass(29_000);
  expect(world.lanes.runs.size).toBe(0);
  await world.pass(3_000);
  expect(runOf(world, b)).toMatchObject({ extra: { metadata: { spanway_orphan: 'promote', spanway_original_parent_id: a } } });
  expect(runOf(world, c).parent_run_id).toBe(runIdOfSpan(b));
  expect(world.observer.counts.get('orphaned promote')).toBe(1);
  await expectEmpty(world);
});

it('does not give up a span whose parent is there and waits, too', async () => {
  const world = await openWorld();
  await world.append(draft(c, b, { parentRemote: true }), draft(b, a));
  await world.pass(60_000, 1_000);
  expect(world.lanes.runs.size).toBe(0);
  await world.append(draft(a));
  await world.pass(1_000);
  expect(runOf(world, c).trace_id).toBe(runIdOfSpan(a));
  await expectEmpty(world);
});

it('puts orphans under one synthetic root that counts as nobody’s span', async () => {
  const world = await openWorld({ onMissingParent: 'synthetic_root' });
  await world.append(draft(b, a, { parentRemote: true, startMicros: startOfTime + 5 }), draft(c, d, { parentRemote: true }));
  await world.pass(32_000);
  const root = world.lanes.runs.get(uuidOfTrace(traceId))?.fields;
  expect(root).toMatchObject({ start_time: '2026-01-02T03:04:05.000000Z', tags: ['synthetic_root'], session_name: 'default' });
  expect(runOf(world, b).parent_run_id).toBe(uuidOfTrace(traceId));
  expect(runOf(world, c).parent_run_id).toBe(uuidOfTrace(traceId));
  expect(world.ledger.balance()).toMatchObject({ stored: 2, delivered: 2 });
  await expectEmpty(world);
});

it('keeps orphans as dead letters if that is the policy, and a replay delivers the tree', async () => {
  const world = await openWorld({ onMissingParent: 'dead_letter' });
  await world.append(draft(b, a, { parentRemote: true }), draft(c, b));
  await world.pass(32_000);
  const letters = await world.values('dead');
  expect(letters.map(({ value }) => decodeDeadLetter(value))).toMatchObject([
    { reason: 'orphan', runId: runIdOfSpan(b) },
    { reason: 'orphan', runId: runIdOfSpan(c), traceId: runIdOfSpan(b) },
  ]);
  expect(world.ledger.balance()).toMatchObject({ stored: 2, deadLettered: 2, waiting: 0 });
  for (const { key } of letters) await world.command({ action: 'replay', key });
  await world.pass(1_000);
  expect(await world.keys('dead')).toEqual([]);
  expect(runOf(world, c).parent_run_id).toBe(runIdOfSpan(b));
  await expectEmpty(world);
});

it('drops a dead letter on command', async () => {
  const world = await openWorld({ onMissingParent: 'dead_letter' });
  await world.append(draft(b, a, { parentRemote: true }));
  await world.pass(32_000);
  const [key] = await world.keys('dead');
  await world.command({ action: 'drop', key: key as string });
  expect(await world.keys('dead')).toEqual([]);
  await world.pass(1_000);
  await expectEmpty(world);
});

it('joins a child that comes after its trace was delivered, also after a restart', async () => {
  const world = await openWorld();
  await world.append(draft(a, '', { thread: [['thread_id', 't']] }), draft(b, a));
  await world.pass(1_000);
  await world.append(draft(c, b));
  await world.pass(1_000);
  await world.restart();
  await world.append(draft(d, c));
  await world.pass(1_000);
  expect(runOf(world, d)).toMatchObject({
    trace_id: runIdOfSpan(a),
    dotted_order: expect.stringMatching(`^${runOf(world, c).dotted_order}\\.`),
    extra: { metadata: { thread_id: 't' } },
  });
  await expectEmpty(world);
});

it('forgets a trace when its late window has passed, and not before', async () => {
  const world = await openWorld();
  await world.append(draft(a));
  await world.pass(1_000);
  await world.pass(590_000, 5_000);
  expect(await world.keys('index')).toHaveLength(1);
  await world.pass(20_000, 5_000);
  expect(await world.keys('index')).toEqual([]);
});

it('forgets traces as fast as they come, however many', async () => {
  const world = await openWorld();
  const traces = Array.from({ length: 3_000 }, (_, index) => (index + 1).toString(16).padStart(32, '0'));
  await world.append(...traces.map((id) => draft(a, '', { traceId: id, runId: uuidOfTrace(id) })));
  await world.pass(1_000);
  expect((await world.keys('index')).length).toBeGreaterThan(1_000);
  await world.pass(600_000, 5_000);
  await world.pass(10_000, 50);
  expect(await world.keys('index')).toEqual([]);
});

it('keeps the index of a trace of which something waits', async () => {
  const world = await openWorld();
  await world.append(draft(a), draft(c, b));
  await world.pass(700_000, 5_000);
  expect(await world.keys('index')).toHaveLength(1);
  await world.append(draft(b, a));
  await world.pass(1_000);
  expect(runOf(world, c).trace_id).toBe(runIdOfSpan(a));
});

it('counts re-sends as duplicates, before and after delivery and while they wait', async () => {
  const world = await openWorld();
  await world.append(draft(a), draft(c, b));
  await world.append(draft(a));
  await world.pass(3_000);
  await world.append(draft(a), draft(c, b));
  await world.pass(3_000);
  expect(world.ledger.balance()).toEqual({ stored: 2, duplicate: 3, delivered: 1, deadLettered: 0, waiting: 1 });
  expect(world.lanes.posts).toHaveLength(1);
});

it('takes the later content of a span that is not sealed, and keeps it as a dead letter after that', async () => {
  const world = await openWorld();
  await world.append(draft(a), draft(c, b));
  await world.append(draft(a, '', {}, body({ outputs: '{"v":2}' })));
  await world.pass(3_000);
  expect(runOf(world, a).outputs).toEqual({ v: 2 });
  await world.append(draft(c, b, {}, body({ outputs: '{"v":3}' })), draft(a, '', {}, body({ outputs: '{"v":4}' })));
  await world.pass(3_000);
  await world.append(draft(b, a));
  await world.pass(1_000);
  expect(runOf(world, c).outputs).toEqual({ v: 3 });
  const [letter] = (await world.values('dead')).map(({ value }) => decodeDeadLetter(value));
  expect(letter).toMatchObject({ reason: 'conflict', runId: runIdOfSpan(a) });
  const closed = bytes.concat([letter?.parts ?? bytes.from(''), bytes.from(`--${letter?.boundary}--\r\n`)]);
  expect(parseRuns(closed, letter?.boundary ?? '')[0]?.fields.outputs).toEqual({ v: 4 });
  await expectEmpty(world);
});

it('keeps sealed batches while the destination is down, and a new owner sends the same bytes', async () => {
  const world = await openWorld();
  world.lanes.up = false;
  await world.append(draft(a));
  await world.pass(1_000);
  await world.append(draft(b, a));
  await world.pass(1_000);
  const before = (await world.values('body')).map(({ value }) => decodeContent(value).body.toString());
  await world.restart();
  expect(world.lanes.waiting.map(({ content }) => content)).toEqual([undefined, undefined]);
  expect(world.ledger.balance()).toMatchObject({ stored: 2, waiting: 2 });
  world.lanes.up = true;
  await world.lanes.send();
  expect(world.lanes.posts.map(({ body: sent }) => sent.toString())).toEqual(before);
  await expectEmpty(world);
});

it('settles a split and a dead item of a batch', async () => {
  const world = await openWorld();
  world.lanes.up = false;
  await world.append(draft(a), draft(b, a));
  await world.pass(1_000);
  const { batch, settlement } = world.lanes.take();
  const { items, body: sealed } = await settlement.load(batch);
  const parts = items.map((item, index) => ({
    batch: { ...batch, id: `${batch.id}.${index}`, ...countsOf([item]) },
    content: { items: [item], body: sealed },
  }));
  await settlement.split(batch, parts);
  expect(await world.keys('batch')).toEqual(parts.map(({ batch: part }) => part.id));
  expect(await world.keys('body')).toEqual(parts.map(({ batch: part }) => part.id));
  const [first, second] = parts as [(typeof parts)[0], (typeof parts)[0]];
  const { runId, traceId: root } = items[0] as (typeof items)[0];
  const { destination, boundary } = first.batch;
  const letter = {
    status: 422,
    serverText: 'no',
    runId,
    traceId: root,
    at: 1,
    destination,
    items: 1,
    holds: 'run',
    boundary,
    parts: bytes.from('x'),
  } as const;
  await settlement.dead(first.batch, [{ ...letter, key: '1', reason: 'rejected' }]);
  await settlement.delivered(second.batch);
  expect(world.ledger.balance()).toEqual({ stored: 2, duplicate: 0, delivered: 1, deadLettered: 1, waiting: 0 });
  expect(await world.keys('dead')).toEqual(['1']);
});

it('makes a dead letter of an entry that it cannot read, and goes on', async () => {
  const world = await openWorld();
  world.ledger.appending([{ partition: 0, items: 3 }]);
  await world.journal.append([{ partition: 0, payload: bytes.from('not an entry'), items: 3 }]);
  await world.append(draft(a));
  await world.pass(1_000);
  expect(world.ledger.balance()).toEqual({ stored: 4, duplicate: 0, delivered: 1, deadLettered: 3, waiting: 0 });
  const [letter] = (await world.values('dead')).map(({ value }) => decodeDeadLetter(value));
  expect(letter).toMatchObject({ reason: 'corrupt', items: 3 });
});

it('seals and parks at once what goes over its memory, and forgets traces over its bound', async () => {
  const world = await openWorld({ memoryBytesMax: 1_000_000, nodesMax: 50 });
  const large = body({ inputs: `{"text":"${'x'.repeat(200_000)}"}` });
  for (let number = 1; number <= 40; number += 1) {
    const trace = number.toString(16).padStart(32, '0');
    await world.append(
      draft(spanId(number), '', { traceId: trace }, large),
      draft(spanId(number + 100), spanId(number + 200), { traceId: trace }, large),
    );
  }
  expect(world.lanes.runs.size).toBeGreaterThan(35);
  expect((await world.keys('park')).length).toBeGreaterThan(35);
  await world.pass(3_000);
  expect(world.lanes.runs.size).toBe(40);
  for (let number = 1; number <= 40; number += 1)
    await world.append(draft(spanId(number + 200), spanId(number), { traceId: number.toString(16).padStart(32, '0') }));
  await world.pass(3_000);
  expect(world.lanes.posts.flatMap(({ items }) => items)).toHaveLength(120);
  await expectEmpty(world);
});

it('seals what is open when the partition is given back, and leaves nothing in the lanes', async () => {
  const world = await openWorld();
  world.lanes.up = false;
  await world.append(draft(a), draft(c, b));
  await world.worker.release();
  expect(await world.keys('batch')).toHaveLength(1);
  expect(await world.keys('park')).toHaveLength(1);
  expect(world.lanes.waiting).toEqual([]);
  expect(world.ledger.balance()).toEqual({ stored: 0, duplicate: 0, delivered: 0, deadLettered: 0, waiting: 0 });
});

it('reads a batch record back as it was', async () => {
  const world = await openWorld();
  world.lanes.up = false;
  await world.append(draft(a));
  await world.pass(1_000);
  const { batch, settlement } = world.lanes.take();
  expect(decodeBatch(encodeBatch(batch))).toEqual(batch);
  const content = await settlement.load(batch);
  expect(decodeContent(encodeContent(content))).toEqual(content);
  await quiet();
});
