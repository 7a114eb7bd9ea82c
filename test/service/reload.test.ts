/** A running gateway gets another configuration: what changes, what stays, and that nothing is lost on the way. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatProblem, loadConfig, type ServiceConfig } from '../../src/config/load.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { Load } from './load.ts';

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let gateway: Gateway | undefined;
const lines: string[] = [];

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
  lines.length = 0;
});

afterEach(async () => {
  await gateway?.stop(5_000);
  gateway = undefined;
  await sink.close();
  directory.remove();
});

interface Setup {
  readonly http: string;
  readonly grpc: string;
  readonly project: string;
  readonly mark: string;
  readonly maxConnections: number;
  readonly pages: Record<string, unknown>;
  readonly logs: boolean;
  readonly apiKey: string;
  readonly durability: 'disk' | 'memory';
}

const first: Setup = {
  http: '127.0.0.1:0',
  grpc: '127.0.0.1:0',
  project: 'one',
  mark: 'a',
  maxConnections: 100,
  pages: {},
  logs: true,
  apiKey: 'key',
  durability: 'disk',
};

async function configOf(setup: Setup): Promise<ServiceConfig> {
  const storage = setup.durability === 'disk' ? 'file_storage' : 'memory_storage';
  const logs = setup.logs ? { logs: { receivers: ['otlp'], exporters: ['langsmith'] } } : {};
  const config = {
    receivers: {
      otlp: { protocols: { http: { endpoint: setup.http, max_connections: setup.maxConnections }, grpc: { endpoint: setup.grpc } } },
    },
    processors: { attributes: { actions: [{ key: 'mark', action: 'upsert', value: setup.mark }] } },
    exporters: {
      langsmith: {
        endpoint: sink.url,
        api_key: setup.apiKey,
        project: setup.project,
        sending_queue: { storage, durability: setup.durability },
        batch: { flush_timeout: '50ms' },
        retry_on_failure: { initial_interval: '50ms', max_interval: '200ms' },
      },
    },
    extensions: { [storage]: setup.durability === 'disk' ? { directory: directory.path } : {}, ...setup.pages },
    service: {
      extensions: [storage, ...Object.keys(setup.pages)],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], processors: ['attributes'], exporters: ['langsmith'] }, ...logs },
    },
  };
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(config)}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.config;
}

async function start(setup: Partial<Setup> = {}): Promise<Gateway> {
  gateway = await startGateway(await configOf({ ...first, ...setup }), {
    emit: (level, sentence, facts) => void lines.push(`${level} ${sentence} ${JSON.stringify(facts)}`),
  });
  return gateway;
}

const portOf = (protocol: 'http' | 'grpc'): number => gateway?.service.receivers.get('otlp')?.addresses()[protocol]?.port ?? 0;
const httpUrl = (): string => `http://127.0.0.1:${portOf('http')}`;

async function send(spanId: string, url = httpUrl()): Promise<number> {
  const span = {
    traceId: spanId.repeat(2),
    spanId,
    name: 'n',
    startTimeUnixNano: '1767225600000000000',
    endTimeUnixNano: '1767225601000000000',
  };
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  return response.status;
}

/** The fields of the run, once the sink has it. */
async function arrived(spanId: string): Promise<Readonly<Record<string, unknown>>> {
  await until(
    () => sink.store.run(runIdOfSpan(spanId)) !== undefined,
    () => lines.join('\n'),
  );
  return sink.store.run(runIdOfSpan(spanId))?.fields ?? {};
}

async function metric(name: string): Promise<number> {
  const text = (await gateway?.telemetry.metrics.text()) ?? '';
  let total = 0;
  for (const line of text.split('\n')) if (line.startsWith(`${name}{`)) total += Number(line.slice(line.lastIndexOf(' ') + 1));
  return total;
}

