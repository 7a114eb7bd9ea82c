import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runId, sealedBatch } from './batches.ts';
import { type Bench, condition, key, openBench, ref } from './bench-lanes.ts';
import { ManualClock } from './clocks.ts';
import { LangSmithServer, type Reply } from './server.ts';

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

const ids = (from: number, count: number): string[] => Array.from({ length: count }, (_, index) => runId(from + index));

test('a batch is sent whole, with a length, under its key and workspace, and settled', async () => {
  bench = await openBench();
  bench.offer(await sealedBatch(ref(server.url, 'workspace-1'), 1, 3));
  await bench.settled();
  const [request] = server.received;
  expect(request?.path).toBe('/runs/multipart');
  expect(request?.headers).toMatchObject({
    'x-api-key': key,
    'x-tenant-id': 'workspace-1',
    'user-agent': 'spanway/0.0.0',
    accept: 'application/json',
    'content-type': 'multipart/form-data; boundary=spanway-test',
  });
  expect(request?.headers['content-encoding']).toBeUndefined();
  expect(request?.runIds).toEqual(ids(1, 3));
  expect(bench.journal.deliveredRuns).toEqual(ids(1, 3));
});

describe('the same bytes are sent again', () => {
  const failures: readonly (readonly [string, Reply])[] = [
    ...[408, 425, 429, 499, 500, 502, 503, 504].map((status) => [`after a ${status}`, { status }] as const),
    ['after the connection broke', 'reset'],
  ];
  test.each(failures)('%s', async (_, reply) => {
    bench = await openBench();
    server.script = (_request, count) => (count <= 3 ? reply : undefined);
    bench.offer(await sealedBatch(ref(server.url), 1, 3));
    await bench.settled();
    expect(server.received).toHaveLength(4);
    for (const { body } of server.received) expect(body.equals(server.received[0]?.body as Buffer)).toBe(true);
    expect(bench.journal.deliveredRuns).toEqual(ids(1, 3));
    expect(bench.journal.letters).toEqual([]);
  });
});

test('a reply that is lost after the server stored the runs is followed by a 409, which means delivered', async () => {
  bench = await openBench();
  server.script = (_, count) => (count === 1 ? 'store_and_reset' : undefined);
  bench.offer(await sealedBatch(ref(server.url), 1, 50));
  await bench.settled();
  expect(server.received).toHaveLength(2);
  expect(bench.journal.deliveredRuns).toEqual(ids(1, 50));
});

test('an answer that breaks off behind a 202 has said enough', async () => {
  bench = await openBench();
  server.script = (_, count) => (count === 1 ? 'store_and_break_off' : undefined);
  bench.offer(await sealedBatch(ref(server.url), 1, 5));
  await bench.settled();
  expect(server.received).toHaveLength(1);
  expect(bench.journal.deliveredRuns).toEqual(ids(1, 5));
});

test('a connection that breaks within a large body costs a retry and no run', async () => {
  bench = await openBench();
  server.breakOff = 3;
  bench.offer(await sealedBatch(ref(server.url), 1, 20, { size: 100_000 }));
  await bench.settled();
  expect(server.breakOff).toBe(0);
  expect(server.stored.size).toBe(20);
  expect(bench.journal.deliveredRuns).toEqual(ids(1, 20));
});

test('a 409 on a first send is taken apart, so that the runs that are new arrive', async () => {
  bench = await openBench();
  server.stored.add(runId(3));
  bench.offer(await sealedBatch(ref(server.url), 1, 8));
  await bench.settled();
  expect([...server.stored].sort()).toEqual(ids(1, 8));
  expect(bench.journal.deliveredRuns.toSorted()).toEqual(ids(1, 8));
});

test.each([
  ['of another trace', { trace_id: runId(99) }, ['conflict']],
  ['of its own trace', { trace_id: runId(3) }, []],
  ['of its own trace, in another tree', { trace_id: runId(99), extra: { metadata: { OTEL_TRACE_ID: 'run 3' } } }, []],
  ['of another trace whose root has the same id', { trace_id: runId(3), extra: { metadata: { OTEL_TRACE_ID: 'another' } } }, ['conflict']],
  ['that the server does not show', undefined, []],
])('a 409 on a first send is about a run %s', async (_, there, letters) => {
  bench = await openBench();
  server.stored.add(runId(3));
  if (there) server.readable.set(runId(3), there);
  bench.offer(await sealedBatch(ref(server.url), 1, 8));
  await bench.settled();
  expect(bench.journal.letters.map(({ reason }) => reason)).toEqual(letters);
  expect(bench.journal.deliveredRuns).toHaveLength(8 - letters.length);
});

