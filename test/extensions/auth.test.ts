/** Authenticators as receivers ask them: over real sockets, with the answers that clients see. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import type { Clock } from '../../src/model/clock.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import { temporaryDirectory } from '../e2e/harness.ts';

let gateway: Gateway | undefined;
let directory: ReturnType<typeof temporaryDirectory>;
let nowMs = 1_767_225_600_000;
const clock: Clock = { now: () => nowMs, sleep: () => new Promise(() => {}) };

beforeEach(() => {
  directory = temporaryDirectory();
});

afterEach(async () => {
  await gateway?.stop(1_000);
  gateway = undefined;
  directory.remove();
});

async function load(extensions: Record<string, unknown>) {
  const auth = { authenticator: Object.keys(extensions)[0] };
  const protocols = { http: { endpoint: '127.0.0.1:0', auth }, grpc: { endpoint: '127.0.0.1:0', auth } };
  const config = {
    receivers: { otlp: { protocols } },
    exporters: { nop: {} },
    extensions,
    service: {
      extensions: Object.keys(extensions),
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['nop'] } },
    },
  };
  return loadConfig({ uris: [`yaml:${JSON.stringify(config)}`], sets: [], env: {}, factories });
}

async function start(extensions: Record<string, unknown>): Promise<void> {
  const loaded = await load(extensions);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  gateway = await startGateway(loaded.config, { emit: () => {}, clock });
}

const addresses = () => gateway?.service.receivers.get('otlp')?.addresses();

async function post(
  headers: Record<string, string>,
  path = '/v1/traces',
): Promise<{ readonly status: number; readonly code: number | undefined }> {
  const response = await fetch(`http://127.0.0.1:${addresses()?.http?.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"resourceSpans":[]}',
  });
  const answer = (await response.json().catch(() => ({}))) as { code?: number };
  return { status: response.status, code: answer.code };
}

/** The gRPC status code. */
function call(headers: Record<string, string>): Promise<number> {
  const client = new grpc.Client(`127.0.0.1:${addresses()?.grpc?.port}`, grpc.credentials.createInsecure());
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const same = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve) => {
    const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
    client.makeUnaryRequest(path, same, same, Buffer.alloc(0), metadata, (error) => {
      client.close();
      resolve(error?.code ?? grpc.status.OK);
    });
  });
}

const basic = (pair: string): Record<string, string> => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

test('an unknown API key is answered with 401 and status 16, over gRPC with UNAUTHENTICATED; a known one gets in', async () => {
  await start({ apikeyauth: { keys: [{ key: 'k-acme', attributes: { tenant: 'acme' } }, { key: 'k-zero' }] } });
  expect(await post({})).toEqual({ status: 401, code: 16 });
  expect(await post({ 'x-api-key': 'k-acm' })).toEqual({ status: 401, code: 16 });
  expect((await post({ 'x-api-key': 'k-acme' })).status).toBe(200);
  expect((await post({ 'x-api-key': 'k-zero' })).status).toBe(200);
  expect(await call({})).toBe(grpc.status.UNAUTHENTICATED);
  expect(await call({ 'x-api-key': 'nobody' })).toBe(grpc.status.UNAUTHENTICATED);
  expect(await call({ 'x-api-key': 'k-acme' })).toBe(grpc.status.OK);
});

test('without a key nobody learns which paths there are', async () => {
  await start({ apikeyauth: { keys: [{ key: 'k' }] } });
  expect((await post({}, '/no/such/path')).status).toBe(401);
  expect((await post({ 'x-api-key': 'k' }, '/no/such/path')).status).toBe(404);
});

test('a bearer token is taken with its scheme in any case, and not without it', async () => {
  await start({ bearertokenauth: { tokens: ['old-token', 'new-token'] } });
  expect((await post({ authorization: 'Bearer old-token' })).status).toBe(200);
  expect((await post({ authorization: 'bearer new-token' })).status).toBe(200);
  expect((await post({ authorization: 'new-token' })).status).toBe(401);
  expect((await post({ authorization: 'Bearer other' })).status).toBe(401);
  expect(await call({ authorization: 'Bearer new-token' })).toBe(grpc.status.OK);
  expect(await call({ authorization: 'Basic new-token' })).toBe(grpc.status.UNAUTHENTICATED);
});

test('a bare token stands in a header of its own with an empty scheme', async () => {
  await start({ bearertokenauth: { header: 'X-Token', scheme: '', token: 'secret' } });
  expect((await post({ 'x-token': 'secret' })).status).toBe(200);
  expect((await post({ authorization: 'Bearer secret' })).status).toBe(401);
});

test('tokens of a file change with the file, and stay in force while it is away', async () => {
  const path = join(directory.path, 'tokens');
  writeFileSync(path, 'one\ntwo\n');
  await start({ bearertokenauth: { filename: path } });
  expect((await post({ authorization: 'Bearer two' })).status).toBe(200);
  writeFileSync(`${path}.next`, 'three\n');
  renameSync(`${path}.next`, path);
  nowMs += 1_001;
  expect((await post({ authorization: 'Bearer two' })).status).toBe(401);
  expect((await post({ authorization: 'Bearer three' })).status).toBe(200);
  renameSync(path, `${path}.away`);
  nowMs += 1_001;
  expect((await post({ authorization: 'Bearer three' })).status).toBe(200);
  expect(gateway?.service.health().degraded.get('bearertokenauth')?.facts.reason).toContain('ENOENT');
});

