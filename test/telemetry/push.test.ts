/** `periodic` readers: the gateway sends its own metrics over OTLP/HTTP. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, until } from '../e2e/harness.ts';
import { freePort } from '../free-port.ts';
import { type RunningGateway, sendSpans, startGatewayWithPages } from './gateway.ts';
import { type MetricsReceiver, startMetricsReceiver } from './metrics-receiver.ts';

let sink: Sink;
let receiver: MetricsReceiver;
let running: RunningGateway | undefined;

beforeEach(async () => {
  sink = await strictSink();
  receiver = await startMetricsReceiver();
});

afterEach(async () => {
  await running?.gateway.stop(5_000);
  running = undefined;
  await receiver.close();
  await sink.close();
});

const periodic = (otlp: object, interval = 100): object => ({
  periodic: { interval, exporter: { otlp: { protocol: 'http/protobuf', ...otlp } } },
});

async function start(otlp: object, http = '127.0.0.1:0', interval = 100): Promise<RunningGateway> {
  const document = gatewayConfig({ sinkUrl: sink.url, receiver: { protocols: { http: { endpoint: http } } } });
  const pull = { pull: { exporter: { prometheus: { host: '127.0.0.1', port: 0 } } } };
  running = await startGatewayWithPages(document as Record<string, object>, { readers: [pull, periodic(otlp, interval)] });
  return running;
}

test('sums, gauges and histograms arrive as OpenTelemetry has them, with the resource, headers and compression of the settings', async () => {
  const { url } = await start({ endpoint: receiver.url, headers: { 'x-key': 'one' }, headers_list: 'x-other=two', compression: 'gzip' });
  await sendSpans(url, 3);
  const delivered = (): number | undefined => receiver.pushes.at(-1)?.metrics.get('spanway_delivered_items')?.sum?.dataPoints[0]?.asDouble;
  await until(
    () => delivered() === 3,
    () => `${receiver.pushes.length} pushes\n${running?.lines.join('\n')}`,
  );
  const { path, headers, resource, metrics } = receiver.pushes.at(-1) ?? {};
  expect(path).toBe('/v1/metrics');
  expect(headers).toMatchObject({ 'x-key': 'one', 'x-other': 'two', 'content-encoding': 'gzip', 'content-type': 'application/x-protobuf' });
  expect(resource).toMatchObject({ 'service.name': 'spanway' });
  expect(metrics?.get('otelcol_receiver_accepted_spans')?.sum).toMatchObject({
    isMonotonic: true,
    aggregationTemporality: 'AGGREGATION_TEMPORALITY_CUMULATIVE',
    dataPoints: [
      {
        asDouble: 3,
        attributes: [
          { key: 'receiver', value: { stringValue: 'otlp' } },
          { key: 'transport', value: { stringValue: 'http' } },
        ],
      },
    ],
  });
  expect(metrics?.get('otelcol_process_memory_rss')).toMatchObject({ unit: 'By', gauge: { dataPoints: [{}] } });
  const size = metrics?.get('otelcol_exporter_enqueue_size')?.histogram?.dataPoints[0];
  expect(size?.count).toBe('1');
  expect(size?.sum).toBe(3);
  expect(size?.bucketCounts?.length).toBe((size?.explicitBounds?.length ?? 0) + 1);
  expect(size?.bucketCounts?.map(Number).reduce((one, other) => one + other)).toBe(1);
  expect(size?.bucketCounts?.indexOf('1')).toBe(size?.explicitBounds?.findIndex((bound) => bound >= 3));
});

test('the last numbers are sent when the gateway stops', async () => {
  const { gateway, url } = await start({ endpoint: `${receiver.url}/custom/metrics` }, '127.0.0.1:0', 600_000);
  await sendSpans(url, 2);
  await gateway.stop(5_000);
  running = undefined;
  expect(receiver.pushes.map(({ path }) => path)).toEqual(['/custom/metrics']);
  expect(receiver.pushes[0]?.metrics.get('spanway_delivered_items')?.sum?.dataPoints[0]?.asDouble).toBe(2);
});

test('a backend in trouble shows on the status page, without a word of its answer, and everything else goes on', async () => {
  receiver.status = 400;
  const { gateway, url } = await start({ endpoint: receiver.url });
  const key = 'service::telemetry::metrics::readers::0';
  await until(
    () => gateway.service.health().degraded.get(key)?.sentence.includes('cannot be sent') === true,
    () => running?.lines.join('\n') ?? '',
  );
  expect(await sendSpans(url, 1)).toBe(200);
  receiver.status = 200;
  await until(
    () => gateway.service.health().degraded.size === 0,
    () => running?.lines.join('\n') ?? '',
  );
});

test('metrics that would come back to the gateway itself are not sent, and it says so', async () => {
  const port = await freePort();
  const { gateway, lines } = await start({ endpoint: `http://localhost:${port}` }, `127.0.0.1:${port}`);
  await until(
    () => lines.some((line) => line.includes('The metrics of this gateway are not sent to itself')),
    () => lines.join('\n'),
  );
  expect((await gateway.telemetry.metrics.text()).includes('spanway_unsupported_items{')).toBe(false);
});

test.each([
  [{ endpoint: 'collector:4318' }, 'expected a URL'],
  [{ endpoint: 'http://collector:4318', timeout: '-1s' }, 'expected milliseconds'],
  [{}, 'endpoint'],
])('%j is refused at load', async (otlp, words) => {
  const document = { ...gatewayConfig({ sinkUrl: sink.url }) } as { service: object };
  document.service = { ...document.service, telemetry: { metrics: { readers: [periodic(otlp)] } } };
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(document)}`], sets: [], env: {}, factories });
  expect(loaded.ok).toBe(false);
  expect(loaded.ok ? '' : loaded.problems.map(formatProblem).join('\n')).toContain(words);
});
