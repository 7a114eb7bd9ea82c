/** A cluster changes: a slot moves, a master is lost. What goes on, what waits, and what is promised. */
import { afterEach, expect, test } from 'vitest';
import type { Journal } from '../../src/journal/journal.ts';
import { slotOf } from '../../src/journal/redis/slot.ts';
import { text } from '../contract/journal-contract.ts';
import { eventually } from '../contract/journal-owner.ts';
import { contentsOf, RedisJournals } from './redis-journals.ts';
import { moveSlot, type RedisCluster, type RedisServer, startCluster } from './redis-server.ts';

const journals = new RedisJournals();
let cluster: RedisCluster;

afterEach(async () => {
  await journals.close();
  await cluster.stop();
});

const partitions = 12;

const appendTo = (journal: Journal, partition: number, name: string): Promise<boolean> =>
  journal.append([{ partition, payload: text(name), items: 1 }]).then(
    () => true,
    () => false,
  );

test('with "redis_replica" a failover loses nothing that was acknowledged, and all partitions go on', { timeout: 60_000 }, async () => {
  cluster = await startCluster({ replicas: true });
  const [lost, kept] = cluster.masters as [RedisServer, RedisServer];
  const address = { endpoints: [kept.address, lost.address] };
  const options = { durability: 'redis_replica', partitions } as const;
  const { journal, owned } = await journals.openOwned({ address, leaseMs: 3_000, commandTimeoutMs: 2_000 }, options);
  const acknowledged = new Set<string>();
  const flood = async (round: string): Promise<number> => {
    const before = acknowledged.size;
    const names = Array.from({ length: partitions * 4 }, (_, index) => `${round}/${index}`);
    await Promise.all(
      names.map(async (name, index) => void ((await appendTo(journal, index % partitions, name)) && acknowledged.add(name))),
    );
    return acknowledged.size - before;
  };
  expect(await flood('before')).toBe(partitions * 4);
  const during = flood('during');
  await lost.kill();
  await during;
  // The other masters go on meanwhile.
  expect(await flood('without one')).toBeGreaterThan(partitions);
  const replica = cluster.replicas[0] as RedisServer;
  await eventually(async () => (await replica.client.info('replication')).includes('role:master'));
  // The new master has no replica: it holds what was acknowledged, and acknowledges again when the old one follows it.
  await lost.run();
  let round = 0;
  await eventually(async () => (await flood(`after ${round++}`)) === partitions * 4);
  await eventually(() => owned.partitions.size === partitions);
  let stored: Set<string> | undefined;
  await eventually(async () => {
    stored = await contentsOf(owned).then(
      (contents) => new Set(contents),
      () => undefined,
    );
    return stored !== undefined;
  });
  expect([...acknowledged].filter((name) => !stored?.has(name))).toEqual([]);
});

test('a partition whose slot moves to another master goes on there, with all that it held', { timeout: 60_000 }, async () => {
  cluster = await startCluster();
  const address = { endpoints: [(cluster.masters[0] as RedisServer).address] };
  const { journal, owned } = await journals.openOwned({ address }, { partitions });
  const acknowledged = new Set<string>();
  let moving = true;
  const append = async (): Promise<void> => {
    for (let number = 0; moving || number < 100; number++)
      if (await appendTo(journal, number % partitions, `${number}`)) acknowledged.add(`${number}`);
  };
  const appending = append();
  await eventually(() => acknowledged.size > 50);
  for (const partition of [0, 5]) {
    const slot = slotOf(`{spanway:langsmith:p0${partition}}`);
    const from = Math.floor((slot * 3) / 16_384);
    await moveSlot(cluster, slot, cluster.masters[from] as RedisServer, cluster.masters[(from + 1) % 3] as RedisServer);
  }
  moving = false;
  await appending;
  for (const partition of owned.partitions.values()) await partition.commit({ put: [{ space: 'meta', key: 'k', value: text('v') }] });
  const stored = new Set(await contentsOf(owned));
  expect(owned.partitions.size).toBe(partitions);
  expect([...acknowledged].filter((name) => !stored.has(name))).toEqual([]);
});
