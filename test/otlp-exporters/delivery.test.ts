import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { DeadLetterDesk } from '../../src/exporters/langsmith/dead-letter-desk.ts';
import { FileStorage } from '../../src/journal/file/storage.ts';
import { MemoryStorage } from '../../src/journal/memory/memory-storage.ts';
import { exportResponse, statusMessage } from '../../src/otlp/otlp.ts';
import { type Backend, logRecords, spans, startBackend, startExporter, until, type World } from './world.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function backend(answer?: Backend['answer']): Promise<Backend> {
  const started = await startBackend(answer);
  open.push(started);
  return started;
}

async function exporter(url: string, settings: Record<string, unknown> = {}, storage = new MemoryStorage()): Promise<World> {
  const world = await startExporter('otlp_http', { endpoint: url, ...settings }, storage);
  open.push({ close: () => world.stop(100) });
  return world;
}

const settled = (world: World) => (): boolean => world.exporter.balance().waiting === 0;
const sorted = (names: readonly string[]): string[] => [...names].sort();
const allNames = ({ got }: Backend): string[] => sorted(got.flatMap(({ names }) => names));

describe('what is taken', () => {
  test('spans and log records arrive, each at its path, and are delivered in the books', async () => {
    const server = await backend();
    const world = await exporter(server.url, { headers: { 'X-Api-Key': 'a key' } });
    expect(await world.exporter.consume(spans(9))).toMatchObject({ durability: 'memory', items: 9 });
    await world.exporter.consume(logRecords(2));
    await until(settled(world));
    expect(allNames(server)).toEqual(sorted(['log-0', 'log-1', ...Array.from({ length: 9 }, (_, index) => `span-${index}`)]));
    expect(sorted(server.got.map(({ path }) => path))).toEqual(['/v1/logs', '/v1/traces']);
    expect(server.got[0]?.headers).toMatchObject({
      'x-api-key': 'a key',
      'content-encoding': 'gzip',
      'content-type': 'application/x-protobuf',
    });
    expect(world.exporter.balance()).toEqual({ stored: 11, duplicate: 0, delivered: 11, deadLettered: 0, waiting: 0 });
  });

  test('a batch above max_request_bytes goes in several requests, every span once', async () => {
    const server = await backend();
    const world = await exporter(server.url, { max_request_bytes: '8KiB' });
    await world.exporter.consume(spans(50, 'span', 'x'.repeat(1_000)));
    await until(settled(world));
    expect(server.got.length).toBeGreaterThan(5);
    expect(allNames(server)).toEqual(sorted(Array.from({ length: 50 }, (_, index) => `span-${index}`)));
  });

  test('a single span above max_request_bytes goes whole', async () => {
    const server = await backend();
    const world = await exporter(server.url, { max_request_bytes: '1KiB' });
    await world.exporter.consume(spans(1, 'large', 'x'.repeat(10_000)));
    await until(settled(world));
    expect(allNames(server)).toEqual(['large-0']);
  });
});

describe('what is to be tried again', () => {
  for (const status of [429, 502, 503, 504])
    test(`${status} is tried again until it is taken`, async () => {
      let left = 3;
      const server = await backend(() => (left-- > 0 ? { status } : undefined));
      const world = await exporter(server.url);
      await world.exporter.consume(spans(2));
      await until(settled(world));
      expect(allNames(server)).toEqual(['span-0', 'span-1']);
      expect(world.exporter.balance()).toMatchObject({ delivered: 2, deadLettered: 0 });
    });

  test('a backend that cannot be reached is asked until it can be', async () => {
    const server = await backend();
    const { port } = new URL(server.url);
    await server.close();
    const world = await exporter(server.url);
    await world.exporter.consume(spans(3));
    await until(() => world.telemetry.degradations().has('otlp_http/upload'));
    expect(world.exporter.balance()).toMatchObject({ waiting: 3 });
    const again = await startBackend(undefined, Number(port));
    open.push(again);
    await until(settled(world));
    expect(allNames(again)).toEqual(['span-0', 'span-1', 'span-2']);
    expect(world.telemetry.degradations().size).toBe(0);
  });

  test('Retry-After is waited for', async () => {
    const times: number[] = [];
    const server = await backend(() => {
      times.push(Date.now());
      return times.length === 1 ? { status: 503, headers: { 'retry-after': '0.4' } } : undefined;
    });
    const world = await exporter(server.url);
    await world.exporter.consume(spans(1));
    await until(settled(world));
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThanOrEqual(395);
  });

  test('while a backend fails, one request at a time asks', async () => {
    let asked = 0;
    const server = await backend(() => {
      asked += 1;
      return { status: 503, headers: { 'retry-after': '60' } };
    });
    const world = await exporter(server.url, { sending_queue: { num_consumers: 4 } });
    for (let index = 0; index < 40; index += 1) await world.exporter.consume(spans(1));
    await until(() => world.telemetry.degradations().size > 0 || asked >= 4);
    expect(asked).toBeLessThanOrEqual(4);
    expect(world.exporter.balance()).toMatchObject({ waiting: 40 });
  });

  test('after max_elapsed_time it becomes a dead letter', async () => {
    const server = await backend(() => ({ status: 503, body: 'too busy' }));
    const storage = new MemoryStorage();
    const world = await exporter(server.url, { retry_on_failure: { max_elapsed_time: '100ms' } }, storage);
    await world.exporter.consume(spans(2));
    await until(settled(world));
    expect(world.exporter.balance()).toMatchObject({ delivered: 0, deadLettered: 2 });
  });
});

