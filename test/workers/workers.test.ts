/** `service::workers`: the built program with several processes behind one set of ports, over the file store. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { freePort } from '../free-port.ts';
import { Load } from '../service/load.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let supervisor: ChildProcess | undefined;
let load: Load | undefined;
let log = '';

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
  log = '';
});

afterEach(async () => {
  await load?.stop();
  if (supervisor && supervisor.exitCode === null && supervisor.signalCode === null) {
    supervisor.kill('SIGTERM');
    await once(supervisor, 'exit');
  }
  await sink.close();
  directory.remove();
});

/** What each worker received over one transport. */
const lines = (transport: string, worker: number): string => join(directory.path, `${transport}-${worker}.jsonl`);

interface Document {
  readonly receivers: { readonly otlp: { readonly protocols: { readonly http: object; readonly grpc: object } } };
  readonly exporters: object;
  readonly service: object;
}

async function configuration(metricsPort: number, extra: object = {}): Promise<object> {
  const document = gatewayConfig({ sinkUrl: sink.url, directory: join(directory.path, 'journal') }) as Document;
  const { http, grpc } = document.receivers.otlp.protocols;
  const filePath = (transport: string): object => ({ path: join(directory.path, `${transport}-\${env:SPANWAY_WORKER}.jsonl`) });
  const reader = { pull: { exporter: { prometheus: { host: '127.0.0.1', port: metricsPort } } } };
  return {
    ...document,
    receivers: { 'otlp/http': { protocols: { http } }, 'otlp/grpc': { protocols: { grpc } } },
    exporters: { ...document.exporters, 'file/http': filePath('http'), 'file/grpc': filePath('grpc') },
    service: {
      ...document.service,
      workers: 2,
      telemetry: { metrics: { readers: [reader] }, logs: { encoding: 'json' } },
      pipelines: {
        'traces/http': { receivers: ['otlp/http'], exporters: ['langsmith', 'file/http'] },
        'traces/grpc': { receivers: ['otlp/grpc'], exporters: ['langsmith', 'file/grpc'] },
      },
    },
    ...extra,
  };
}

function start(config: object): ChildProcess {
  supervisor = spawn('node', [main, 'run', '--config', `yaml:${JSON.stringify(config)}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  supervisor.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  return supervisor;
}

function logged(sentence: string): Record<string, string>[] {
  const found = log.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return found.map((line) => JSON.parse(line) as Record<string, string>).filter(({ msg }) => msg === sentence);
}

const appears = (sentence: string, count = 1): Promise<void> =>
  until(
    () => logged(sentence).length >= count,
    () => log,
  );

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const address = (protocol: string): string => logged('listening').find((line) => line.protocol === protocol)?.address ?? '';

async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const values = text.split('\n').filter((line) => line.startsWith(`${name}{`));
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

test('two workers share ports and journal; one is killed under load: another takes its place and nothing is lost', {
  timeout: 60_000,
}, async () => {
  const metricsPort = await freePort();
  const process_ = start(await configuration(metricsPort));
  await appears('All workers are ready.');
  load = new Load({ http: () => `http://${address('http')}`, grpc: () => address('grpc') }, { http: 6, grpc: 4 });
  const { acknowledged, failures } = load;
  const reach = (count: number): Promise<void> =>
    until(
      () => acknowledged.length >= count,
      () => `${acknowledged.length} acknowledged\n${log}`,
    );
  await reach(300);
  process.kill(Number(logged('a worker is ready')[0]?.pid), 'SIGKILL');
  await appears('a worker ended; another one takes its place');
  await appears('a worker is ready', 3);
  await reach(acknowledged.length + 300);
  await load.stop();
  expect(failures).toEqual([]);
  await until(
    () => acknowledged.every(({ spanId }) => sink.store.run(runIdOfSpan(spanId)) !== undefined),
    () => `${sink.store.runCount} runs of ${acknowledged.length}\n${log}`,
    30_000,
  );
  for (const { spanId, parentSpanId } of acknowledged)
    expect(sink.store.run(runIdOfSpan(spanId))?.parentRunId).toBe(parentSpanId === undefined ? '' : runIdOfSpan(parentSpanId));
  expect(sink.store.violations()).toEqual([]);
  for (const transport of ['http', 'grpc'])
    for (const worker of [1, 2])
      expect(existsSync(lines(transport, worker)) && readFileSync(lines(transport, worker)).length, transport).toBeGreaterThan(0);
  process_.kill('SIGTERM');
  expect(await once(process_, 'exit')).toEqual([0, null]);
});

test('a worker that ends before the last one is ready is replaced, too', async () => {
  const tokens = (worker: number | string): string => join(directory.path, `tokens-${worker}`);
  writeFileSync(tokens(1), 'a-token');
  // Who reads it waits until somebody writes.
  execFileSync('mkfifo', [tokens(2)]);
  const document = (await configuration(await freePort())) as { readonly extensions: object; readonly service: { extensions: string[] } };
  start({
    ...document,
    extensions: { ...document.extensions, bearertokenauth: { filename: tokens(`\${env:SPANWAY_WORKER}`) } },
    service: { ...document.service, extensions: [...document.service.extensions, 'bearertokenauth'] },
  });
  await appears('a worker is ready');
  const first = Number(logged('a worker is ready')[0]?.pid);
  process.kill(first, 'SIGKILL');
  await until(
    () => !isAlive(first),
    () => log,
  );
  await writeFile(tokens(2), 'a-token');
  await appears('a worker ended; another one takes its place');
  await appears('a worker is ready', 3);
});

test('the metrics page tells the sums over the workers', async () => {
  const metricsPort = await freePort();
  start(await configuration(metricsPort));
  await appears('All workers are ready.');
  load = new Load({ http: () => `http://${address('http')}`, grpc: () => address('grpc') }, { http: 4, grpc: 4 });
  const { acknowledged } = load;
  await until(
    () => acknowledged.length > 100,
    () => log,
  );
  await load.stop();
  await until(
    async () => (await metric(metricsPort, 'spanway_delivered_items')) === acknowledged.length,
    () => log,
  );
  expect(await metric(metricsPort, 'otelcol_receiver_accepted_spans')).toBe(acknowledged.length);
});

test('SIGHUP comes to every worker', async () => {
  const process_ = start(await configuration(await freePort()));
  await appears('All workers are ready.');
  process_.kill('SIGHUP');
  await appears('Configuration reloaded.', 2);
});

test('a worker that cannot start ends the program with 1 and the reason', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const found = taken.address();
  const endpoint = `127.0.0.1:${typeof found === 'object' ? found?.port : 0}`;
  const process_ = start(
    await configuration(await freePort(), {
      receivers: { 'otlp/http': { protocols: { http: { endpoint } } }, 'otlp/grpc': { protocols: { grpc: {} } } },
    }),
  );
  expect(await once(process_, 'close')).toEqual([1, null]);
  taken.close();
  expect(log).toContain('bind: address already in use');
});

test('several workers over a journal in memory are refused: their trees would break', async () => {
  const document = gatewayConfig({ sinkUrl: sink.url }) as { readonly service: object };
  const process_ = start({ ...document, service: { ...document.service, workers: 2 } });
  expect(await once(process_, 'close')).toEqual([1, null]);
  expect(log).toContain('cannot run 2 workers: "memory_storage" keeps journals in the memory of one process');
});
