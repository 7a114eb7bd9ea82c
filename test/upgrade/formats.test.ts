/** Which journals a version opens: its own format and older ones that it knows, on disk and in Redis alike. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Environment } from '../../src/journal/file/environment.ts';
import { openFormat as openInFile } from '../../src/journal/file/format.ts';
import { type FormatRecord, type Formats, formats } from '../../src/journal/format.ts';
import { openFormat as openInRedis } from '../../src/journal/redis/format.ts';
import { journalKeys } from '../../src/journal/redis/layout.ts';
import { Link } from '../../src/journal/redis/link.ts';
import { temporaryDirectory } from '../e2e/harness.ts';
import { RedisServer } from '../journal/redis-server.ts';

interface Store {
  open(readable?: Formats): Promise<FormatRecord>;
  damage(): Promise<unknown>;
  close(): Promise<void>;
}

async function fileStore(): Promise<Store> {
  const directory = temporaryDirectory();
  const fixed = { createDirectory: true, directoryPermissions: 0o750, fsync: true, lockWaitMs: 1_000, sizeMax: 2 ** 30 };
  const environment = await Environment.open({ directory: directory.path, ...fixed });
  const store = environment.store('langsmith');
  return {
    open: (readable) => openInFile('langsmith', environment, store, 4, readable),
    damage: () => store.put(Buffer.from('\0format'), Buffer.from('{"format":1}')),
    close: async () => {
      await environment.close();
      directory.remove();
    },
  };
}

async function redisStore(): Promise<Store> {
  const server = await RedisServer.start();
  const keys = journalKeys('spanway', 'langsmith');
  const address = { endpoints: [server.address] };
  const link = await Link.open({ address, dialTimeoutMs: 5_000, commandTimeoutMs: 5_000, name: 'test' }, 'reply');
  return {
    open: (readable) => openInRedis(link, keys, 'langsmith', 4, readable),
    damage: () => server.client.hdel(keys.format, 'partitions'),
    close: async () => {
      link.close();
      await server.stop();
    },
  };
}

describe.each([
  ['on disk', fileStore],
  ['in Redis', redisStore],
])('%s', (_where, openStore) => {
  let store: Store;

  beforeEach(async () => {
    store = await openStore();
  });
  afterEach(() => store.close());

  test('a new journal has the newest format', async () => {
    expect(await store.open()).toMatchObject({ format: formats.newest });
  });

  test('a journal keeps the format it was made with, so the version before and the one after share it', async () => {
    const made = await store.open({ oldest: 1, newest: 1 });
    expect(made).toMatchObject({ format: 1, partitions: 4, madeBy: expect.stringMatching(/^\d+\.\d+\.\d+/) as string });
    expect(await store.open({ oldest: 1, newest: 2 })).toEqual(made);
    expect(await store.open({ oldest: 1, newest: 1 })).toEqual(made);
  });

  test.each([
    ['newer', { oldest: 1, newest: 1 }, 'reads format 1'],
    ['too old', { oldest: 3, newest: 4 }, 'reads formats 3 to 4'],
  ])('one whose format is %s is refused, with the version that can deliver it', async (_age, readable, reads) => {
    const { madeBy } = await store.open({ oldest: 2, newest: 2 });
    await expect(store.open(readable)).rejects.toMatchObject({
      code: 'GW_JOURNAL_UNAVAILABLE',
      message: expect.stringContaining(reads) as string,
      hint: expect.stringContaining(`Spanway ${madeBy}`) as string,
    });
  });

  test('a damaged record is damage, and no guess', async () => {
    await store.open({ oldest: 1, newest: 1 });
    await store.damage();
    await expect(store.open({ oldest: 1, newest: 1 })).rejects.toMatchObject({ code: 'GW_JOURNAL_CORRUPT' });
  });
});
