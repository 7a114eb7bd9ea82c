import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Fault } from '../../src/model/fault.ts';
import { Secret } from '../../src/model/secret.ts';
import { runId, sealedBatch } from './batches.ts';
import { type Bench, condition, openBench, ref } from './bench-lanes.ts';
import { ManualClock } from './clocks.ts';
import { LangSmithServer } from './server.ts';

let server: LangSmithServer;
let bench: Bench;

beforeEach(async () => {
  server = await new LangSmithServer().listen();
});

afterEach(async () => {
  await bench.close();
  await server.close();
  expect(server.violations).toEqual([]);
});

test('a server that is down and comes back gets everything, once, and the operator is told when it began and ended', async () => {
  const { port } = server;
  await server.close();
  bench = await openBench();
  for (let from = 1; from <= 40; from++) bench.offer(await sealedBatch(ref(`http://127.0.0.1:${port}`), from, 1));
  await condition(() => bench.told.degraded.size === 1);
  expect([...bench.told.degraded.values()]).toEqual(['LangSmith cannot be reached; runs are kept and sent when it can']);
  server = await new LangSmithServer().listen(port);
  await bench.settled();
  expect(server.stored.size).toBe(40);
  expect(server.received).toHaveLength(40);
  expect(bench.told.degraded.size).toBe(0);
});

test('while nothing gets through, one request at a time knocks, ever more seldom', async () => {
  const clock = new ManualClock();
  bench = await openBench({ numConsumers: 4 }, { clock });
  server.script = () => ({ status: 503 });
  for (let from = 1; from <= 30; from++) bench.offer(await sealedBatch(ref(server.url), from, 1));
  // The first four are under way together; each failure halves how many may be.
  for (let minute = 0; minute < 40; minute++) {
    await condition(() => server.underWay === 0 && clock.sleepers.size > 0);
    clock.advance(clock.nextMs());
  }
  expect(server.underWayMax).toBeLessThanOrEqual(4);
  expect(server.received.length).toBeLessThan(50);
  server.script = () => undefined;
  while (bench.journal.batches.size > 0) {
    const stored = server.stored.size;
    clock.advance(30_000);
    await condition(() => server.stored.size > stored || bench.journal.batches.size === 0);
  }
  expect(server.stored.size).toBe(30);
});

test('no more requests are under way than there are consumers', async () => {
  bench = await openBench({ numConsumers: 3 });
  let letGo = (): void => undefined;
  server.held = new Promise((resolve) => {
    letGo = resolve;
  });
  for (let from = 1; from <= 60; from++) bench.offer(await sealedBatch(ref(server.url), from, 1));
  await condition(() => server.received.length === 3);
  letGo();
  await bench.settled();
  expect(server.underWayMax).toBe(3);
});

test('batches of two destinations go out under their own keys, and the one that is refused does not stop the other', async () => {
  const clock = new ManualClock();
  bench = await openBench({}, { clock });
  server.script = ({ headers }) => (headers['x-api-key'] === 'key-of-b' ? { status: 403, text: '{"error":"Forbidden"}' } : undefined);
  for (let from = 1; from <= 20; from++)
    bench.offer(await sealedBatch(from % 2 === 0 ? ref(server.url, 'a', 'key-of-a') : ref(server.url, 'b', 'key-of-b'), from, 1));
  await condition(() => bench.lanes.backlog().batches === 10 && bench.told.degraded.size === 1);
  for (const { headers, runIds } of server.received) {
    const even = Number.parseInt(runIds[0]?.slice(-2) ?? '', 16) % 2 === 0;
    expect([headers['x-api-key'], headers['x-tenant-id']]).toEqual(even ? ['key-of-a', 'a'] : ['key-of-b', 'b']);
  }
  expect(server.stored.size).toBe(10);
});

