/** How the built program ends: in order on the first signal, at once on the second. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { Load } from './load.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;

interface Running {
  readonly child: ChildProcess;
  readonly exit: Promise<[number | null, NodeJS.Signals | null]>;
  readonly http: string;
  readonly grpc: string;
  log(): string;
}

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  await sink.close();
  directory.remove();
});

async function start(): Promise<Running> {
  const base = gatewayConfig({ sinkUrl: sink.url, directory: directory.path }) as { service: { telemetry: object } };
  const config = JSON.stringify({
    ...base,
    service: { ...base.service, telemetry: { ...base.service.telemetry, logs: { encoding: 'json' } } },
  });
  const child = spawn('node', [main, 'run', '--config', `yaml:${config}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  children.add(child);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exit = once(child, 'close') as Running['exit'];
  await until(
    () => log.includes('Everything is ready') || child.exitCode !== null,
    () => log,
  );
  const lines = log.split('\n').filter((line) => line.includes('"listening"'));
  const addresses = new Map(
    lines.map((line) => JSON.parse(line) as { protocol: string; address: string }).map((one) => [one.protocol, one.address]),
  );
  return { child, exit, http: `http://${addresses.get('http')}`, grpc: `${addresses.get('grpc')}`, log: () => log };
}

test('SIGTERM under load over HTTP and gRPC: what was acknowledged is delivered once, by this process or the next, and it ends with 0', {
  timeout: 300_000,
}, async () => {
  let gateway = await start();
  const load = new Load({ http: () => gateway.http, grpc: () => gateway.grpc }, { http: 4, grpc: 2 });
  for (let round = 1; round <= 3; round += 1) {
    await until(
      () => load.acknowledged.length >= round * 200,
      () => `${load.acknowledged.length} acknowledged; ${gateway.log()}`,
    );
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toEqual([0, null]);
    expect(gateway.log()).toContain('Shutdown complete.');
    gateway = await start();
  }
  await load.stop();
  expect(load.failures).toEqual([]);
  await until(
    () => load.acknowledged.every(({ spanId }) => sink.store.run(runIdOfSpan(spanId))),
    () => `${sink.store.runs().length} of ${load.acknowledged.length}`,
  );
  expect(sink.store.orphans()).toEqual([]);
  expect(sink.store.conflicts()).toEqual([]);
  expect(sink.store.violations()).toEqual([]);
});

test('a request that is under way at SIGTERM is answered, and its connection ends with the answer', async () => {
  const gateway = await start();
  const body = JSON.stringify({
    resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 'n' }] }] }],
  });
  const agent = new http.Agent({ keepAlive: true });
  const request = http.request(`${gateway.http}/v1/traces`, {
    agent,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), expect: '100-continue' },
  });
  const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
  request.flushHeaders();
  await once(request, 'continue');
  request.write(body.slice(0, 10));
  gateway.child.kill('SIGTERM');
  await until(
    () => gateway.log().includes('Starting shutdown...'),
    () => gateway.log(),
  );
  request.end(body.slice(10));
  const [response] = await answered;
  response.resume();
  expect([response.statusCode, response.headers.connection]).toEqual([200, 'close']);
  expect(await gateway.exit).toEqual([0, null]);
  const next = await start();
  await until(
    () => sink.store.runs().length === 1,
    () => next.log(),
  );
  agent.destroy();
});

test('a second signal ends the program at once, and what it held is delivered by the next one', { timeout: 240_000 }, async () => {
  sink.faults.add({ action: { do: 'hang' } });
  const gateway = await start();
  const load = new Load({ http: () => gateway.http, grpc: () => gateway.grpc }, { http: 2, grpc: 0 });
  await until(
    () => load.acknowledged.length >= 20 && sink.store.requests().length > 0,
    () => gateway.log(),
  );
  await load.stop();
  gateway.child.kill('SIGTERM');
  await until(
    () => gateway.log().includes('Starting shutdown...'),
    () => gateway.log(),
  );
  gateway.child.kill('SIGTERM');
  expect(await gateway.exit).toEqual([null, 'SIGKILL']);
  expect(gateway.log()).not.toContain('Shutdown complete.');
  sink.faults.clear();
  await start();
  await until(
    () => load.acknowledged.every(({ spanId }) => sink.store.run(runIdOfSpan(spanId))),
    () => `${sink.store.runs().length} of ${load.acknowledged.length}`,
  );
});
