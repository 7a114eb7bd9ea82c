/** What a server must give for each declared durability, asked of real servers that are set up in many ways. */
import { afterEach, expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { text } from '../contract/journal-contract.ts';
import { eventually } from '../contract/journal-owner.ts';
import { RedisJournals } from './redis-journals.ts';
import { RedisServer, startPair } from './redis-server.ts';

const journals = new RedisJournals();
const servers: RedisServer[] = [];

afterEach(async () => {
  await journals.close();
  for (const server of servers.splice(0)) await server.stop();
});

async function start(...args: string[]): Promise<RedisServer> {
  const server = await RedisServer.start({ args });
  servers.push(server);
  return server;
}

const one = [{ partition: 0, payload: text('x'), items: 1 }];
const everysec = ['--appendonly', 'yes', '--appendfsync', 'everysec'];

async function knowsWaitaof({ client }: RedisServer): Promise<boolean> {
  const [found] = (await client.call('COMMAND', 'INFO', 'WAITAOF')) as unknown[];
  return found !== null;
}

const level = { code: 'GW_JOURNAL_LEVEL', kind: 'invalid' };

test('appendfsync everysec gives "redis"', async () => {
  const address = { endpoints: [(await start(...everysec)).address] };
  expect(await (await journals.open({ address }, { durability: 'redis' })).append(one)).toMatchObject({ durability: 'redis' });
});

test('appendfsync everysec gives "redis_fsync" where the server knows WAITAOF; where not, the refusal says what to set', async () => {
  const server = await start(...everysec);
  const address = { endpoints: [server.address] };
  if (await knowsWaitaof(server)) {
    const journal = await journals.open({ address });
    expect(await journal.append(one)).toMatchObject({ durability: 'redis_fsync' });
    return expect(await server.client.info('commandstats')).toMatch(/cmdstat_waitaof:calls=[1-9]/);
  }
  await expect(journals.open({ address })).rejects.toMatchObject({
    ...level,
    message: expect.stringContaining('appendfsync "everysec" and does not know WAITAOF'),
    hint: expect.stringContaining('appendfsync to always'),
  });
});

test('a server without an append-only file gives no level, unless the operator vouches for it', async () => {
  const address = { endpoints: [(await start()).address] };
  await expect(journals.open({ address }, { durability: 'redis' })).rejects.toMatchObject({
    ...level,
    hint: expect.stringContaining('appendonly'),
  });
  await journals.open({ address, persistence: 'always' });
});

test('a server that may evict is refused', async () => {
  const address = { endpoints: [(await start(...everysec, '--maxmemory-policy', 'volatile-lru')).address] };
  await expect(journals.open({ address }, { durability: 'redis' })).rejects.toMatchObject({
    ...level,
    message: expect.stringContaining('volatile-lru'),
    hint: expect.stringContaining('noeviction'),
  });
});

test('where CONFIG is not allowed, the refusal says how to declare what it would tell', async () => {
  const server = await start('--appendonly', 'yes', '--appendfsync', 'always');
  await server.client.call('ACL', 'SETUSER', 'guest', 'on', '>guest', '~*', '&*', '+@all', '-config');
  const address = { endpoints: [server.address], username: 'guest', password: new Secret('guest') };
  // With WAITAOF it need not be known.
  if (await knowsWaitaof(server)) return expect(await journals.open({ address })).toMatchObject({ durability: 'redis_fsync' });
  await expect(journals.open({ address })).rejects.toMatchObject({
    ...level,
    message: expect.stringContaining('CONFIG is not allowed'),
    hint: expect.stringContaining('redis_storage::persistence'),
  });
  await journals.open({ address, persistence: 'always' });
});

test('a server without replicas does not give "redis_replica"', async () => {
  const address = { endpoints: [(await start(...everysec)).address] };
  await expect(journals.open({ address }, { durability: 'redis_replica' })).rejects.toMatchObject({
    ...level,
    message: expect.stringContaining('has no replica'),
  });
});

test('with "redis_replica" nothing is acknowledged that no replica has', async () => {
  const { master, replica } = await startPair();
  servers.push(master, replica);
  const journal = await journals.open(
    { address: { endpoints: [master.address] }, commandTimeoutMs: 4_000 },
    { durability: 'redis_replica' },
  );
  expect(await journal.append(one)).toMatchObject({ durability: 'redis_replica', items: 1 });
  expect((await replica.client.keys('*inbox')).length).toBe(1);
  replica.pause();
  await expect(journal.append(one)).rejects.toMatchObject({
    code: 'GW_JOURNAL_UNAVAILABLE',
    message: expect.stringContaining('no replica has confirmed'),
  });
  replica.resume();
  await eventually(() =>
    journal.append(one).then(
      () => true,
      () => false,
    ),
  );
});

test('a replica is refused, because nothing can be written there', async () => {
  const { master, replica } = await startPair();
  servers.push(master, replica);
  const address = { endpoints: [replica.address] };
  await expect(journals.open({ address })).rejects.toMatchObject({ ...level, message: expect.stringContaining('is a replica') });
});

test('appends stop when a server does not give the level any more, and go on when it does', async () => {
  const server = await start('--appendonly', 'yes', '--appendfsync', 'always');
  const reports: unknown[] = [];
  const journal = await journals.open({ address: { endpoints: [server.address] }, report: (error) => reports.push(error) });
  await server.client.config('SET', 'appendfsync', 'everysec');
  const refused = async (): Promise<boolean> =>
    journal.append(one).then(
      () => false,
      (error) => error.code === 'GW_JOURNAL_UNAVAILABLE' && error.message.includes('appendfsync'),
    );
  await eventually(refused);
  expect(reports).toHaveLength(1);
  await server.client.config('SET', 'appendfsync', 'always');
  await eventually(async () => !(await refused()));
  expect(reports.at(-1)).toBeUndefined();
});
