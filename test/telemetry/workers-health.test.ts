/** The pages of a gateway with several workers: one answer for all of them. The built program. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { freePort } from '../free-port.ts';
import { sendSpans } from './gateway.ts';
import { scrape } from './scrape.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let supervisor: ChildProcess;
let healthPort: number;
let metricsPort: number;
let log = '';

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
  log = '';
  [healthPort, metricsPort] = [await freePort(), await freePort()];
  supervisor = spawn('node', [main, 'run', '--config', `yaml:${JSON.stringify(configuration())}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  supervisor.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  await until(
    () => logged('All workers are ready.').length > 0,
    () => log,
  );
});

afterEach(async () => {
  sink.faults.clear();
  if (supervisor.exitCode === null && supervisor.signalCode === null) {
    supervisor.kill('SIGTERM');
    await once(supervisor, 'exit');
  }
  await sink.close();
  directory.remove();
});

function configuration(): object {
  const document = gatewayConfig({ sinkUrl: sink.url, directory: join(directory.path, 'journal') }) as {
    readonly extensions: object;
    readonly service: { readonly extensions: readonly string[] };
  };
  const reader = { pull: { exporter: { prometheus: { host: '127.0.0.1', port: metricsPort } } } };
  return {
    ...document,
    extensions: { ...document.extensions, health_check: { endpoint: `127.0.0.1:${healthPort}` } },
    service: {
      ...document.service,
      workers: 2,
      extensions: [...document.service.extensions, 'health_check'],
      telemetry: { metrics: { readers: [reader] }, logs: { encoding: 'json' } },
    },
  };
}

function logged(sentence: string): Record<string, string>[] {
  const lines = log.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return lines.map((line) => JSON.parse(line) as Record<string, string>).filter(({ msg }) => msg === sentence);
}

interface Body {
  readonly healthy: boolean;
  readonly degraded: Readonly<Record<string, { readonly error: string; readonly facts: Readonly<Record<string, unknown>> }>>;
}

async function page(path: string): Promise<{ readonly code: number; readonly body: Body }> {
  const response = await fetch(`http://127.0.0.1:${healthPort}${path}`);
  return { code: response.status, body: (await response.json()) as Body };
}

test('it is ready when all workers are, not while one is stopped or gone, and ready again with the one that takes its place', {
  timeout: 60_000,
}, async () => {
  await until(
    async () => (await page('/')).code === 200,
    () => log,
  );
  const pid = Number(logged('a worker is ready')[0]?.pid);
  process.kill(pid, 'SIGSTOP');
  expect((await page('/live')).code).toBe(200);
  await until(
    async () => (await page('/')).code === 503,
    () => log,
  );
  const { body } = await page('/status');
  expect(Object.values(body.degraded).map(({ error }) => error)).toContain('A worker does not answer.');
  process.kill(pid, 'SIGKILL');
  await until(
    async () => logged('a worker is ready').length === 3 && (await page('/')).code === 200,
    () => log,
    40_000,
  );
});

test('what is wrong in any worker is told, and metrics are of all of them with one target', { timeout: 60_000 }, async () => {
  sink.faults.add({ action: { do: 'status', status: 401 } });
  const address = logged('listening').find(({ protocol }) => protocol === 'http')?.address ?? '';
  for (let first = 1; first <= 12; first++) expect(await sendSpans(`http://${address}`, 1, { first })).toBe(200);
  await until(
    async () => Object.values((await page('/status')).body.degraded).some(({ facts }) => facts.workers === '1, 2'),
    () => log,
  );
  const { body } = await page('/status');
  expect(body.healthy).toBe(false);
  expect(Object.values(body.degraded)[0]?.error).toContain('does not know this API key');
  const { samples, sum } = await scrape(`http://127.0.0.1:${metricsPort}/metrics`);
  expect(samples.filter(({ name }) => name === 'target_info')).toHaveLength(1);
  expect(sum('target_info')).toBe(1);
  expect(sum('spanway_ready')).toBe(1);
  expect(sum('spanway_received_items')).toBe(12);
  // Leases go from hand to hand until each worker has its share.
  await until(
    async () => {
      const { sum: now } = await scrape(`http://127.0.0.1:${metricsPort}/metrics`);
      return now('spanway_partitions_owned') === now('spanway_partitions');
    },
    () => log,
  );
});
