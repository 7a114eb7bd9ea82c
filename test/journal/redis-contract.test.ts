/** The contract of every journal, kept by Redis: one server, and a cluster of three masters. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RedisAddress } from '../../src/journal/redis/address.ts';
import { slotOf } from '../../src/journal/redis/slot.ts';
import { RedisStorage } from '../../src/journal/redis/storage.ts';
import { type JournalSubject, journalContract, text } from '../contract/journal-contract.ts';
import { type RedisCluster, RedisServer, startCluster } from './redis-server.ts';

let subjects = 0;

/** Each subject has keys of its own. */
function subject(address: RedisAddress): JournalSubject {
  const prefix = `contract-${subjects++}`;
  return {
    durability: 'redis_fsync',
    replica: (options) => new RedisStorage({ address, prefix, ...options }),
    close: async () => {},
  };
}

describe('one server', () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await RedisServer.start();
  });

  afterAll(() => server.stop());

  journalContract('redis', async () => subject({ endpoints: [server.address] }));
});

describe('a cluster of three masters', () => {
  let cluster: RedisCluster;

  beforeAll(async () => {
    cluster = await startCluster();
  });

  afterAll(() => cluster.stop());

  const address = (): RedisAddress => ({ endpoints: [(cluster.masters[0] as RedisServer).address] });

  journalContract('redis cluster', async () => subject(address()));

  test('spreads the partitions over all masters, each partition in one slot', async () => {
    const journal = await new RedisStorage({ address: address(), prefix: 'spread' }).open('langsmith', {
      durability: 'redis_fsync',
      bytesMax: 2 ** 20,
    });
    expect(journal.partitions).toBe(32);
    await journal.append(Array.from({ length: 32 }, (_, partition) => ({ partition, payload: text('x'), items: 1 })));
    for (const { client } of cluster.masters) {
      const keys = (await client.keys('{spread:*')).filter((key) => key.includes(':p'));
      expect(keys.length).toBeGreaterThan(6);
      for (const key of keys) expect(await client.call('CLUSTER', 'KEYSLOT', key)).toBe(slotOf(key));
    }
    await journal.close();
  });
});
