import { afterEach, expect, test } from 'vitest';
import { MemoryStorage } from '../../src/journal/memory/memory-storage.ts';
import { type Backend, type GrpcBackend, spans, startBackend, startExporter, startGrpcBackend, until, type World } from './world.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function started(type: 'otlp_http' | 'otlp_grpc', settings: Record<string, unknown>): Promise<World> {
  const world = await startExporter(type, settings, new MemoryStorage());
  open.push(() => world.stop(100));
  return world;
}

async function overHttp(answer: Backend['answer']): Promise<{ readonly server: Backend; readonly world: World }> {
  const server = await startBackend(answer);
  open.push(server.close);
  return { server, world: await started('otlp_http', { endpoint: server.url }) };
}

const settled = (world: World) => (): boolean => world.exporter.balance().waiting === 0;

test.each([400, 422])('one span that the backend rejects with %i costs only itself', async (status) => {
  const { server, world } = await overHttp(({ names }) => (names.includes('span-13') ? { status, body: 'span-13 is bad' } : undefined));
  await world.exporter.consume(spans(100));
  await until(settled(world));
  expect(world.exporter.balance()).toMatchObject({ delivered: 99, deadLettered: 1 });
  const delivered = server.got.flatMap(({ names }) => names);
  expect(new Set(delivered).size).toBe(99);
  expect(delivered).not.toContain('span-13');
});

test('the same over gRPC, for INVALID_ARGUMENT', async () => {
  const invalid = { code: 3, details: 'span-7 is bad' };
  const server: GrpcBackend = await startGrpcBackend((names) => (names.includes('span-7') ? invalid : undefined));
  open.push(server.close);
  const world = await started('otlp_grpc', { endpoint: server.address, tls: { insecure: true } });
  await world.exporter.consume(spans(30));
  await until(settled(world));
  expect(world.exporter.balance()).toMatchObject({ delivered: 29, deadLettered: 1 });
});

test('a backend that rejects everything is asked a limited number of times, and no span is lost from the books', async () => {
  let asked = 0;
  const { world } = await overHttp(() => {
    asked += 1;
    return { status: 400 };
  });
  await world.exporter.consume(spans(2_000));
  await until(settled(world));
  expect(world.exporter.balance()).toMatchObject({ delivered: 0, deadLettered: 2_000 });
  expect(asked).toBeLessThan(200);
});

test('what is no fault of the data is not bisected', async () => {
  let asked = 0;
  const { world } = await overHttp(() => {
    asked += 1;
    return { status: 404 };
  });
  await world.exporter.consume(spans(10));
  await until(settled(world));
  expect(world.exporter.balance().deadLettered).toBe(10);
  expect(asked).toBe(1);
});
