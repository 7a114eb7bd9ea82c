import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compress } from '@cloudpss/zstd/wasm';
import { afterEach, describe, expect, test } from 'vitest';
import { type Sink, type SinkOptions, startSink } from '../../src/sink/sink.ts';
import { childRun, multipartBody, partsOf, rootRun, send, sendJson, sendRuns, uuid } from './requests.ts';

const open: Sink[] = [];
const directories: string[] = [];

async function start(options: SinkOptions = {}): Promise<Sink> {
  const sink = await startSink(options);
  open.push(sink);
  return sink;
}

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'spanway-sink-'));
  directories.push(directory);
  return directory;
}

afterEach(async () => {
  for (const sink of open.splice(0)) await sink.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

describe('bodies', () => {
  const body = multipartBody(partsOf(rootRun(1, { inputs: { text: 'x'.repeat(200_000) } })));

  test.each(['gzip', 'zstd'])('are taken with %s over the whole', async (encoding) => {
    const sink = await start();
    const compressed = encoding === 'gzip' ? gzipSync(body) : Buffer.from(compress(body));
    expect((await send(sink.url, compressed, { 'content-encoding': encoding })).status).toBe(202);
    expect(sink.store.requests()).toEqual([
      expect.objectContaining({ bytes: compressed.length, decodedBytes: body.length, contentEncoding: encoding, runIds: [uuid(1)] }),
    ]);
  });

  test.each(['gzip', 'zstd'])('that are torn or no %s at all are refused', async (encoding) => {
    const sink = await start();
    const compressed = encoding === 'gzip' ? gzipSync(body) : Buffer.from(compress(body));
    for (const bad of [compressed.subarray(0, compressed.length / 2), body]) {
      expect((await send(sink.url, bad, { 'content-encoding': encoding })).status).toBe(422);
    }
    expect(sink.store.violations().map(({ rule }) => rule)).toEqual([7, 7]);
  });

  test.each(['gzip', 'zstd'])('that swell beyond the limit with %s are refused', async (encoding) => {
    const sink = await start();
    const zeros = Buffer.alloc(120 * 1024 * 1024);
    const compressed = encoding === 'gzip' ? gzipSync(zeros, { level: 1 }) : Buffer.from(compress(zeros));
    expect((await send(sink.url, compressed, { 'content-encoding': encoding })).status).toBe(413);
  });

  test('with an unknown encoding are refused', async () => {
    const sink = await start();
    expect((await send(sink.url, body, { 'content-encoding': 'br' })).status).toBe(415);
  });
});

describe('tenants', () => {
  test('see their own runs only, even under the same id', async () => {
    const sink = await start();
    await sendRuns(sink.url, [rootRun(1, { name: 'of a' })], { 'x-api-key': 'a' });
    await sendRuns(sink.url, [rootRun(1, { name: 'of b' })], { 'x-api-key': 'b' });
    await sendRuns(sink.url, [rootRun(2)], { 'x-api-key': 'b', 'x-tenant-id': 'workspace' });
    for (const key of ['a', 'b'])
      expect((await sendJson(`${sink.url}/runs/${uuid(1)}`, 'GET', undefined, { 'x-api-key': key })).json).toMatchObject({
        name: `of ${key}`,
      });
    expect((await sendJson(`${sink.url}/runs/${uuid(2)}`, 'GET', undefined, { 'x-api-key': 'b' })).status).toBe(404);
    expect(sink.store.runs().map(({ apiKey, workspaceId }) => [apiKey, workspaceId])).toEqual([
      ['a', ''],
      ['b', ''],
      ['b', 'workspace'],
    ]);
  });

  test('are asked for one of the keys where these are given', async () => {
    const sink = await start({ keys: ['right'] });
    expect(await sendRuns(sink.url, [rootRun(1)], { 'x-api-key': 'wrong' })).toMatchObject({
      status: 401,
      text: '{"detail":"Invalid token"}',
    });
    expect((await sendRuns(sink.url, [rootRun(1)])).status).toBe(401);
    expect((await sendRuns(sink.url, [rootRun(1)], { authorization: 'Bearer right' })).status).toBe(202);
    expect((await fetch(`${sink.url}/info`)).status).toBe(200);
  });

  test('never find a key in an answer', async () => {
    const sink = await start();
    await sendRuns(sink.url, [rootRun(1)], { 'x-api-key': 'very-secret' });
    for (const path of [`/runs/${uuid(1)}`, '/sessions', '/sink/stats', '/sink/violations'])
      expect(await (await fetch(sink.url + path)).text()).not.toContain('very-secret');
  });
});

describe('a directory', () => {
  test('keeps runs, projects, feedback and conflicts over a restart, and no keys', async () => {
    const directory = newDirectory();
    const first = await start({ directory });
    const headers = { 'x-api-key': 'very-secret' };
    const root = rootRun(1, { outputs: { a: 1 } });
    await sendRuns(first.url, [root, childRun(2, root)], headers);
    await sendJson(`${first.url}/feedback`, 'POST', { run_id: root.id, key: 'good', score: 1 }, headers);
    await first.close();
    const second = await start({ directory });
    expect((await sendJson(`${second.url}/runs/${root.id}`, 'GET', undefined, headers)).json).toMatchObject({
      outputs: { a: 1 },
      feedback_stats: { good: { n: 1 } },
    });
    expect((await sendJson(`${second.url}/sessions?name=conformance`, 'GET', undefined, headers)).json).toHaveLength(1);
    expect((await sendRuns(second.url, [root], headers)).status).toBe(409);
    expect(
      readdirSync(directory)
        .map((name) => readFileSync(join(directory, name), 'utf8'))
        .join(''),
    ).not.toContain('very-secret');
  });

  test('survives a torn last line', async () => {
    const directory = newDirectory();
    const first = await start({ directory });
    await sendRuns(first.url, [rootRun(1)]);
    await first.close();
    appendFileSync(join(directory, '00000001.jsonl'), '{"kind":"post","ten');
    const second = await start({ directory });
    await sendRuns(second.url, [rootRun(2)]);
    await second.close();
    expect((await start({ directory })).store.runs().map(({ id }) => id)).toEqual([uuid(1), uuid(2)]);
  });

  test('stays below its limit by losing its oldest records', async () => {
    const directory = newDirectory();
    const sink = await start({ directory, directoryBytesMax: 400_000 });
    const text = 'x'.repeat(50_000);
    for (let number = 1; number <= 20; number += 1) await sendRuns(sink.url, [rootRun(number, { inputs: { text } })]);
    const size = readdirSync(directory).reduce((sum, name) => sum + readFileSync(join(directory, name)).length, 0);
    expect(size).toBeLessThan(500_000);
    await sink.close();
    expect((await start({ directory })).store.run(uuid(20))).toBeDefined();
  });

  test('that cannot be made stops the start', async () => {
    const file = join(newDirectory(), 'file');
    appendFileSync(file, '');
    await expect(startSink({ directory: file })).rejects.toMatchObject({ code: 'GW_START_FAILED' });
  });
});

test('a port in use stops the start', async () => {
  const { port } = await start();
  await expect(startSink({ port })).rejects.toMatchObject({ code: 'GW_START_FAILED', message: expect.stringContaining('EADDRINUSE') });
});

test('memory holds the newest runs only', async () => {
  const sink = await start({ runsMax: 3 });
  for (let number = 1; number <= 5; number += 1) await sendRuns(sink.url, [rootRun(number)]);
  expect(sink.store.runs().map(({ id }) => id)).toEqual([uuid(3), uuid(4), uuid(5)]);
  expect((await sendRuns(sink.url, [rootRun(1)])).status).toBe(409);
});

test.each(['', '/api', '/api/v1'])('the API stands under %j', async (prefix) => {
  const sink = await start();
  expect((await sendRuns(sink.url + prefix, [rootRun(1)])).status).toBe(202);
  expect((await sendJson(`${sink.url}${prefix}/runs/${uuid(1)}?`, 'GET')).status).toBe(200);
  expect((await sendJson(`${sink.url}${prefix}/info`, 'GET')).json).toMatchObject({
    batch_ingest_config: { size_limit: 100, size_limit_bytes: 20_971_520 },
  });
  expect(await sendJson(`${sink.url}${prefix}/nowhere`, 'GET')).toEqual({ status: 404, json: { detail: 'Not Found' } });
});

test('a path that cannot be decoded is a plain 400', async () => {
  const sink = await start();
  const answer = await fetch(`${sink.url}/runs/%zz`);
  expect([answer.status, await answer.text()]).toEqual([400, '{"error":"Bad request"}']);
});

test('limits follow the /info that was asked for', async () => {
  const sink = await start({ info: { batch_ingest_config: { size_limit: 2 }, instance_flags: { zstd_compression_enabled: false } } });
  expect((await sendJson(`${sink.url}/info`, 'GET')).json).toMatchObject({
    batch_ingest_config: { size_limit: 2 },
    instance_flags: { zstd_compression_enabled: false, gzip_body_enabled: true },
  });
  expect((await sendRuns(sink.url, [rootRun(1), rootRun(2), rootRun(3)])).status).toBe(422);
});

test('/runs/batch takes posts and patches with all fields inline', async () => {
  const sink = await start();
  const batch = { post: [rootRun(1, { inputs: { a: 1 }, end_time: null })], patch: [rootRun(1, { outputs: { b: 1 } })] };
  expect((await sendJson(`${sink.url}/runs/batch`, 'POST', batch)).status).toBe(202);
  expect(sink.store.run(uuid(1))?.fields).toMatchObject({ inputs: { a: 1 }, outputs: { b: 1 } });
  expect(sink.store.violations()).toEqual([]);
  expect((await sendJson(`${sink.url}/runs/batch`, 'POST', { post: [{}] })).status).toBe(422);
  expect((await sendJson(`${sink.url}/runs/batch`, 'POST', '{"post":')).status).toBe(422);
});

test('feedback comes by multipart, too', async () => {
  const sink = await start();
  const feedback = { name: `feedback.${uuid(8)}`, content: JSON.stringify({ run_id: uuid(1), trace_id: uuid(1), key: 'good', score: 1 }) };
  expect((await send(sink.url, multipartBody([...partsOf(rootRun(1)), feedback]))).status).toBe(202);
  expect((await sendJson(`${sink.url}/feedback/${uuid(8)}`, 'GET')).json).toMatchObject({ key: 'good', score: 1 });
});

test('feedback on a run that is not there is a 404, which clients repeat', async () => {
  const sink = await start();
  expect((await sendJson(`${sink.url}/feedback`, 'POST', { run_id: uuid(1), key: 'good' })).status).toBe(404);
});

test('tokens, cost, first token and children are derived', async () => {
  const sink = await start();
  const root = rootRun(1);
  const usage = { input_tokens: 105, output_tokens: 20, total_cost: 0.25 };
  const events = [{ name: 'new_token', time: '2026-09-21T13:53:20.500Z' }];
  const model = (number: number): ReturnType<typeof childRun> =>
    childRun(number, root, { run_type: 'llm', events, extra: { metadata: { usage_metadata: usage } } });
  await sendRuns(sink.url, [root, model(2), model(3)]);
  expect((await sendJson(`${sink.url}/runs/${uuid(2)}`, 'GET')).json).toMatchObject({
    total_tokens: 125,
    prompt_tokens: 105,
    completion_tokens: 20,
    first_token_time: events[0]?.time,
  });
  expect((await sendJson(`${sink.url}/runs/${uuid(1)}`, 'GET')).json).toMatchObject({
    total_tokens: 250,
    total_cost: 0.5,
    child_run_ids: [uuid(2), uuid(3)],
  });
});

test('/runs/query pages through a trace in order, with the members asked for', async () => {
  const sink = await start();
  const root = rootRun(1);
  const runs = [root, ...Array.from({ length: 20 }, (_, index) => childRun(index + 2, root))];
  await sendRuns(sink.url, runs);
  const found: unknown[] = [];
  let cursor: string | null = null;
  do {
    const { json } = await sendJson(`${sink.url}/runs/query`, 'POST', { trace: root.id, order: 'asc', limit: 8, cursor, select: ['name'] });
    const page = json as { runs: unknown[]; cursors: { next: string | null } };
    found.push(...page.runs);
    cursor = page.cursors.next;
  } while (cursor !== null);
  expect(found).toEqual(runs.map(({ id, name }) => ({ id, name })));
  expect((await sendJson(`${sink.url}/runs/query`, 'POST', { filter: 'eq(nothing' })).status).toBe(400);
  expect((await sendJson(`${sink.url}/runs/stats`, 'POST', { trace: root.id })).json).toMatchObject({ run_count: 21, error_rate: 0 });
});

test('figures tell what came', async () => {
  const sink = await start();
  await sendRuns(sink.url, [rootRun(1), rootRun(2)]);
  await sendRuns(sink.url, [rootRun(1)]);
  await sendRuns(sink.url, [rootRun(3, { run_type: 'agent' })]);
  expect((await sendJson(`${sink.url}/sink/stats`, 'GET')).json).toMatchObject({
    runs: 2,
    traces: 2,
    posts: 2,
    conflicts: 1,
    violations: 1,
    requests_by_status: { 202: 1, 409: 1, 422: 1 },
  });
  await sendJson(`${sink.url}/sink/data`, 'DELETE');
  expect((await sendJson(`${sink.url}/sink/stats`, 'GET')).json).toMatchObject({ runs: 0, posts: 0 });
});

test('a counting sink counts well-formed bodies and keeps nothing', async () => {
  const sink = await start({ store: 'count' });
  await sendRuns(sink.url, [rootRun(1), rootRun(2)]);
  expect((await send(sink.url, Buffer.from('nonsense'))).status).toBe(422);
  expect(sink.store.counts).toEqual({ posts: 2, patches: 0 });
  expect(sink.store.runs()).toEqual([]);
});
