/** `service::telemetry::traces`: the gateway traces what it does itself, and never what such spans make it do. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatProblem, type Loaded, loadConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, until } from '../e2e/harness.ts';
import { freePort } from '../free-port.ts';
import { sendSpans } from './gateway.ts';
import { startTracesReceiver, type TracesReceiver } from './traces-receiver.ts';

let sink: Sink;
let receiver: TracesReceiver;
const gateways: Gateway[] = [];
const lines: string[] = [];

beforeEach(async () => {
  sink = await strictSink();
  receiver = await startTracesReceiver();
});

afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop(5_000)));
  lines.length = 0;
  await receiver.close();
  await sink.close();
});

const batchTo = (endpoint: string, more: object = {}): object => ({
  batch: { schedule_delay: 50, exporter: { otlp: { protocol: 'http/protobuf', endpoint, ...more } } },
});
const everyRequest = { parent_based: { root: { always_on: {} } } };

function load(traces: object, http = '127.0.0.1:0', exporter: Record<string, unknown> = {}): Promise<Loaded> {
  const document = gatewayConfig({ sinkUrl: sink.url, receiver: { protocols: { http: { endpoint: http } } }, exporter }) as {
    service: object;
  };
  document.service = { ...document.service, telemetry: { metrics: { level: 'none' }, traces } };
  return loadConfig({ uris: [`yaml:${JSON.stringify(document)}`], sets: [], env: {}, factories });
}

interface Running {
  readonly gateway: Gateway;
  readonly url: string;
}

async function start(traces: object, http?: string, exporter?: Record<string, unknown>): Promise<Running> {
  const loaded = await load(traces, http, exporter);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const gateway = await startGateway(loaded.config, {
    emit: (level, sentence, facts) => void lines.push(`${level} ${sentence} ${JSON.stringify(facts)}`),
  });
  gateways.push(gateway);
  const address = gateway.service.receivers.get('otlp')?.addresses().http;
  return { gateway, url: `http://127.0.0.1:${address?.port}` };
}

const described = (): string => `${JSON.stringify(receiver.spans.map(({ name }) => name))}\n${lines.join('\n')}`;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const named = (name: string): TracesReceiver['spans'] => receiver.spans.filter((span) => span.name === name);

test('a request that it takes and each batch that it sends are a span, with the Collector’s names, numbers and resource', async () => {
  const { url } = await start({
    processors: [batchTo(receiver.url, { headers: { 'x-key': 'one' }, compression: 'gzip' })],
    sampler: everyRequest,
  });
  expect(await sendSpans(url, 3, { attributes: [{ key: 'input.value', value: { stringValue: 'a secret payload' } }] })).toBe(200);
  const sent = (): number => sum(named('exporter/langsmith/traces').map(({ attributes }) => Number(attributes['items.sent'])));
  await until(() => sent() === 3, described);
  expect(named('receiver/otlp/TraceDataReceived').length).toBe(1);
  const [received] = named('receiver/otlp/TraceDataReceived');
  expect(received).toMatchObject({
    scope: 'spanway',
    attributes: { receiver: 'otlp', transport: 'http', accepted_spans: 3, refused_spans: 0 },
    resource: { 'service.name': 'spanway' },
    error: '',
  });
  for (const { attributes, error } of named('exporter/langsmith/traces')) {
    expect(attributes).toMatchObject({ exporter: 'langsmith', data_type: 'traces', 'items.failed': 0, 'http.response.status_code': 202 });
    expect(error).toBe('');
  }
  for (const { startNanos, endNanos } of receiver.spans) {
    expect(endNanos).toBeGreaterThanOrEqual(startNanos);
    expect(Math.abs(Number(endNanos / 1_000_000n) - Date.now())).toBeLessThan(60_000);
  }
  expect(receiver.requests[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'one', 'content-encoding': 'gzip' } });
  expect(receiver.requests.some(({ body }) => body.includes('secret payload'))).toBe(false);
});

test('a refused request and a failed upload are spans with an error, in words of our own', async () => {
  const { url } = await start({ processors: [batchTo(receiver.url)], sampler: { always_on: null } }, undefined, {
    sending_queue: { storage: 'memory_storage', durability: 'memory', queue_size: '1MiB' },
  });
  sink.faults.add({ times: 1, action: { do: 'status', status: 503 } });
  expect(await sendSpans(url, 1)).toBe(200);
  await until(() => named('exporter/langsmith/traces').length >= 2, described);
  expect(named('exporter/langsmith/traces')[0]).toMatchObject({ error: 'status 503', attributes: { 'items.sent': 0, 'items.failed': 1 } });
  const large = [{ key: 'input.value', value: { stringValue: 'x'.repeat(2 << 20) } }];
  expect(await sendSpans(url, 1, { first: 10, attributes: large })).not.toBe(200);
  await until(() => named('receiver/otlp/TraceDataReceived').some(({ error }) => error !== ''), described);
  const refused = named('receiver/otlp/TraceDataReceived').find(({ error }) => error !== '');
  expect(refused).toMatchObject({ error: expect.stringMatching(/^GW_\w+$/), attributes: { accepted_spans: 0, refused_spans: 1 } });
});

test('spans that come back to the gateway itself become runs, and make no further ones', async () => {
  const port = await freePort();
  const { gateway, url } = await start({ processors: [batchTo(`http://localhost:${port}`)], sampler: everyRequest }, `127.0.0.1:${port}`);
  await expectNoLoop([gateway], [url]);
});

test('spans that go round two gateways are traced by neither of them', async () => {
  const [one, other] = [await freePort(), await freePort()];
  const to = (port: number): object => ({ processors: [batchTo(`http://localhost:${port}`)], sampler: everyRequest });
  const running = [await start(to(other), `127.0.0.1:${one}`), await start(to(one), `127.0.0.1:${other}`)];
  await expectNoLoop(
    running.map(({ gateway }) => gateway),
    running.map(({ url }) => url),
  );
});

/** Spans of a gateway keep their order, so if those of a later request are there, those that an earlier one had made in a circle are, too. */
async function expectNoLoop(running: readonly Gateway[], urls: readonly string[]): Promise<void> {
  const runs = (): string[] => sink.store.runs().map(({ fields }) => `${fields.name}`);
  const quiet = (): boolean =>
    running.every((gateway) => [...gateway.service.journaled()].every(([, exporter]) => exporter.balance().waiting === 0));
  let requests = 0;
  for (let round = 0; round < 3; round += 1) {
    for (const url of urls) {
      requests += 1;
      expect(await sendSpans(url, 1, { first: requests * 10, name: 'chat' })).toBe(200);
      await until(
        () => runs().filter((name) => name.startsWith('exporter/')).length >= requests && runs().length >= requests * 3 && quiet(),
        () => `${requests}: ${runs().join(' ')}\n${lines.join('\n')}`,
      );
    }
  }
  const count = (name: string): number => runs().filter((one) => one === name).length;
  expect({
    chat: count('chat'),
    received: count('receiver/otlp/TraceDataReceived'),
    sent: count('exporter/langsmith/traces'),
    all: runs().length,
  }).toEqual({ chat: requests, received: requests, sent: requests, all: requests * 3 });
}

