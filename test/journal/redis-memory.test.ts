/** A server whose memory is limited: appends are refused before it is full, commits never. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asBytes } from '../../src/model/bytes.ts';
import { text } from '../contract/journal-contract.ts';
import { eventually } from '../contract/journal-owner.ts';
import { RedisJournals } from './redis-journals.ts';
import { RedisServer, safe } from './redis-server.ts';

const journals = new RedisJournals();
let server: RedisServer;

beforeEach(async () => {
  server = await RedisServer.start({ args: [...safe, '--maxmemory', '32mb'] });
});

afterEach(async () => {
  await journals.close();
  await server.stop();
});

const payload = asBytes(Buffer.alloc(1_000_000, 7));
const entry = [{ partition: 1, payload, items: 1 }];

test('over the high-water mark of memory appends are refused until there is room again', async () => {
  const { journal, owned } = await journals.openOwned({ address: { endpoints: [server.address] }, memoryShareMax: 0.4 });
  for (let count = 0; count < 14; count++) await journal.append(entry);
  const refused = (): Promise<boolean> =>
    journal.append([{ partition: 1, payload: text('x'), items: 1 }]).then(
      () => false,
      (error) => error.code === 'GW_JOURNAL_FULL' && error.retryAfterMs > 0 && error.message.includes('bytes of memory'),
    );
  await eventually(refused);
  const partition = owned.partition(1);
  const entries = await partition.read(undefined, 2 ** 30);
  await partition.commit({ acknowledge: entries.map(({ id }) => id) });
  await eventually(async () => !(await refused()));
});

test('a server that is out of memory answers as full, stores nothing of it, and still takes commits and commands', async () => {
  const { journal, owned } = await journals.openOwned({ address: { endpoints: [server.address] }, memoryShareMax: 1 });
  await journal.append(entry);
  await server.client.config('SET', 'maxmemory', '1mb');
  await expect(journal.append(entry)).rejects.toMatchObject({ code: 'GW_JOURNAL_FULL' });
  await journal.append([{ partition: 2, payload: text('drop'), items: 0 }]);
  expect(await owned.partition(2).read(undefined, 1)).toMatchObject([{ payload: text('drop') }]);
  const partition = owned.partition(1);
  const entries = await partition.read(undefined, 2 ** 30);
  expect(entries).toHaveLength(1);
  await partition.commit({ acknowledge: [entries[0]?.id ?? ''], put: [{ space: 'park', key: 'k', value: payload }] });
  expect((await partition.get('park', 'k'))?.length).toBe(payload.length);
});
