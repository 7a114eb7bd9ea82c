/** What happens to values in Redis that somebody has changed. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { text } from '../contract/journal-contract.ts';
import { RedisJournals } from './redis-journals.ts';
import { RedisServer, safe } from './redis-server.ts';

const journals = new RedisJournals();
let server: RedisServer;

beforeEach(async () => {
  server = await RedisServer.start({ args: safe });
});

afterEach(async () => {
  await journals.close();
  await server.stop();
});

test('a damaged value costs only itself: a page of a scan is full where there is more behind it', async () => {
  const { journal, owned } = await journals.openOwned({ address: { endpoints: [server.address] } });
  const partition = owned.partition(1);
  const keys = ['a', 'b', 'c', 'd', 'e'];
  await partition.commit({ put: keys.map((key) => ({ space: 'park', key, value: text(key) })) });
  const [values = ''] = await server.client.keys('*:park');
  await server.client.hset(values, 'b', 'garbage', 'c', 'garbage');
  const page = async (from: string): Promise<string[]> => (await partition.scan('park', from, '~', 2)).map(({ key }) => key);
  expect(await page('')).toEqual(['a', 'd']);
  expect(await page('d\0')).toEqual(['e']);
  expect(journal.stats().damaged).toBe(2);
});