test('a file of tokens that is missing stops the start', async () => {
  await expect(start({ bearertokenauth: { filename: join(directory.path, 'none') } })).rejects.toThrow('cannot read');
});

test('passwords in every supported form open the door, and no other password does', async () => {
  const lines = [
    'apache:$apr1$saltsalt$ahCuAWr4ifu6OVOEs5vcN/',
    'sha:{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=',
    'ssha:{SSHA}yI6cZwQadOA1e+/f+T+H3eCQQhRzYWx0',
    '# a comment',
    'plain:with:colons',
  ];
  await start({ basicauth: { htpasswd: { inline: lines.join('\n').replaceAll('$', '$$$$') } } });
  for (const pair of ['apache:secret ä', 'sha:myPassword', 'plain:with:colons']) {
    expect([pair, (await post(basic(pair))).status]).toEqual([pair, 200]);
    // Again: known pairs are remembered.
    expect([pair, (await post(basic(pair))).status]).toEqual([pair, 200]);
    expect([pair, (await post(basic(`${pair}x`))).status]).toEqual([pair, 401]);
  }
  expect((await post(basic('ssha:password'))).status).toBe(200);
  for (const pair of ['apache:', 'nobody:secret', '# a comment:', 'sha'])
    expect([pair, (await post(basic(pair))).status]).toEqual([pair, 401]);
  expect((await post({ authorization: 'Bearer abc' })).status).toBe(401);
});

test('whoever guesses passwords is put off before they are checked, and holds up nobody who is in', async () => {
  await start({ basicauth: { htpasswd: { inline: 'apache:$$apr1$$saltsalt$$ahCuAWr4ifu6OVOEs5vcN/' } } });
  const good = basic('apache:secret ä');
  expect((await post(good)).status).toBe(200);
  const statuses: number[] = [];
  for (let guess = 0; guess < 110; guess++) statuses.push((await post(basic(`apache:${guess}`))).status);
  expect(statuses.slice(0, 99)).toEqual(new Array(99).fill(401));
  expect(statuses.slice(-10)).toEqual(new Array(10).fill(429));
  expect(await call(basic('apache:other'))).toBe(grpc.status.RESOURCE_EXHAUSTED);
  expect((await post(good)).status).toBe(200);
  nowMs += 1_000;
  expect((await post(basic('apache:other'))).status).toBe(401);
});

/** Made with `openssl passwd -apr1 -salt ab`. */
const apacheHashes: [length: number, stored: string][] = [
  [1, '$apr1$ab$vv77ghmKwCAoaGfFCKWSr/'],
  [15, '$apr1$ab$Pr9p/.oIzo6P9Zp78k6cq.'],
  [16, '$apr1$ab$fS3YihHAGCKRdCPxBykUp.'],
  [17, '$apr1$ab$naKyAbFrVgtiAo8/kjBxx1'],
  [40, '$apr1$ab$i7YGeiAXYOxBIKJCGIGaP/'],
];

test.each(apacheHashes)('a password of %i characters is checked against the hash that openssl makes of it', async (length, stored) => {
  await start({ basicauth: { htpasswd: { inline: `u:${stored.replaceAll('$', '$$$$')}` } } });
  expect((await post(basic(`u:${'p'.repeat(length)}`))).status).toBe(200);
  expect((await post(basic(`u:${'p'.repeat(length + 1)}`))).status).toBe(401);
});

test.each([
  ['$2y$05$abcdefghijklmnopqrstuu', 'bcrypt'],
  ['$6$salt$abc', 'crypt'],
])('a password in the form %s is refused when the configuration is checked, not when somebody logs in', async (stored) => {
  const loaded = await load({ basicauth: { htpasswd: { inline: `bob:${stored.replaceAll('$', '$$$$')}` } } });
  expect(loaded.ok).toBe(false);
  expect(loaded.ok ? '' : loaded.problems[0]?.sentence).toContain('is in a form that is not supported');
  expect(JSON.stringify(loaded)).not.toContain(stored);
});

test('settings that let nobody in, or everybody, are refused', async () => {
  for (const extensions of [
    { basicauth: { htpasswd: {} } },
    { bearertokenauth: {} },
    { bearertokenauth: { token: '' } },
    { bearertokenauth: { token: 'a', tokens: ['b'] } },
    { apikeyauth: { keys: [] } },
    { apikeyauth: { keys: [{ key: '' }] } },
    { apikeyauth: { keys: [{ key: 'a' }, { key: 'a' }] } },
  ])
    expect((await load(extensions)).ok).toBe(false);
});

test('a key that changed with a reload is in force while the sockets stay open', async () => {
  await start({ apikeyauth: { keys: [{ key: 'old' }] } });
  const receiver = gateway?.service.receivers.get('otlp');
  const loaded = await load({ apikeyauth: { keys: [{ key: 'new' }] } });
  if (loaded.ok) await gateway?.reload(loaded.config);
  expect(gateway?.service.receivers.get('otlp')).toBe(receiver);
  expect((await post({ 'x-api-key': 'old' })).status).toBe(401);
  expect((await post({ 'x-api-key': 'new' })).status).toBe(200);
});