test('an endpoint that never answers does not hold up another one', async () => {
  const other = await new LangSmithServer().listen();
  server.script = () => 'hang';
  bench = await openBench({ numConsumers: 2, timeoutMs: 60_000 });
  for (let from = 1; from <= 20; from++) bench.offer(await sealedBatch(ref(server.url), from, 1));
  for (let from = 100; from <= 120; from++) bench.offer(await sealedBatch(ref(other.url), from, 1));
  await condition(() => other.stored.size === 21);
  expect(server.underWayMax).toBe(2);
  await other.close();
});

test('a request without an answer is given up after the timeout and sent again', async () => {
  bench = await openBench({ timeoutMs: 100 });
  server.script = (_, count) => (count === 1 ? 'hang' : undefined);
  bench.offer(await sealedBatch(ref(server.url), 1, 1));
  await bench.settled();
  expect(server.received).toHaveLength(2);
});

test('of ten thousand waiting batches only a few bodies are in memory, and all arrive', async () => {
  const clock = new ManualClock();
  let down = true;
  bench = await openBench({ bodyBytesMax: 100_000, numConsumers: 8 }, { clock });
  server.script = ({ headers }) => (down && headers['x-api-key'] !== '' ? { status: 401 } : undefined);
  for (let from = 1; from <= 10_000; from++) bench.offer(await sealedBatch(ref(server.url), from, 1, { size: 400 }));
  expect(bench.lanes.backlog()).toMatchObject({ batches: 10_000, runs: 10_000 });
  await condition(() => clock.sleepers.size > 0 && server.underWay === 0);
  down = false;
  clock.advance(900_000);
  await bench.settled();
  expect(server.stored.size).toBe(10_000);
  // About 70 contents of 1.5 kB fit into the budget; all others are read back.
  expect(bench.journal.loads).toBeGreaterThan(9_800);
  expect(bench.journal.loads).toBeLessThan(10_100);
});

test('batches of a partition that was lost are dropped from memory and stay in the journal', async () => {
  const clock = new ManualClock();
  bench = await openBench({ numConsumers: 1 }, { clock });
  server.script = (_, count) => (count === 1 ? { status: 429 } : undefined);
  for (let from = 1; from <= 6; from++) bench.offer(await sealedBatch(ref(server.url), from, 1, { partition: from % 2 }));
  await condition(() => clock.sleepers.size > 0);
  void bench.lanes.forget(1);
  expect(bench.lanes.backlog().batches).toBe(3);
  clock.advance(10_000);
  await condition(() => bench.journal.deliveredRuns.length === 3);
  expect(server.stored.size).toBe(3);
  expect([...bench.journal.batches.values()].map(({ batch }) => batch.partition)).toEqual([1, 1, 1]);
});

test('forgetting a partition waits for what is on the way, and its answer still counts', async () => {
  bench = await openBench({ numConsumers: 1 });
  let letGo = (): void => undefined;
  server.held = new Promise((resolve) => {
    letGo = resolve;
  });
  for (let from = 1; from <= 3; from++) bench.offer(await sealedBatch(ref(server.url), from, 1));
  await condition(() => server.received.length === 1);
  const order: string[] = [];
  const forgotten = bench.lanes.forget(0).then(() => order.push(`forgotten after ${bench.journal.deliveredRuns.length}`));
  order.push('under way');
  letGo();
  await forgotten;
  expect(order).toEqual(['under way', 'forgotten after 1']);
  expect(server.received).toHaveLength(1);
  expect(bench.journal.batches.size).toBe(2);
});

test('an answer that cannot be settled because the partition was lost is dropped, not sent again', async () => {
  bench = await openBench();
  bench.journal.faults.push(new Fault('GW_JOURNAL_FENCED', 'cannot commit: the lease is lost'));
  bench.offer(await sealedBatch(ref(server.url), 1, 1));
  await condition(() => bench.lanes.backlog().batches === 0);
  expect(server.received).toHaveLength(1);
  expect(bench.journal.batches.size).toBe(1);
});

