/** Real gateway processes that share one Redis, and what happens when they are killed or stopped. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../contract/journal-owner.ts';
import { RedisServer } from './redis-server.ts';
import { type ReplicaProcess, startReplica } from './replica-process.ts';

const replicas: ReplicaProcess[] = [];
let server: RedisServer;

beforeEach(async () => {
  server = await RedisServer.start();
});

afterEach(async () => {
  for (const replica of replicas.splice(0)) await replica.kill();
  await server.stop();
});

async function start(leaseMs: number): Promise<ReplicaProcess> {
  const replica = await startReplica({ address: { endpoints: [server.address] }, leaseMs });
  replicas.push(replica);
  return replica;
}

async function ownsAll(replica: ReplicaProcess): Promise<boolean> {
  return ((await replica.ask('owned')).result as number[]).length === 4;
}

async function startOwner(leaseMs: number): Promise<ReplicaProcess> {
  const replica = await start(leaseMs);
  await replica.ask('own');
  await eventually(() => ownsAll(replica));
  return replica;
}

test('a planned end hands the partitions over within a second, whatever the lease', async () => {
  const first = await startOwner(60_000);
  const second = await start(60_000);
  await second.ask('own');
  const startedAt = Date.now();
  await first.ask('close');
  await eventually(() => ownsAll(second));
  expect(Date.now() - startedAt).toBeLessThan(1_000);
});

test('a process that was killed is replaced when its lease is over, and its entries are there', async () => {
  const first = await startOwner(500);
  await first.ask('append', { partition: 2, size: 5, fill: 'x' });
  await first.kill();
  const second = await startOwner(500);
  expect(await second.ask('read', { partition: 2 })).toEqual({ result: ['xxxxx'] });
});

test('a process that was stopped for longer than its lease does no harm when it goes on', async () => {
  const stopped = await startOwner(500);
  await stopped.ask('keep', { partition: 1 });
  await stopped.ask('pause');
  const next = await startOwner(500);
  stopped.process.kill('SIGCONT');
  expect(await stopped.ask('commitStale')).toMatchObject({ fault: { code: 'GW_JOURNAL_FENCED' } });
  expect(await next.ask('get', { partition: 1, space: 'park', key: 'harm' })).toEqual({ result: null });
});
