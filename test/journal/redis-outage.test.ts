/** Redis is killed, stopped, restarted, or comes back with less than it had. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Journal } from '../../src/journal/journal.ts';
import { commitScript } from '../../src/journal/redis/scripts.ts';
import { text } from '../contract/journal-contract.ts';
import { eventually } from '../contract/journal-owner.ts';
import { contentsOf, RedisJournals } from './redis-journals.ts';
import { RedisServer } from './redis-server.ts';

const journals = new RedisJournals();
let server: RedisServer;

beforeEach(async () => {
  server = await RedisServer.start();
});

afterEach(async () => {
  server.resume();
  await journals.close();
  await server.stop();
});

const append = (journal: Journal, name: string): Promise<boolean> =>
  journal.append([{ partition: name.length % 4, payload: text(name), items: 1 }]).then(
    () => true,
    () => false,
  );

test('what was acknowledged before Redis was killed is there afterwards, round after round', { timeout: 60_000 }, async () => {
  const journal = await journals.open({ address: { endpoints: [server.address] } });
  const acknowledged = new Set<string>();
  for (let round = 0; round < 4; round++) {
    const before = acknowledged.size;
    let killed: Promise<void> | undefined;
    for (let number = 0; !killed || number % 16 !== 0; ) {
      const names = Array.from({ length: 16 }, () => `${round}/${number++}/${'x'.repeat(number % 700)}`);
      const flood = names.map(async (name) => void ((await append(journal, name)) && acknowledged.add(name)));
      if (acknowledged.size - before > 300 + 50 * round) killed = server.kill();
      await Promise.all(flood);
    }
    await killed;
    await server.run();
    await eventually(() => append(journal, `up again ${round}`));
  }
  const { owned } = await journals.openOwned({ address: { endpoints: [server.address] } });
  const stored = new Set(await contentsOf(owned));
  expect(acknowledged.size).toBeGreaterThan(1_200);
  expect([...acknowledged].filter((name) => !stored.has(name))).toEqual([]);
});

test('while Redis is away appends are refused at once, commits too; then all goes on by itself and what was held is held', async () => {
  const reports: unknown[] = [];
  const address = { endpoints: [server.address] };
  const { journal, owned } = await journals.openOwned({ address, leaseMs: 15_000, report: (error) => reports.push(error) });
  expect(await append(journal, 'before')).toBe(true);
  await server.kill();
  await eventually(async () => !(await append(journal, 'refused')));
  const before = Date.now();
  await expect(journal.append([{ partition: 0, payload: text('refused'), items: 1 }])).rejects.toMatchObject({
    code: 'GW_JOURNAL_UNAVAILABLE',
    kind: 'unavailable',
    retryAfterMs: expect.any(Number),
  });
  expect(Date.now() - before).toBeLessThan(500);
  const partition = owned.partition(2);
  await expect(partition.commit({ put: [{ space: 'park', key: 'k', value: text('v') }] })).rejects.toMatchObject({
    code: 'GW_JOURNAL_UNAVAILABLE',
  });
  await eventually(() => reports.length > 0);
  await server.run();
  await eventually(() => reports.at(-1) === undefined && append(journal, 'after'));
  await partition.commit({ put: [{ space: 'park', key: 'k', value: text('v') }] });
  expect(partition.lost.aborted).toBe(false);
  expect(await contentsOf(owned)).toEqual(expect.arrayContaining(['before', 'after']));
});

test('a server that does not answer any more does not hold appends up', async () => {
  const journal = await journals.open({ address: { endpoints: [server.address] }, commandTimeoutMs: 300 });
  server.pause();
  const startedAt = Date.now();
  expect(await append(journal, 'into the void')).toBe(false);
  expect(Date.now() - startedAt).toBeLessThan(2_000);
  server.resume();
  await eventually(() => append(journal, 'after'));
});

test('a commit without an answer is done before the next look at the partition, or never', async () => {
  const { owned } = await journals.openOwned({ address: { endpoints: [server.address] }, commandTimeoutMs: 300, leaseMs: 60_000 });
  const partition = owned.partition(1);
  server.pause();
  await expect(partition.commit({ put: [{ space: 'park', key: 'late', value: text('v') }] })).rejects.toMatchObject({
    code: 'GW_JOURNAL_UNAVAILABLE',
  });
  server.resume();
  const keys = async (): Promise<string[]> => (await partition.scan('park', '', '~', 10)).map(({ key }) => key);
  let seen: string[] | undefined;
  await eventually(async () => {
    seen = await keys().catch(() => undefined);
    return seen !== undefined;
  });
  // The term has changed: were the same commit to come only now, it would be refused.
  const redis = new Redis({ host: '127.0.0.1', port: Number(server.address.port) });
  const [lease] = await redis.keys('*p*1}:lease');
  const { text: owner = '', term = '' } = await redis.hgetall(lease as string);
  expect(Number(term)).toBeGreaterThan(0);
  const names = [lease as string, 'unused', 'unused', 'unused', 'unused'];
  expect(await redis.eval(commitScript.source, names.length, ...names, owner, Number(term) - 1, 0, 0)).toBe(-1);
  redis.disconnect();
  await partition.commit({ put: [{ space: 'park', key: 'next', value: text('v') }] });
  expect(await keys()).toEqual([...(seen ?? []), 'next']);
  expect(partition.lost.aborted).toBe(false);
});

test('data that was acknowledged and is gone is told', async () => {
  const missing: number[] = [];
  const { journal } = await journals.openOwned({ address: { endpoints: [server.address] }, missing: (bytes) => missing.push(bytes) });
  expect(await append(journal, 'lost')).toBe(true);
  const { bytes } = journal.stats();
  await server.kill();
  await rm(join(server.directory, 'appendonlydir'), { recursive: true });
  await server.run();
  await eventually(() => missing.length > 0);
  expect(missing).toEqual([bytes]);
  expect(journal.stats()).toMatchObject({ bytes: 0, inboxItems: 0 });
});

test('opening a journal tells that Redis cannot be reached', async () => {
  await server.kill();
  await expect(journals.open({ address: { endpoints: [server.address] } })).rejects.toMatchObject({
    code: 'GW_JOURNAL_UNAVAILABLE',
    message: 'cannot connect to Redis: nothing listens at its address',
  });
});