test.each([400, 422])(
  'one poisoned run among 100 answered with %i costs only itself and is kept with the words of the server',
  async (status) => {
    bench = await openBench();
    const poison = runId(38);
    server.script = ({ runIds }) => (runIds.includes(poison) ? { status, text: `{"error":"invalid run ${poison}"}` } : undefined);
    bench.offer(await sealedBatch(ref(server.url), 1, 100));
    await bench.settled();
    expect(server.stored.size).toBe(99);
    expect(bench.journal.deliveredRuns.toSorted()).toEqual(ids(1, 100).filter((id) => id !== poison));
    expect(bench.journal.letters).toHaveLength(1);
    expect(bench.journal.letters[0]).toMatchObject({
      reason: 'rejected',
      status,
      runId: poison,
      serverText: `{"error":"invalid run ${poison}"}`,
      items: 1,
    });
    expect(server.received.length).toBeLessThanOrEqual(15);
  },
);

test('the parts of a batch stand in the journal before they are sent', async () => {
  bench = await openBench({ numConsumers: 1 });
  const inJournal: boolean[] = [];
  server.script = ({ runIds }) => {
    inJournal.push([...bench.journal.batches.values()].some(({ batch }) => batch.runs === runIds.length));
    return runIds.length > 1 ? { status: 413 } : undefined;
  };
  bench.offer(await sealedBatch(ref(server.url), 1, 4));
  await bench.settled();
  expect(inJournal).toEqual(inJournal.map(() => true));
});

test('a 413 is answered with halves, and a single run that is still too large becomes a dead letter', async () => {
  bench = await openBench();
  server.script = ({ runIds }) =>
    runIds.length > 2 || runIds.includes(runId(5)) ? { status: 413, text: '<html>too large</html>' } : undefined;
  bench.offer(await sealedBatch(ref(server.url), 1, 8));
  await bench.settled();
  expect(bench.journal.deliveredRuns.toSorted()).toEqual(ids(1, 8).filter((id) => id !== runId(5)));
  expect(bench.journal.letters).toMatchObject([
    { reason: 'too_large', status: 413, runId: runId(5), serverText: '<html>too large</html>' },
  ]);
});

test('a run that names an unknown project is that run’s fault and stops nobody', async () => {
  bench = await openBench();
  server.script = ({ runIds }) => (runIds.includes(runId(2)) ? { status: 404, text: '{"detail":"Tracer session not found"}' } : undefined);
  bench.offer(await sealedBatch(ref(server.url), 1, 4));
  await bench.settled();
  expect(bench.journal.letters).toMatchObject([{ reason: 'rejected', status: 404, runId: runId(2) }]);
  expect(server.stored.size).toBe(3);
});

test('a batch on which the server always breaks is taken apart once others get through', async () => {
  bench = await openBench();
  server.script = ({ runIds }) => (runIds.includes(runId(3)) && runIds.length > 1 ? { status: 500 } : undefined);
  bench.offer(await sealedBatch(ref(server.url), 1, 8));
  for (let from = 100; from < 110; from++) bench.offer(await sealedBatch(ref(server.url), from, 1));
  await condition(() => server.stored.has(runId(109)));
  bench.offer(await sealedBatch(ref(server.url), 200, 1));
  await condition(() => server.received.filter(({ runIds }) => runIds.length === 8).length > 2);
  for (let from = 300; bench.journal.batches.size > 0; from++) {
    bench.offer(await sealedBatch(ref(server.url), from, 1));
    await condition(() => server.stored.has(runId(from)));
  }
  expect(ids(1, 8).every((id) => server.stored.has(id))).toBe(true);
});