test('ten reloads under load over HTTP and gRPC: every acknowledged span arrives exactly once', async () => {
  const running = await start();
  // From the second configuration on the ports are fixed, so that a changed receiver comes back where its clients look for it.
  const ports = { http: `127.0.0.1:${portOf('http')}`, grpc: `127.0.0.1:${portOf('grpc')}` };
  const load = new Load({ http: () => `http://${ports.http}`, grpc: () => ports.grpc }, { http: 4, grpc: 3 });
  const changes: Partial<Setup>[] = [
    { mark: 'b' },
    { project: 'two' },
    { maxConnections: 101 },
    { mark: 'c' },
    { project: 'three' },
    { maxConnections: 102 },
    { mark: 'd', project: 'four', maxConnections: 103 },
    { mark: 'e' },
    { project: 'five' },
    { project: 'six', maxConnections: 104 },
  ];
  let setup: Setup = { ...first, ...ports };
  for (const change of changes) {
    const before = load.acknowledged.length;
    setup = { ...setup, ...change };
    await running.reload(await configOf(setup));
    await until(
      () => load.acknowledged.length >= before + 200,
      () => `${load.acknowledged.length} acknowledged; ${load.failures.join()}`,
    );
  }
  await load.stop();
  expect(load.failures).toEqual([]);
  await until(
    () => load.acknowledged.every(({ spanId }) => sink.store.run(runIdOfSpan(spanId)) !== undefined),
    () => `${sink.store.runs().length} runs for ${load.acknowledged.length} acknowledged spans\n${lines.join('\n')}`,
  );
  expect(sink.store.runs().length).toBe(load.acknowledged.length);
  expect(sink.store.violations()).toEqual([]);
  for (const { spanId, parentSpanId } of load.acknowledged)
    expect(sink.store.run(runIdOfSpan(spanId))?.parentRunId).toBe(parentSpanId ? runIdOfSpan(parentSpanId) : '');
  // The sink has a run a moment before the gateway knows it.
  await until(
    async () => (await metric('spanway_delivered_items')) >= load.acknowledged.length,
    () => lines.join('\n'),
  );
  const delivered = await metric('spanway_delivered_items');
  expect(delivered).toBe(load.acknowledged.length);
  expect(await metric('spanway_stored_items')).toBe(delivered + (await metric('spanway_duplicate_items')));
  expect(await metric('spanway_dead_lettered_items')).toBe(0);
  expect(await metric('spanway_conservation_imbalance')).toBe(0);
}, 120_000);

test('a change behind the receivers keeps their sockets: an open connection goes on, and its next span takes the new way', async () => {
  const running = await start();
  const receiver = running.service.receivers.get('otlp');
  const socket = connect(portOf('http'), '127.0.0.1');
  await once(socket, 'connect');
  await running.reload(await configOf({ ...first, mark: 'b', project: 'two' }));
  expect(running.service.receivers.get('otlp')).toBe(receiver);
  const span = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 'n', startTimeUnixNano: '1767225600000000000' };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, endTimeUnixNano: '1767225601000000000' }] }] }] });
  socket.write(`POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/);
  const run = await arrived(span.spanId);
  expect(run.session_name).toBe('two');
  expect(JSON.stringify(run)).toContain('"mark":"b"');
});

/** Connects and sends one request, again and again, each time anew; an error of any kind is counted, and nothing is sent again. */
function strangers(port: number, count: number): { readonly errors: string[]; answered(): number; end(): Promise<void> } {
  const errors: string[] = [];
  let answered = 0;
  let isOver = false;
  const one = async (): Promise<void> => {
    while (!isOver) {
      const socket = connect(port, '127.0.0.1');
      try {
        socket.write(
          'POST /v1/metrics HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}',
        );
        const [answer] = (await once(socket, 'data')) as [Buffer];
        if (answer.toString().startsWith('HTTP/1.1 200')) answered += 1;
        else errors.push(answer.toString());
      } catch (error) {
        errors.push(`${error}`);
      }
      socket.destroy();
    }
  };
  const running = Array.from({ length: count }, one);
  return {
    errors,
    answered: () => answered,
    end: async () => {
      isOver = true;
      await Promise.all(running);
    },
  };
}

test('a receiver whose settings change keeps its ports: no connection is refused, and no request over HTTP fails', async () => {
  const running = await start();
  const port = portOf('http');
  const addresses = running.service.receivers.get('otlp')?.addresses();
  const load = new Load({ http: () => `http://127.0.0.1:${port}`, grpc: () => '' }, { http: 3, grpc: 0 });
  const callers = strangers(port, 2);
  for (const maxConnections of [101, 102, 103, 104, 105]) {
    const [sent, connected] = [load.acknowledged.length, callers.answered()];
    const former = running.service.receivers.get('otlp');
    await running.reload(await configOf({ ...first, maxConnections }));
    expect(running.service.receivers.get('otlp')).not.toBe(former);
    await until(
      () => load.acknowledged.length >= sent + 50 && callers.answered() >= connected + 50,
      () => [...load.failures, ...callers.errors].join(),
    );
  }
  await Promise.all([load.stop(), callers.end()]);
  expect(callers.errors).toEqual([]);
  expect(load.failures).toEqual([]);
  expect(load.retries).toBe(0);
  expect(running.service.receivers.get('otlp')?.addresses()).toEqual(addresses);
}, 60_000);

test('a reload that fails gives the ports back as open as it took them', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const running = await start();
  const port = portOf('http');
  const callers = strangers(port, 2);
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = callers.answered();
    const grpc = `127.0.0.1:${(taken.address() as AddressInfo).port}`;
    await expect(running.reload(await configOf({ ...first, grpc, maxConnections: 77 }))).rejects.toThrow('address already in use');
    await until(
      () => callers.answered() >= before + 50,
      () => callers.errors.join(),
    );
  }
  await callers.end();
  taken.close();
  expect(callers.errors).toEqual([]);
  expect(await send('00000000000000f1')).toBe(200);
});