describe('what the backend does not take', () => {
  test('413 halves until each part is taken; what is too large alone becomes a dead letter', async () => {
    const server = await backend(({ names }) => (names.length > 2 || names.includes('span-3') ? { status: 413 } : undefined));
    const world = await exporter(server.url);
    await world.exporter.consume(spans(9));
    await until(settled(world));
    expect(allNames(server)).toEqual(['span-0', 'span-1', 'span-2', 'span-4', 'span-5', 'span-6', 'span-7', 'span-8']);
    expect(world.exporter.balance()).toMatchObject({ delivered: 8, deadLettered: 1 });
  });

  test('401 stops the sending, keeps the data and tells the operator', async () => {
    let known = false;
    let asked = 0;
    const server = await backend(() => {
      asked += 1;
      return known ? undefined : { status: 401 };
    });
    const world = await exporter(server.url);
    await world.exporter.consume(spans(1));
    await until(() => world.telemetry.degradations().has('otlp_http/upload'));
    await world.exporter.consume(spans(1));
    known = true;
    expect(asked).toBe(1);
    expect(world.exporter.balance()).toMatchObject({ waiting: 2 });
  });

  test('what it took in part is delivered but for the part, whose request is kept for an inquiry', async () => {
    const body = exportResponse('traces', { rejected: 2, message: 'two spans are too old' }, 'protobuf');
    const server = await backend(() => ({ status: 200, headers: { 'content-type': 'application/x-protobuf' }, body }));
    const storage = new FileStorage({ directory: directory() });
    const world = await startExporter('otlp_http', { endpoint: server.url, sending_queue: { durability: 'disk' } }, storage);
    open.push({ close: () => world.stop() });
    await world.exporter.consume(spans(5));
    await until(settled(world));
    expect(world.exporter.balance()).toEqual({ stored: 5, duplicate: 0, delivered: 3, deadLettered: 2, waiting: 0 });
    expect(await new DeadLetterDesk(world.exporter.journal).list()).toEqual([expect.stringContaining('two spans are too old')]);
  });

  test('400 becomes a dead letter with the server’s words and without a key that it quotes, and can be sent again', async () => {
    let bad = true;
    const status = statusMessage(3, 'the token hush is not for spans', undefined, 'protobuf');
    const server = await backend(() =>
      bad ? { status: 400, headers: { 'content-type': 'application/x-protobuf' }, body: status } : undefined,
    );
    const settings = { endpoint: server.url, headers: { authorization: 'hush' }, sending_queue: { durability: 'disk' } };
    const world = await startExporter('otlp_http', settings, new FileStorage({ directory: directory() }));
    open.push({ close: () => world.stop() });
    await world.exporter.consume(spans(3));
    await until(settled(world));
    const desk = new DeadLetterDesk(world.exporter.journal);
    expect(await desk.list()).toEqual(Array(3).fill(expect.stringContaining('(400): the token [REDACTED] is not for spans')));
    bad = false;
    expect(await desk.command('replay', 'all')).toBe(3);
    await until(async () => server.got.length === 3 && (await desk.list()).length === 0);
    expect(allNames(server)).toEqual(['span-0', 'span-1', 'span-2']);
    await until(settled(world));
    expect(world.exporter.balance()).toEqual({ stored: 6, duplicate: 0, delivered: 3, deadLettered: 3, waiting: 0 });
  });
});

