/**
 * `headers_setter` on the langsmith exporter, with the built program: each caller's key arrives upstream as his, also after SIGKILL and a restart, and
 * stands in the clear nowhere: not in the journal, the logs, the metrics, the printed configuration, nor the dead letters.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import { strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { freePort } from '../free-port.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
const keys = { acme: 'lsv2_pt_hush_acme_0123456789', globex: 'lsv2_pt_hush_globex_9876543210' } as const;
type Tenant = keyof typeof keys;

let sink: Sink;
let metricsPort: number;
let directory: ReturnType<typeof temporaryDirectory>;
let child: ChildProcess | undefined;
/** Everything that any process of the test wrote. */
let said = '';
/** What the running gateway wrote. */
let log = '';

beforeEach(async () => {
  directory = temporaryDirectory();
  sink = await strictSink({ keys: Object.values(keys) });
  metricsPort = await freePort();
  said = '';
  writeFileSync(configPath(), JSON.stringify(configuration()));
});

afterEach(async () => {
  await kill();
  await sink.close();
  directory.remove();
});

function configPath(): string {
  return join(directory.path, 'gateway.yaml');
}

function configuration(): object {
  return {
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0', include_metadata: true } } } },
    exporters: {
      langsmith: {
        endpoint: sink.url,
        api_key: 'nobody',
        auth: { authenticator: 'headers_setter' },
        batch: { flush_timeout: '50ms' },
        retry_on_failure: { initial_interval: '50ms', max_interval: '200ms' },
      },
    },
    extensions: {
      headers_setter: { headers: [{ action: 'upsert', key: 'X-API-Key', from_context: 'x-tenant-key' }] },
      file_storage: { directory: join(directory.path, 'journal') },
    },
    service: {
      extensions: ['headers_setter', 'file_storage'],
      telemetry: {
        logs: { level: 'debug', encoding: 'json' },
        metrics: { readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port: metricsPort } } } }] },
      },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['langsmith'] } },
    },
  };
}

function note(text: string): void {
  said += text;
  log += text;
}

async function start(): Promise<void> {
  log = '';
  child = spawn('node', [main, 'run', '--config', configPath()], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', note);
  await until(
    () => log.includes('Everything is ready.'),
    () => log,
  );
}

async function kill(): Promise<void> {
  if (child === undefined) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  child = undefined;
}

async function command(...words: string[]): Promise<string> {
  const one = spawn('node', [main, ...words, '--config', configPath()], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [one.stdout, one.stderr]) stream?.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  await once(one, 'close');
  said += text;
  return text;
}

let number = 0;

async function send(tenant: Tenant, name: string): Promise<void> {
  number += 1;
  const times = { startTimeUnixNano: '1767225600000000000', endTimeUnixNano: '1767225601000000000' };
  const ids = { traceId: `${number}`.padStart(32, 'a'), spanId: `${number}`.padStart(16, 'b') };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...ids, ...times, name, kind: 1 }] }] }] });
  const headers = { 'content-type': 'application/json', 'x-tenant-key': keys[tenant] };
  const address = /"address":"(127\.0\.0\.1:\d+)"/.exec(log)?.[1];
  expect((await fetch(`http://${address}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200);
}

function runs(): string[] {
  return [...sink.store.tenants]
    .flatMap((tenant) => [...tenant.runs.values()].map(({ fields, apiKey }) => `${fields.name} ${apiKey}`))
    .sort();
}

const arrived = (count: number): Promise<void> =>
  until(
    () => runs().length === count,
    () => `${runs().join()}\n${log}`,
  );

async function metrics(): Promise<string> {
  const page = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  said += page;
  return page;
}

async function metric(name: string): Promise<number> {
  return Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(await metrics())?.[1] ?? 0);
}

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function expectNoKeyOnDisk(): void {
  const files = filesIn(join(directory.path, 'journal'));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect({ file, holdsKey: readFileSync(file).includes('hush') }).toEqual({ file, holdsKey: false });
}

test('each caller’s key arrives with his spans, also with those that a killed gateway left behind, and is nowhere in the clear', async () => {
  await start();
  await send('acme', 'acme-at-once');
  await send('globex', 'globex-at-once');
  await arrived(2);

  sink.faults.add({ action: { do: 'status', status: 503 } });
  await send('acme', 'acme-later');
  await send('globex', 'globex-later');
  await until(
    async () => /"status":503/.test(log) && (await metric('spanway_waiting_batches')) === 2,
    () => log,
  );
  await kill();
  expectNoKeyOnDisk();

  sink.faults.clear();
  await start();
  await arrived(4);
  expect(runs()).toEqual(
    (['acme', 'globex'] as const).flatMap((tenant) => [`${tenant}-at-once ${keys[tenant]}`, `${tenant}-later ${keys[tenant]}`]),
  );
  expectNoKeyOnDisk();
  expect(said).not.toContain('hush');
});

test('a dead letter holds no key, even if the server’s answer repeats it, and is replayed under the key of its caller', async () => {
  const body = JSON.stringify({ detail: `the key ${keys.acme} may not write this run` });
  sink.faults.add({ match: { bodyIncludes: 'acme-refused' }, action: { do: 'status', status: 422, body } });
  await start();
  await send('acme', 'acme-refused');
  await send('globex', 'globex-fine');
  await until(
    async () => (await metric('spanway_dead_lettered_items')) === 1 && runs().length === 1,
    () => log,
  );
  await kill();
  expectNoKeyOnDisk();
  const listed = await command('dead-letters', 'list');
  const key = /^ {2}(\S+)/m.exec(listed)?.[1] ?? '';
  expect(await command('dead-letters', 'show', key)).toContain('acme-refused');
  expect(await command('print-config')).toContain('headers_setter');

  sink.faults.clear();
  await command('dead-letters', 'replay', key);
  await start();
  await arrived(2);
  expect(runs()).toEqual([`acme-refused ${keys.acme}`, `globex-fine ${keys.globex}`]);
  expectNoKeyOnDisk();
  expect(said).not.toContain('hush');
});