test('an exporter and a storage whose settings did not change are the same ones after a reload', async () => {
  const running = await start();
  const before = [...running.service.journaled()];
  await running.reload(await configOf({ ...first, mark: 'b', maxConnections: 7 }));
  expect([...running.service.journaled()]).toEqual(before);
  expect([...running.service.journaled()][0]?.[1]).toBe(before[0]?.[1]);
});

test('a secret that changed counts as a change', async () => {
  const running = await start();
  const [before] = [...running.service.journaled()];
  await running.reload(await configOf({ ...first, apiKey: 'another' }));
  const [after] = [...running.service.journaled()];
  expect(after?.[1]).not.toBe(before?.[1]);
});

test('what waits in a memory journal is taken over by the exporter that follows', async () => {
  const running = await start({ durability: 'memory' });
  sink.faults.add({ action: { do: 'status', status: 503 } });
  expect(await send('00000000000000a1')).toBe(200);
  await running.reload(await configOf({ ...first, durability: 'memory', project: 'two' }));
  sink.faults.clear();
  await arrived('00000000000000a1');
  expect(sink.store.runs().length).toBe(1);
});

test('a new endpoint that cannot be bound fails the reload, and the former receiver serves again', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const running = await start();
  const fixed = { ...first, http: `127.0.0.1:${portOf('http')}`, grpc: `127.0.0.1:${portOf('grpc')}` };
  await running.reload(await configOf(fixed));
  await expect(running.reload(await configOf({ ...fixed, project: 'two', http: `127.0.0.1:${port}` }))).rejects.toThrow(
    `failed to start "otlp" receiver: listen tcp 127.0.0.1:${port}: bind: address already in use`,
  );
  taken.close();
  expect(running.service.health().ready).toBe(true);
  expect(await send('00000000000000b1', `http://${fixed.http}`)).toBe(200);
  expect((await arrived('00000000000000b1')).session_name).toBe('one');
});

test('a graph that cannot be built changes nothing', async () => {
  const running = await start();
  const config = await configOf({ ...first, project: 'two' });
  const broken = { ...config, service: { ...config.service, extensions: [] } };
  await expect(running.reload(broken)).rejects.toThrow('cannot use "file_storage" as storage');
  expect(await send('00000000000000c1')).toBe(200);
  expect((await arrived('00000000000000c1')).session_name).toBe('one');
});

test('a page whose settings changed moves; an unchanged one is left alone', async () => {
  const page = async (path: string): Promise<number> => {
    const port = running.metricsPort;
    return port === undefined ? 0 : (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  };
  const running = await start();
  expect(running.metricsPort).toBeUndefined();
  const config = await configOf(first);
  const prometheus = { host: '127.0.0.1', port: 0, spelling: { typeSuffix: false, units: false } };
  const withPage = {
    ...config,
    service: {
      ...config.service,
      telemetry: { ...config.service.telemetry, metrics: { level: 'normal' as const, prometheus, pushes: [] } },
    },
  };
  await running.reload(withPage);
  expect(await page('/metrics')).toBe(200);
  const port = running.metricsPort;
  await running.reload({ ...withPage, processors: (await configOf({ ...first, mark: 'z' })).processors });
  expect(running.metricsPort).toBe(port);
  await running.reload(config);
  expect(running.metricsPort).toBeUndefined();
});

test('a receiver gets a new socket when it begins to take another signal', async () => {
  const running = await start({ logs: false });
  const receiver = running.service.receivers.get('otlp');
  await running.reload(await configOf(first));
  expect(running.service.receivers.get('otlp')).not.toBe(receiver);
  expect(await send('00000000000000d1')).toBe(200);
});

test('stopping while a reload is under way leaves nothing running', async () => {
  const running = await start();
  const port = portOf('http');
  const reloading = running.reload(await configOf({ ...first, project: 'two', maxConnections: 9 }));
  // One turn of the event loop, so that it has begun.
  await setImmediate();
  await running.stop(5_000);
  await reloading;
  expect(running.service.state).toBe('stopped');
  await expect(running.reload(await configOf(first))).rejects.toThrow('cannot reload the configuration: the gateway is stopped');
  const again = createServer();
  await new Promise<void>((resolve, reject) => again.once('error', reject).listen(port, '127.0.0.1', resolve));
  again.close();
});

test('reloads that are asked for at the same time run one after the other, and the last one holds', async () => {
  const running = await start();
  const configs = await Promise.all(['two', 'three', 'four'].map((project) => configOf({ ...first, project })));
  await Promise.all(configs.map((config) => running.reload(config)));
  expect(await send('00000000000000e1')).toBe(200);
  expect((await arrived('00000000000000e1')).session_name).toBe('four');
});