test('a backend in trouble shows on the status page, without a word of its answer, and everything else goes on', async () => {
  receiver.status = 400;
  const { gateway, url } = await start({ processors: [batchTo(receiver.url)], sampler: everyRequest });
  const key = 'service::telemetry::traces::processors::0';
  expect(await sendSpans(url, 1)).toBe(200);
  await until(() => gateway.service.health().degraded.get(key)?.sentence.includes('cannot be sent') === true, described);
  receiver.status = 200;
  expect(await sendSpans(url, 1, { first: 10 })).toBe(200);
  await until(() => gateway.service.health().degraded.size === 0, described);
});

test('what waits is sent when the gateway stops', async () => {
  const patient = { batch: { schedule_delay: '10m', exporter: { otlp: { endpoint: receiver.url } } } };
  const { gateway, url } = await start({ processors: [patient], sampler: everyRequest });
  expect(await sendSpans(url, 2)).toBe(200);
  await gateway.stop(5_000);
  gateways.length = 0;
  expect(named('receiver/otlp/TraceDataReceived').length).toBe(1);
});

test('a reload turns it on and off, while the receiver stays', async () => {
  const off = await load({});
  const on = await load({ processors: [batchTo(receiver.url)], sampler: everyRequest });
  if (!off.ok || !on.ok) throw new Error('both should load');
  const gateway = await startGateway(off.config, { emit: () => {} });
  gateways.push(gateway);
  const url = `http://127.0.0.1:${gateway.service.receivers.get('otlp')?.addresses().http?.port}`;
  await sendSpans(url, 1);
  await gateway.reload(on.config);
  await sendSpans(url, 2, { first: 10 });
  await gateway.reload(off.config);
  await sendSpans(url, 4, { first: 20 });
  expect(named('receiver/otlp/TraceDataReceived').map(({ attributes }) => attributes.accepted_spans)).toEqual([2]);
});

test.each([
  [{ processors: [{ batch: { exporter: { otlp: { endpoint: 'http://collector:4318' } } } }] }, 0.01, 1],
  [{ processors: [{ simple: { exporter: { otlp: { endpoint: 'http://collector:4318' } } } }], sampler: { always_on: {} } }, 1, 1],
  [{ level: 'none', processors: [batchTo('http://collector:4318')] }, 0.01, 0],
  [{ processors: [batchTo('http://collector:4318')], sampler: { always_off: {} } }, 0, 0],
  [
    { processors: [batchTo('http://collector:4318')], sampler: { parent_based: { root: { trace_id_ratio_based: { ratio: 0.5 } } } } },
    0.5,
    1,
  ],
  [{ processors: [batchTo('http://collector:4317', { protocol: 'grpc' })] }, 0.01, 0],
  [{ propagators: ['tracecontext'] }, 0.01, 0],
])('%j samples %d of the requests and sends to %d places', async (traces, ratio, pushes) => {
  const loaded = await load(traces);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const { traces: settings } = loaded.config.service.telemetry;
  expect({ ratio: settings.ratio, pushes: settings.pushes.length }).toEqual({ ratio, pushes });
});

test.each([
  [{ processors: [batchTo('collector:4318')] }, 'expected a URL'],
  [{ sampler: { trace_id_ratio_based: { ratio: 2 } } }, 'ratio'],
  [{ sampler: { sometimes: {} } }, 'sometimes'],
])('%j is refused at load', async (traces, words) => {
  const loaded = await load(traces);
  expect(loaded.ok ? '' : loaded.problems.map(formatProblem).join('\n')).toContain(words);
});

test('an endpoint that is its own receiver is warned of at load, and another is not', async () => {
  const warningsFor = async (endpoint: string): Promise<string> =>
    (await load({ processors: [batchTo(endpoint)] }, '0.0.0.0:4318')).warnings.map(formatProblem).join('\n');
  expect(await warningsFor('http://localhost:4318')).toContain(
    'service::telemetry::traces::processors::0::batch::exporter::otlp::endpoint: is receiver "otlp" of this gateway',
  );
  expect(await warningsFor('http://localhost:4319')).toBe('');
  expect(await warningsFor('http://collector:4318')).toBe('');
});
