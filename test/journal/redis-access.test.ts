/** How a server is reached: URL, TLS, users, Sentinel; and that nothing secret is told when it is not. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { parseUrl } from '../../src/journal/redis/address.ts';
import { redisStorage } from '../../src/journal/redis/redis-storage.ts';
import { addressOf, type Settings } from '../../src/journal/redis/settings.ts';
import { slotOf } from '../../src/journal/redis/slot.ts';
import { systemClock } from '../../src/journal/system-clock.ts';
import type { Deps } from '../../src/model/component.ts';
import type { Observer } from '../../src/model/observer.ts';
import { text } from '../contract/journal-contract.ts';
import { eventually } from '../contract/journal-owner.ts';
import { RedisJournals } from './redis-journals.ts';
import { RedisServer, safe, startPair, startSentinel } from './redis-server.ts';

const journals = new RedisJournals();
const servers: RedisServer[] = [];
const directories: string[] = [];

afterEach(async () => {
  await journals.close();
  for (const server of servers.splice(0)) await server.stop();
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

const schema = redisStorage.schema as z.ZodType<Settings>;
const observer = new Proxy({}, { get: () => () => {} }) as Observer;
const deps: Deps = { id: 'redis_storage', observer, clock: systemClock };
const one = [{ partition: 0, payload: text('x'), items: 1 }];

describe('settings', () => {
  const address = (given: unknown): unknown => addressOf(schema.parse(given));

  test('name one server, some nodes of a cluster, or Sentinels', () => {
    expect(address({})).toEqual({ endpoints: [{ host: 'localhost', port: 6379 }] });
    expect(address({ endpoint: 'redis:7000', db: 2 })).toEqual({ endpoints: [{ host: 'redis', port: 7000 }], db: 2 });
    expect(address({ endpoints: 'a:1, b:2' })).toMatchObject({ mode: 'cluster', endpoints: [{ host: 'a' }, { host: 'b' }] });
    expect(address({ sentinel: { master: 'main', endpoints: ['s:26379'] } })).toMatchObject({
      mode: 'sentinel',
      sentinel: { master: 'main', endpoints: [{ host: 's', port: 26379 }] },
    });
  });

  test('take a URL as any Redis client does, and the settings beside it win', () => {
    expect(address({ url: 'rediss://user:p%40ss@redis:6380/3' })).toMatchObject({
      endpoints: [{ host: 'redis', port: 6380 }],
      username: 'user',
      db: 3,
      tls: {},
    });
    expect(addressOf(schema.parse({ url: 'redis://:p%40ss@redis' })).password?.reveal()).toBe('p@ss');
    expect(addressOf(schema.parse({ url: 'redis://:old@redis', password: 'new' })).password?.reveal()).toBe('new');
    expect(parseUrl('redis://a:1,b:2,c')?.endpoints).toEqual(['a:1', 'b:2', 'c:6379']);
    for (const wrong of ['http://redis', 'redis://', 'redis://a/b', 'redis://%zz@a']) expect(parseUrl(wrong)).toBeUndefined();
  });

  test('that would lose data or contradict each other are refused', () => {
    for (const wrong of [
      { expiration: '1h' },
      { endpoint: 'a:1', endpoints: ['b:2'] },
      { mode: 'sentinel' },
      { mode: 'cluster', db: 1 },
      { prefix: 'a{b' },
      { lease: { ttl: '10ms' } },
      { url: 'http://redis' },
    ])
      expect(schema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    expect(schema.safeParse({ expiration: '0s' }).success).toBe(true);
  });

  test('never show passwords', () => {
    const settings = schema.parse({
      url: 'redis://:hunter2@redis',
      password: 'hunter2',
      sentinel: { master: 'm', endpoints: ['s:1'], password: 'hunter2' },
    });
    expect(inspect(settings, { depth: 9 }) + JSON.stringify(settings)).not.toContain('hunter2');
    expect(inspect(addressOf(settings), { depth: 9 })).not.toContain('hunter2');
  });
});

test('slots are those of the cluster specification', () => {
  expect(slotOf('123456789')).toBe(0x31c3);
  expect(slotOf('{user1000}.following')).toBe(slotOf('user1000'));
  expect(slotOf('foo{}{bar}')).toBe(slotOf('foo{}{bar}'));
});

test('a wrong password is told without the password', async () => {
  const server = await RedisServer.start({ args: [...safe, '--requirepass', 'right'], client: { password: 'right' } });
  servers.push(server);
  const storage = redisStorage.create(schema.parse({ endpoint: `127.0.0.1:${server.port}`, password: 'hunter2' }), deps);
  const error: unknown = await storage.start().catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'GW_JOURNAL_UNAVAILABLE', message: expect.stringContaining('user name or password') });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
});

test('an error of the server is told without the payload that it was about', async () => {
  const server = await RedisServer.start();
  servers.push(server);
  const journal = await journals.open({ address: { endpoints: [server.address] } });
  for (let partition = 0; partition < 4; partition++) await server.client.set(`{spanway:langsmith:p0${partition}}:inbox`, 'not a stream');
  const error: unknown = await journal
    .append([{ partition: 0, payload: text('confidential'), items: 1 }])
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'GW_JOURNAL_UNAVAILABLE', message: expect.stringContaining('WRONGTYPE') });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('confidential');
});

test('TLS with client certificates and a user that may do no more than needed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'spanway-tls-'));
  directories.push(directory);
  const file = (name: string): string => join(directory, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.crt');
  for (const name of ['server', 'client']) {
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    openssl(
      'x509',
      '-req',
      '-days',
      '1',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      `${name}.crt`,
    );
  }
  const certificates = ['--tls-ca-cert-file', file('ca.crt'), '--tls-cert-file', file('server.crt'), '--tls-key-file', file('server.key')];
  const client = {
    tls: {
      ca: readFileSync(file('ca.crt')),
      cert: readFileSync(file('client.crt')),
      key: readFileSync(file('client.key')),
      servername: 'server',
    },
  };
  const server = await RedisServer.start({ args: [...safe, ...certificates], client, tls: true });
  servers.push(server);
  const commands = '+@connection +@read +@write +@scripting -@dangerous +time +info +wait +config|get +cluster|slots'.split(' ');
  await server.client.call('ACL', 'SETUSER', 'spanway', 'on', '>s3cret', 'resetkeys', '~{own:*', 'nocommands', ...commands);
  const settings = {
    endpoint: `127.0.0.1:${server.port}`,
    username: 'spanway',
    password: 's3cret',
    prefix: 'own',
    tls: { ca_file: file('ca.crt'), cert_file: file('client.crt'), key_file: file('client.key'), server_name_override: 'server' },
  };
  const extension = redisStorage.create(schema.parse(settings), deps);
  await extension.start();
  const journal = await extension.open('langsmith', { durability: 'redis_fsync', bytesMax: 2 ** 20 });
  expect(await journal.append(one)).toMatchObject({ items: 1 });
  await journal.own({ acquired: () => {}, released: async () => {} });
  expect(journal.stats().partitionsOwned).toBe(32);
  await journal.close();
  const stranger = redisStorage.create(schema.parse({ ...settings, tls: {} }), deps);
  await expect(stranger.start()).rejects.toMatchObject({ code: 'GW_JOURNAL_UNAVAILABLE', message: expect.stringContaining('TLS') });
});

test('Sentinel leads to the master, and to the next one when it fails', { timeout: 60_000 }, async () => {
  const { master, replica } = await startPair();
  const sentinel = await startSentinel(master);
  servers.push(master, replica, sentinel);
  const address = { mode: 'sentinel', endpoints: [], sentinel: { master: 'main', endpoints: [sentinel.address] } } as const;
  const journal = await journals.open({ address });
  await journal.append(one);
  const stored = (): Promise<number> => replica.client.xlen('{spanway:langsmith:p00}:inbox');
  // Without "redis_replica" nothing says that the replica has it already.
  await eventually(async () => (await stored()) === 1);
  await master.kill();
  await eventually(() =>
    journal.append(one).then(
      () => true,
      () => false,
    ),
  );
  expect(await stored()).toBeGreaterThan(1);
});
