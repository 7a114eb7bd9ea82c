/** Real processes that share one directory, and what happens when they are killed or stopped. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileStorage } from '../../src/journal/file/storage.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { asBytes } from '../../src/model/bytes.ts';
import { eventually, Owned } from '../contract/journal-owner.ts';
import { holdLock } from './lock-holder.ts';
import { type ReplicaOptions, type ReplicaProcess, startReplica } from './replica-process.ts';

let directory: string;
const replicas: ReplicaProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spanway-replicas-'));
});

afterEach(async () => {
  for (const replica of replicas.splice(0)) await replica.kill();
  await rm(directory, { recursive: true });
});

async function start(options: Partial<ReplicaOptions> = {}): Promise<ReplicaProcess> {
  const replica = await startReplica({ directory, ...options });
  replicas.push(replica);
  return replica;
}

const all = [0, 1, 2, 3];

test('two processes share a journal: what one appends, the owner in the other reads', async () => {
  const owner = await start();
  expect(await owner.ask('own')).toEqual({ result: all });
  const other = await start();
  await other.ask('append', { partition: 2, size: 5, fill: 'x' });
  await owner.ask('append', { partition: 2, size: 5, fill: 'y' });
  await other.ask('append', { partition: 2, size: 5, fill: 'z' });
  const read = async (): Promise<string[]> => (await owner.ask('read', { partition: 2 })).result as string[];
  await eventually(async () => (await read()).length === 3);
  // Between processes the order is that of reaching the inbox.
  expect((await read()).sort()).toEqual(['xxxxx', 'yyyyy', 'zzzzz']);
});

test('two processes share the partitions, and a planned end hands them over at once', async () => {
  const first = await start();
  await first.ask('own');
  const second = await start();
  await second.ask('own');
  const share = async (replica: ReplicaProcess): Promise<number[]> => (await replica.ask('owned')).result as number[];
  await eventually(async () => [...(await share(first)), ...(await share(second))].sort().join() === all.join());
  await first.ask('close');
  await eventually(async () => (await share(second)).length === 4);
});

test('what was acknowledged before a SIGKILL is there afterwards, round after round', { timeout: 60_000 }, async () => {
  const acknowledged = new Set<number>();
  for (let round = 0; round < 4; round++) {
    const replica = await start();
    replica.tell('flood', { from: round * 1_000_000 });
    await replica.until(() => replica.lines.length > 200 + round * 37);
    await replica.kill();
    for (const line of replica.lines.slice(1)) acknowledged.add(Number(line));
  }
  const journal = await new FileStorage({ directory }).open('shared', { durability: 'disk', bytesMax: 2 ** 30 });
  const owned = new Owned();
  await journal.own(owned);
  const stored = new Set<number>();
  for (const partition of owned.partitions.values()) {
    for (const { payload } of await partition.read(undefined, 2 ** 30)) {
      const number = Number.parseInt(`${payload}`, 10);
      expect(`${payload}`).toBe(`${number} `.repeat(1 + (number % 900)));
      expect(stored.has(number)).toBe(false);
      stored.add(number);
    }
  }
  expect(acknowledged.size).toBeGreaterThan(800);
  expect([...acknowledged].filter((number) => !stored.has(number))).toEqual([]);
  expect(journal.stats().inboxItems).toBe(stored.size);
  await journal.close();
});

test('a process that was killed is replaced at once, without waiting for its leases', async () => {
  const killed = await start({ leaseMs: 3_600_000 });
  await killed.ask('own');
  await killed.kill();
  const next = await start({ leaseMs: 3_600_000 });
  expect(await next.ask('own')).toEqual({ result: all });
});

test('a process that was stopped for longer than its lease is fenced when it goes on', async () => {
  const stopped = await start({ leaseMs: 300 });
  await stopped.ask('own');
  await stopped.ask('keep', { partition: 1 });
  await stopped.ask('pause');
  const next = await start({ leaseMs: 300 });
  await next.ask('own');
  await eventually(async () => ((await next.ask('owned')).result as number[]).length === 4);
  stopped.process.kill('SIGCONT');
  expect(await stopped.ask('commitStale')).toMatchObject({ fault: { code: 'GW_JOURNAL_FENCED' } });
  expect(await next.ask('get', { partition: 1, space: 'park', key: 'harm' })).toEqual({ result: null });
});

describe('a process that stops inside of a transaction', () => {
  const signals = ['SIGCONT', 'SIGKILL'] as const;
  const open = (): Promise<Journal> =>
    new FileStorage({ directory, lockWaitMs: 200 }).open('shared', { durability: 'disk', bytesMax: 1e6 });
  const append = (journal: Journal, text = 'x'): Promise<unknown> =>
    journal.append([{ partition: 0, payload: asBytes(Buffer.from(text)), items: 1 }]);

  test.each(signals)('makes the first append of another one fail in time, and after %s all goes on', async (signal) => {
    const journal = await open();
    const release = await holdLock(directory);
    await expect(append(journal)).rejects.toMatchObject({ code: 'GW_JOURNAL_LOCKED', kind: 'unavailable' });
    await expect(append(journal)).rejects.toMatchObject({ code: 'GW_JOURNAL_LOCKED' });
    await release(signal);
    await eventually(() =>
      append(journal).then(
        () => true,
        () => false,
      ),
    );
    expect(journal.stats().inboxItems).toBe(1);
    await journal.close();
  });

  test.each(signals)('keeps nobody who has a segment from appending, and after %s that can be read', async (signal) => {
    const journal = await open();
    const owned = new Owned();
    await journal.own(owned);
    await append(journal, 'before');
    const read = async (): Promise<readonly string[]> => (await owned.partition(0).read(undefined, 1e6)).map(({ payload }) => `${payload}`);
    expect(await read()).toEqual(['before']);
    const release = await holdLock(directory);
    for (const text of ['one', 'two']) await append(journal, text);
    expect(journal.stats().inboxItems).toBe(3);
    expect(await read()).toEqual(['before']);
    await release(signal);
    await eventually(async () => (await read()).length > 1);
    expect(await read()).toEqual(['before', 'one', 'two']);
    expect(journal.stats().inboxItems).toBe(3);
    await journal.close();
  });
});