describe('the queue', () => {
  test('settings of the Collector’s queue that have no meaning here are taken, with a warning', async () => {
    const server = await backend();
    const world = await exporter(server.url, {
      sending_queue: { batch: { min_size: 10 }, block_on_overflow: true, wait_for_result: false },
    });
    await world.exporter.consume(spans(1));
    await until(settled(world));
    expect(world.lines.join()).toContain('"settings":["batch","block_on_overflow"]');
  });

  test('what was acknowledged is sent by the next run of the gateway', async () => {
    const server = await backend(() => ({ status: 503 }));
    const place = directory();
    const settings = { sending_queue: { durability: 'disk' }, endpoint: server.url };
    const first = await startExporter('otlp_http', settings, new FileStorage({ directory: place }));
    await first.exporter.consume(spans(4));
    await first.stop(200);
    expect(first.exporter.balance()).toMatchObject({ stored: 4, waiting: 4 });
    server.answer = () => undefined;
    const second = await startExporter('otlp_http', settings, new FileStorage({ directory: place }));
    open.push({ close: () => second.stop() });
    await until(() => second.exporter.balance().delivered === 4);
    expect(allNames(server)).toEqual(['span-0', 'span-1', 'span-2', 'span-3']);
    expect(second.exporter.balance()).toEqual({ stored: 4, duplicate: 0, delivered: 4, deadLettered: 0, waiting: 0 });
  });

  test('a stop sends from memory what there is', async () => {
    const server = await backend();
    const world = await startExporter('otlp_http', { endpoint: server.url });
    for (let index = 0; index < 30; index += 1) await world.exporter.consume(spans(1, `batch-${index}`));
    await world.stop();
    expect(server.got.length).toBe(30);
    expect(world.exporter.balance()).toMatchObject({ delivered: 30, waiting: 0 });
  });

  test('without a storage what is rejected is counted, told and dropped', async () => {
    const server = await backend(() => ({ status: 400 }));
    const world = await startExporter('otlp_http', { endpoint: server.url });
    open.push({ close: () => world.stop() });
    await world.exporter.consume(spans(2));
    await until(settled(world));
    expect(world.exporter.balance()).toMatchObject({ deadLettered: 2 });
    expect(world.lines.join('\n')).toContain('was dropped, because its queue has no storage');
    expect(world.exporter.journal.stats().bytes).toBe(0);
  });

  for (const [what, queue] of [
    ['requests', { queue_size: 3 }],
    ['items', { queue_size: 6, sizer: 'items' }],
    ['bytes', { queue_size: '500B' }],
  ] as const)
    test(`a full queue, counted in ${what}, refuses for now`, async () => {
      const server = await backend(() => ({ status: 503, headers: { 'retry-after': '60' } }));
      const world = await exporter(server.url, { sending_queue: queue });
      const fill = async (): Promise<void> => {
        for (let index = 0; index < 10; index += 1) await world.exporter.consume(spans(2));
      };
      await expect(fill()).rejects.toMatchObject({ code: 'GW_JOURNAL_FULL' });
      expect(await world.metric('otelcol_exporter_enqueue_failed_spans')).toBe(2);
      const { stored, waiting } = world.exporter.balance();
      expect({ stored, waiting }).toEqual({ stored: waiting, waiting });
    });

  test('a lost partition’s requests are left to the next owner', async () => {
    const server = await backend(() => ({ status: 503 }));
    const storage = new MemoryStorage();
    const first = await exporter(server.url, {}, storage);
    await first.exporter.consume(spans(3));
    server.answer = () => undefined;
    const second = await exporter(server.url, {}, storage.replica({}));
    await until(() => first.exporter.balance().delivered + second.exporter.balance().delivered === 3);
    expect(new Set(allNames(server))).toEqual(new Set(['span-0', 'span-1', 'span-2']));
  });
});

describe('without a queue', () => {
  test('the sender waits for the backend, and hears what it says', async () => {
    let status = 200;
    const server = await backend(() => (status === 200 ? undefined : { status }));
    const world = await startExporter('otlp_http', { endpoint: server.url, sending_queue: { enabled: false } });
    open.push({ close: () => world.stop() });
    expect(await world.exporter.consume(spans(2))).toMatchObject({ durability: 'none', items: 2 });
    expect(server.got.length).toBe(1);
    status = 503;
    await expect(world.exporter.consume(spans(2))).rejects.toMatchObject({ code: 'GW_EXPORT_UNAVAILABLE' });
    status = 400;
    await expect(world.exporter.consume(spans(2))).rejects.toMatchObject({ code: 'GW_EXPORT_REJECTED' });
  });

  test('a signal without an endpoint is refused', async () => {
    const server = await backend();
    const world = await startExporter('otlp_http', { traces_endpoint: `${server.url}/here` });
    open.push({ close: () => world.stop() });
    await expect(world.exporter.consume(logRecords(1))).rejects.toMatchObject({ code: 'GW_CONFIG_INVALID' });
    await world.exporter.consume(spans(1));
    await until(settled(world));
    expect(server.got[0]?.path).toBe('/here');
  });
});

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'spanway-otlp-'));
  open.push({ close: async () => rmSync(path, { recursive: true, force: true }) });
  return path;
}
