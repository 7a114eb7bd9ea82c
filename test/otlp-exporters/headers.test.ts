/** Headers by caller: `headers_setter`, on both OTLP exporters, through the journal. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { z } from 'zod';
import { headersSetter } from '../../src/extensions/headers-setter.ts';
import { FileStorage } from '../../src/journal/file/storage.ts';
import { MemoryStorage } from '../../src/journal/memory/memory-storage.ts';
import type { Caller } from '../../src/model/batch.ts';
import type { Deps, HeadersSetter } from '../../src/model/component.ts';
import { tracesOf } from '../../src/otlp/otlp.ts';
import { type Backend, spans, startBackend, startExporter, until, type World } from './world.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function setterOf(headers: readonly object[]): HeadersSetter {
  return headersSetter.create((headersSetter.schema as z.ZodType).parse({ headers }), {} as Deps);
}

function from(metadata: Readonly<Record<string, string[]>>, auth: Readonly<Record<string, string>> = {}): Caller {
  const given = new Map(Object.entries(metadata));
  return { receiver: 'otlp', transport: 'http', address: '', metadata: given, auth: new Map(Object.entries(auth)), receivedAtMs: 0 };
}

async function backend(answer?: Backend['answer']): Promise<Backend> {
  const started = await startBackend(answer);
  open.push(started.close);
  return started;
}

const settled = (world: World) => (): boolean => world.exporter.balance().waiting === 0;
const spansOf = (caller: Caller, name = 'span') => tracesOf(caller, spans(2, name).resourceSpans);
const viaSetter = { auth: { authenticator: 'headers_setter' } };

async function exporter(url: string, setter: HeadersSetter, settings: object = {}): Promise<World> {
  const world = await startExporter('otlp_http', { endpoint: url, ...viaSetter, ...settings }, new MemoryStorage(), setter);
  open.push(() => world.stop(100));
  return world;
}

test('each action does to the configured headers what it says, by value, by header of the caller and by what is known of the caller', async () => {
  const server = await backend();
  const setter = setterOf([
    { key: 'X-Tenant', from_context: 'X-Scope' },
    { action: 'insert', key: 'x-new', value: 'new' },
    { action: 'insert', key: 'x-set', value: 'not taken' },
    { action: 'update', key: 'x-set-too', value: 'updated' },
    { action: 'update', key: 'x-unknown', value: 'not taken' },
    { action: 'delete', key: 'x-gone' },
    { action: 'upsert', key: 'x-user', from_attribute: 'username' },
    { key: 'x-plan', from_context: 'x-plan', default_value: 'free' },
    { key: 'x-absent', from_context: 'x-absent' },
  ]);
  const world = await exporter(server.url, setter, { headers: { 'x-set': 'set', 'x-set-too': 'set', 'x-gone': 'gone' } });
  await world.exporter.consume(spansOf(from({ 'x-scope': ['acme'] }, { username: 'ann' })));
  await until(settled(world));
  expect(server.got[0]?.headers).toMatchObject({
    'x-tenant': 'acme',
    'x-new': 'new',
    'x-set': 'set',
    'x-set-too': 'updated',
    'x-user': 'ann',
    'x-plan': 'free',
  });
  for (const name of ['x-unknown', 'x-gone', 'x-absent']) expect(server.got[0]?.headers).not.toHaveProperty(name);
});

test('data of two callers goes out under the header of each', async () => {
  const server = await backend();
  const world = await exporter(server.url, setterOf([{ key: 'x-tenant', from_context: 'x-tenant' }]));
  await world.exporter.consume(spansOf(from({ 'x-tenant': ['one'] }), 'one'));
  await world.exporter.consume(spansOf(from({ 'x-tenant': ['two'] }), 'two'));
  await until(settled(world));
  for (const { headers, names } of server.got) expect(names[0]).toBe(`${headers['x-tenant']}-0`);
});

test('a request is refused if its header came twice, or holds what HTTP does not allow', async () => {
  const server = await backend();
  const world = await exporter(server.url, setterOf([{ key: 'x-tenant', from_context: 'x-tenant' }]));
  await expect(world.exporter.consume(spansOf(from({ 'x-tenant': ['one', 'two'] })))).rejects.toThrow('"x-tenant" came 2 times');
  await expect(world.exporter.consume(spansOf(from({ 'x-tenant': ['a\r\nb: c'] })))).rejects.toThrow(
    'a character that HTTP does not allow',
  );
  expect(world.exporter.balance().stored).toBe(0);
});

test('headers wait in the journal sealed, and go out after a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'spanway-headers-'));
  open.push(() => rmSync(directory, { recursive: true, force: true }));
  const setter = setterOf([{ key: 'authorization', from_context: 'authorization' }]);
  const secret = 'Bearer hush-hush-hush';
  let isDown = true;
  const server = await backend(() => (isDown ? { status: 503 } : undefined));
  const start = async () => {
    const settings = {
      endpoint: server.url,
      ...viaSetter,
      key_sealing: { key: 'a key of the operator' },
      sending_queue: { durability: 'disk' },
    };
    const world = await startExporter('otlp_http', settings, new FileStorage({ directory }), setter);
    return { world, stop: () => world.stop(100) };
  };
  const first = await start();
  await first.world.exporter.consume(spansOf(from({ authorization: [secret] })));
  await first.stop();
  for (const file of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name)).includes('hush')).toBe(false);
  isDown = false;
  const second = await start();
  open.push(second.stop);
  await until(() => server.got.length === 1);
  expect(server.got[0]?.headers.authorization).toBe(secret);
});

test('a caller whose credentials the backend refuses stops nobody else, and its data becomes a dead letter without the credentials', async () => {
  const server = await backend(({ headers }) => (headers['x-key'] === 'wrong' ? { status: 401, body: 'no such key: wrong' } : undefined));
  const world = await exporter(server.url, setterOf([{ key: 'x-key', from_context: 'x-key' }]));
  await world.exporter.consume(spansOf(from({ 'x-key': ['wrong'] })));
  await world.exporter.consume(spansOf(from({ 'x-key': ['right'] })));
  await until(settled(world));
  expect(world.exporter.balance()).toMatchObject({ delivered: 2, deadLettered: 2 });
  expect(world.lines.join()).not.toContain('wrong');
});

test('without a queue the headers are set, too', async () => {
  const server = await backend();
  const setter = setterOf([{ key: 'x-tenant', from_context: 'x-tenant' }]);
  const settings = { endpoint: server.url, ...viaSetter, sending_queue: { enabled: false } };
  const world = await startExporter('otlp_http', settings, undefined, setter);
  await world.exporter.consume(spansOf(from({ 'x-tenant': ['acme'] })));
  expect(server.got[0]?.headers['x-tenant']).toBe('acme');
  await world.exporter.stop(Date.now() + 100);
});

test.each([
  [[], 'missing headers definition'],
  [[{ key: 'a' }], 'must be one of value, from_context or from_attribute'],
  [[{ key: 'a', value: 'b', from_context: 'c' }], 'must be one of value, from_context or from_attribute'],
  [[{ key: 'Content-Length', value: '1' }], 'this header belongs to the transport'],
  [[{ key: 'two words', value: '1' }], 'expected the name of a header'],
])('%j is refused at load', (headers, message) => {
  expect(JSON.stringify((headersSetter.schema as z.ZodType).safeParse({ headers }).error?.issues)).toContain(message);
});