test('an answer is settled as soon as the journal is back, without sending again', async () => {
  bench = await openBench();
  for (let count = 0; count < 5; count++) bench.journal.faults.push(new Fault('GW_JOURNAL_UNAVAILABLE', 'cannot commit: the disk is full'));
  bench.offer(await sealedBatch(ref(server.url), 1, 1));
  await bench.settled();
  expect(server.received).toHaveLength(1);
});

test('a batch whose content is damaged is given up as that, and the others go on', async () => {
  bench = await openBench({ bodyBytesMax: 0, numConsumers: 1 });
  bench.journal.faults.push(new Fault('GW_JOURNAL_CORRUPT', 'cannot read batch: its record is damaged'));
  bench.offer(await sealedBatch(ref(server.url), 1, 1));
  bench.offer(await sealedBatch(ref(server.url), 2, 1));
  await bench.settled();
  expect(bench.journal.damagedBatches).toEqual(['000000001']);
  expect(bench.journal.letters).toEqual([]);
  expect(bench.journal.deliveredRuns).toEqual([runId(2)]);
});

test('stopping waits for the answers under way and sends nothing after the deadline', async () => {
  bench = await openBench({ numConsumers: 2 });
  server.script = (_, count) => (count > 4 ? 'hang' : undefined);
  for (let from = 1; from <= 20; from++) bench.offer(await sealedBatch(ref(server.url), from, 1));
  await condition(() => server.received.length === 6);
  await bench.lanes.stop(bench.clock.now() + 1);
  expect(server.received).toHaveLength(6);
  expect(bench.journal.batches.size).toBe(16);
});

test('stopping does not wait for a lane that waits itself', async () => {
  const clock = new ManualClock();
  bench = await openBench({ numConsumers: 1 }, { clock });
  server.script = () => ({ status: 401 });
  bench.offer(await sealedBatch(ref(server.url), 1, 1));
  await condition(() => clock.sleepers.size > 0);
  await bench.lanes.stop(clock.now() + 60_000);
  expect(bench.journal.batches.size).toBe(1);
});

test('a destination whose key cannot be had waits, and goes on when it can', async () => {
  const clock = new ManualClock();
  let known = false;
  bench = await openBench({}, { clock, keyOf: () => (known ? new Secret('k') : undefined) });
  bench.offer(await sealedBatch(ref(server.url), 1, 1));
  await condition(() => bench.told.degraded.size === 1);
  known = true;
  clock.advance(60_000);
  await bench.settled();
  expect(server.received).toHaveLength(1);
});

test('a proxy named by the environment is used', async () => {
  const hosts: string[] = [];
  const clients: Duplex[] = [];
  const proxy = createServer().on('connect', (request: IncomingMessage, client: Duplex) => {
    hosts.push(request.url ?? '');
    clients.push(client);
    const target = connect(server.port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    target.pipe(client).pipe(target);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  bench = await openBench();
  bench.offer(await sealedBatch(ref('http://langsmith.example:1234'), 1, 1));
  await bench.settled();
  vi.unstubAllEnvs();
  expect(new Set(hosts)).toEqual(new Set(['langsmith.example:1234']));
  for (const client of clients) client.destroy();
  await new Promise((resolve) => proxy.close(resolve));
});

test('the user’s own headers are sent, but replace none that the protocol needs', async () => {
  const headers = new Map([
    ['x-team', new Secret('blue')],
    ['x-api-key', new Secret('mine')],
    ['content-type', new Secret('text/plain')],
    ['transfer-encoding', new Secret('chunked')],
  ]);
  bench = await openBench({ headers });
  bench.offer(await sealedBatch(ref(server.url), 1, 1));
  await bench.settled();
  expect(server.received[0]?.headers).toMatchObject({ 'x-team': 'blue', 'x-api-key': 'lsv2_secret_key' });
});