test('max_elapsed_time turns what fails for longer into dead letters', async () => {
  bench = await openBench({
    retry: { initialIntervalMs: 1_000, multiplier: 2, maxIntervalMs: 4_000, randomizationFactor: 0, maxElapsedMs: 10_000 },
  });
  server.script = () => ({ status: 503, text: 'down' });
  bench.offer(await sealedBatch(ref(server.url), 1, 2));
  await bench.settled();
  expect(bench.journal.letters).toMatchObject([
    { reason: 'expired', status: 503, serverText: 'down', runId: runId(1) },
    { reason: 'expired', status: 503, serverText: 'down', runId: runId(2) },
  ]);
});

describe('a lane waits as the server says', () => {
  const waits: readonly (readonly [string, number, Record<string, string>, number])[] = [
    ['429 with seconds', 429, { 'retry-after': '2' }, 2_000],
    ['429 with nothing', 429, {}, 10_000],
    ['429 with an HTTP date', 429, { 'retry-after': new Date(1_005_000).toUTCString() }, 5_000],
    ['503 with seconds', 503, { 'retry-after': '7' }, 7_000],
    ['429 with a day', 429, { 'retry-after': '86400' }, 3_600_000],
  ];
  test.each(waits)('%s', async (_, status, headers, waitMs) => {
    const clock = new ManualClock();
    bench = await openBench({ numConsumers: 1 }, { clock });
    server.script = (_request, count) => (count === 1 ? { status, headers } : undefined);
    bench.offer(await sealedBatch(ref(server.url), 1, 1));
    bench.offer(await sealedBatch(ref(server.url), 2, 1));
    await condition(() => clock.sleepers.size > 0);
    expect(clock.nextMs()).toBe(waitMs);
    clock.advance(waitMs - 1);
    expect(server.received).toHaveLength(1);
    clock.advance(1);
    await bench.settled();
    expect(server.received.map(({ runIds }) => runIds[0]).toSorted()).toEqual([runId(1), runId(1), runId(2)]);
  });
});

test('a 401 stops the lane: one request a minute at first, nothing lost, and the operator reads what to do', async () => {
  const clock = new ManualClock();
  bench = await openBench({ numConsumers: 1 }, { clock });
  let valid = false;
  server.script = () => (valid ? undefined : { status: 401, text: '{"detail":"Invalid token"}' });
  for (let from = 1; from <= 20; from++) bench.offer(await sealedBatch(ref(server.url), from, 1));
  await condition(() => clock.sleepers.size > 0);
  expect(server.received).toHaveLength(1);
  expect([...bench.told.degraded.values()]).toEqual([
    'LangSmith does not know this API key: check api_key (or LANGSMITH_API_KEY); runs are kept until then',
  ]);
  expect(clock.nextMs()).toBe(60_000);
  clock.advance(60_000);
  await condition(() => clock.sleepers.size > 0 && server.received.length === 2);
  expect(clock.nextMs()).toBe(120_000);
  valid = true;
  clock.advance(120_000);
  await bench.settled();
  expect(bench.journal.deliveredRuns.toSorted()).toEqual(ids(1, 20));
  expect(bench.told.degraded.size).toBe(0);
});

test('an org-scoped key without a workspace leads to a sentence that names the setting', async () => {
  const clock = new ManualClock();
  bench = await openBench({}, { clock });
  server.script = () => ({ status: 403, text: '{"error":"org_scoped_key_requires_workspace"}' });
  bench.offer(await sealedBatch(ref(server.url), 1, 1));
  await condition(() => bench.told.degraded.size > 0);
  expect([...bench.told.degraded.values()][0]).toContain('set workspace_id');
});

test('what the server says of the key is nowhere in logs or dead letters', async () => {
  bench = await openBench();
  server.script = () => ({ status: 422, text: `bad key ${key}` });
  bench.offer(await sealedBatch(ref(server.url), 1, 1));
  await bench.settled();
  expect(bench.journal.letters[0]?.serverText).toBe('bad key [REDACTED]');
  expect(JSON.stringify(bench.told.entries)).not.toContain(key);
});

test('a key that HTTP cannot carry stops the lane and does not print', async () => {
  const clock = new ManualClock();
  bench = await openBench({}, { clock });
  bench.offer(await sealedBatch(ref(server.url, '', 'line\nbreak'), 1, 1));
  await condition(() => bench.told.degraded.size > 0);
  expect(JSON.stringify(bench.told.entries)).not.toContain('line');
  expect(server.received).toHaveLength(0);
});
