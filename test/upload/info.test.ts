import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

describe('a body goes out compressed only as /info allows', () => {
  const cases = [
    ['zstd', { zstd_compression_enabled: true }, 'zstd', 'zstd'],
    ['zstd', {}, undefined, 'identity'],
    ['zstd', { gzip_body_enabled: true }, undefined, 'gzip'],
    ['gzip', { gzip_body_enabled: true }, 'gzip', 'gzip'],
    ['gzip', { zstd_compression_enabled: true }, undefined, 'identity'],
    ['identity', { zstd_compression_enabled: true }, undefined, 'identity'],
  ] as const;
  test.each(cases)('sealed with %s, flags %j: sent with %s, sealed with %s from then on', async (encoding, flags, sent, next) => {
    server.info = { instance_flags: flags };
    bench = await openBench({ compression: encoding === 'identity' ? 'none' : encoding });
    bench.offer(await sealedBatch(ref(server.url), 1, 5, { encoding }));
    await bench.settled();
    expect(server.received[0]?.headers['content-encoding']).toBe(sent);
    expect(server.received[0]?.runIds).toHaveLength(5);
    expect(bench.lanes.limits(ref(server.url)).encoding).toBe(next);
  });
});

test('a compressed batch is taken apart into compressed parts', async () => {
  server.info = { instance_flags: { zstd_compression_enabled: true } };
  bench = await openBench({ compression: 'zstd' });
  server.script = ({ runIds }) => (runIds.length > 1 ? { status: 413 } : undefined);
  bench.offer(await sealedBatch(ref(server.url), 1, 5, { encoding: 'zstd' }));
  await bench.settled();
  expect(server.stored.size).toBe(5);
  expect(server.received.every(({ headers }) => headers['content-encoding'] === 'zstd')).toBe(true);
});

test('the limits are the smaller of the configuration’s and the server’s', async () => {
  server.info = { batch_ingest_config: { size_limit: 20, size_limit_bytes: 5_000_000 } };
  bench = await openBench({ operationsMax: 50, bytesMax: 1_000_000 });
  expect(bench.lanes.limits(ref(server.url))).toEqual({ operations: 50, bytes: 1_000_000, encoding: 'identity' });
  await condition(() => bench.lanes.limits(ref(server.url)).operations === 20);
  expect(bench.lanes.limits(ref(server.url))).toEqual({ operations: 20, bytes: 1_000_000, encoding: 'identity' });
});

test('an /info that fails is asked again after a minute, and holds up nothing meanwhile', async () => {
  const clock = new ManualClock();
  server.infoStatus = 500;
  bench = await openBench({}, { clock });
  bench.offer(await sealedBatch(ref(server.url), 1, 1));
  await bench.settled();
  expect(server.infoRequests).toBe(1);
  server.infoStatus = 200;
  server.info = { batch_ingest_config: { size_limit: 7 } };
  clock.advance(60_000);
  await condition(() => bench.lanes.limits(ref(server.url)).operations === 7);
  expect(server.infoRequests).toBe(2);
});

describe('a server without /runs/multipart gets the same runs as JSON', () => {
  test.each(['a 404 on multipart', 'use_multipart_endpoint: false'])('%s', async (how) => {
    if (how.startsWith('use')) server.info = { batch_ingest_config: { use_multipart_endpoint: false } };
    bench = await openBench();
    server.script = ({ path }) => (path === '/runs/multipart' ? { status: 404, text: '{"detail":"Not Found"}' } : undefined);
    bench.offer(await sealedBatch(ref(server.url), 1, 2, { feedback: true, attachment: true }));
    await bench.settled();
    bench.offer(await sealedBatch(ref(server.url), 10, 1));
    await bench.settled();
    const multipart = server.received.filter(({ path }) => path === '/runs/multipart');
    expect(multipart).toHaveLength(how.startsWith('use') ? 0 : 1);
    const [first] = server.received.filter(({ path }) => path === '/runs/batch');
    expect(JSON.parse(first?.text ?? '').post[0]).toEqual({
      id: runId(1),
      trace_id: runId(1),
      dotted_order: `20260131T235959123456Z${runId(1)}`,
      name: 'run 1 ü',
      run_type: 'llm',
      session_name: 'p',
      inputs: { text: 'üüüüüüüüüü' },
      outputs: {},
      extra: { metadata: { k: '\r\n--spanway' } },
    });
    expect(server.feedback.map((text) => JSON.parse(text).score)).toEqual([1, 2]);
    expect(server.stored).toEqual(new Set([runId(1), runId(2), runId(10)]));
    expect(bench.told.entries.some(([method, , sentence]) => method === 'log' && String(sentence).includes('attachments'))).toBe(true);
  });
});

test('feedback that fails behind delivered runs is sent again, and the runs do not become duplicates', async () => {
  server.info = { batch_ingest_config: { use_multipart_endpoint: false } };
  bench = await openBench();
  let refused = 0;
  server.script = ({ path }) => (path === '/feedback' && refused++ === 0 ? { status: 503 } : undefined);
  bench.offer(await sealedBatch(ref(server.url), 1, 3, { feedback: true }));
  await bench.settled();
  expect(server.feedback).toHaveLength(3);
  expect(server.stored.size).toBe(3);
  expect(bench.journal.letters).toEqual([]);
});

test('an ingress that answers 404 to everything stops the lane, and multipart is tried first when it is back', async () => {
  const clock = new ManualClock();
  bench = await openBench({}, { clock });
  let gone = true;
  server.script = () => (gone ? { status: 404, text: 'default backend - 404' } : undefined);
  bench.offer(await sealedBatch(ref(server.url), 1, 1));
  await condition(() => bench.told.degraded.size === 1);
  gone = false;
  clock.advance(60_000);
  await bench.settled();
  expect(server.received.map(({ path }) => path)).toEqual(['/runs/multipart', '/runs/batch', '/runs/multipart']);
});

test('the base path of a self-hosted LangSmith is kept', async () => {
  bench = await openBench();
  bench.offer(await sealedBatch(ref(`${server.url}/api/v1`), 1, 1));
  await bench.settled();
  expect(server.received[0]?.path).toBe('/api/v1/runs/multipart');
  expect(server.infoRequests).toBe(1);
});
