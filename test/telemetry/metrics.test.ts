/** The metrics of a real gateway after real traffic: the Collector's names and labels to the letter, and numbers that add up. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { allMetrics } from '../../src/service/telemetry/reference.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { type RunningGateway, sendLogs, sendSpans, startGatewayWithPages } from './gateway.ts';
import { scrape } from './scrape.ts';

let sink: Sink;
let running: RunningGateway | undefined;

beforeEach(async () => {
  sink = await strictSink();
});

afterEach(async () => {
  await running?.gateway.stop(5_000);
  running = undefined;
  await sink.close();
});

const processors = {
  memory_limiter: { check_interval: '1s', limit_mib: 8_192 },
  'filter/noise': { error_mode: 'ignore', traces: { span: ['name == "noise"'] } },
  trace_sampler: { rules: [{ name: 'no-tests', condition: 'span.name == "test"', action: 'drop' }] },
  probabilistic_sampler: { sampling_percentage: 100 },
  redaction: { allow_all_keys: true, detectors: ['email'] },
};

async function start(metrics: object = {}, exporter: object = {}): Promise<RunningGateway> {
  const document = gatewayConfig({ sinkUrl: sink.url, exporter: exporter as Record<string, unknown> }) as {
    readonly service: { readonly pipelines: { readonly traces: object } };
  };
  const traces = { ...document.service.pipelines.traces, processors: Object.keys(processors) };
  running = await startGatewayWithPages(
    { ...document, processors, service: { ...document.service, pipelines: { ...document.service.pipelines, traces } } },
    metrics,
  );
  return running;
}

/** Names and labels of facts about the Collector that mean something here (its helpers' documentation). */
const collector: Readonly<Record<string, readonly string[]>> = {
  otelcol_receiver_accepted_spans: ['receiver', 'transport'],
  otelcol_receiver_refused_spans: ['receiver', 'transport'],
  otelcol_receiver_requests: ['receiver', 'transport', 'outcome'],
  otelcol_processor_incoming_items: ['processor', 'otel_signal'],
  otelcol_processor_outgoing_items: ['processor', 'otel_signal'],
  otelcol_processor_internal_duration: ['processor', 'otel_signal'],
  otelcol_processor_memory_limiter_accepted_spans: ['processor'],
  otelcol_processor_accepted_spans: ['processor'],
  otelcol_processor_filter_spans_filtered: ['processor'],
  otelcol_processor_probabilistic_sampler_count_traces_sampled: ['processor', 'policy', 'sampled'],
  otelcol_exporter_sent_spans: ['exporter'],
  otelcol_exporter_queue_size: ['exporter', 'data_type'],
  otelcol_exporter_queue_capacity: ['exporter', 'data_type'],
  otelcol_exporter_in_flight_requests: ['exporter'],
  otelcol_exporter_enqueue_size: ['exporter'],
  otelcol_exporter_enqueue_size_bytes: ['exporter'],
  otelcol_exporter_queue_batch_send_size: ['exporter'],
  otelcol_exporter_queue_batch_send_size_bytes: ['exporter'],
  otelcol_process_uptime: [],
  otelcol_process_cpu_seconds: [],
  otelcol_process_memory_rss: [],
  otelcol_process_runtime_heap_alloc_bytes: [],
  otelcol_process_runtime_total_sys_memory_bytes: [],
};

test('after traffic the page has the Collector’s metrics with exactly its labels, and every name is one of the table', async () => {
  const { url, metricsUrl } = await start();
  expect(await sendSpans(url, 5, { name: 'chat' })).toBe(200);
  expect(await sendSpans(url, 2, { first: 10, name: 'noise' })).toBe(200);
  expect(await send400(url)).toBe(400);
  await until(
    async () => (await scrape(metricsUrl)).sum('otelcol_exporter_sent_spans') === 5,
    () => 'five spans should be sent',
  );
  const page = await scrape(metricsUrl);
  for (const [name, labels] of Object.entries(collector)) {
    const series = page.samples.filter((sample) => sample.name === name || sample.name === `${name}_count`);
    expect(series.length, name).toBeGreaterThan(0);
    for (const sample of series) expect(Object.keys(sample.labels).sort(), name).toEqual([...labels].sort());
  }
  for (const [name, type] of page.types) expect(allMetrics.get(name)?.type, name).toBe(type);
  expect(page.samples.find(({ name }) => name === 'target_info')?.labels).toEqual({
    service_name: 'spanway',
    service_version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    service_instance_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  });
});

async function send400(url: string): Promise<number> {
  return (await fetch(`${url}/v1/traces`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })).status;
}

test('numbers add up: received = filtered + sampled out + stored, and each rule and redaction is counted', async () => {
  const { url, metricsUrl } = await start();
  await sendSpans(url, 4, { name: 'chat', attributes: [{ key: 'input.value', value: { stringValue: 'write to jane@example.com' } }] });
  await sendSpans(url, 3, { first: 10, name: 'noise' });
  await sendSpans(url, 2, { first: 20, name: 'test' });
  await sendLogs(url, 6);
  await until(
    async () => (await scrape(metricsUrl)).sum('spanway_delivered_items') === 4,
    () => 'four spans should be delivered',
  );
  const { sum } = await scrape(metricsUrl);
  expect(sum('spanway_received_items', { signal: 'traces' })).toBe(9);
  expect(sum('otelcol_receiver_accepted_spans', { receiver: 'otlp', transport: 'http' })).toBe(9);
  expect(sum('otelcol_receiver_requests', { outcome: 'success' })).toBe(4);
  expect(sum('otelcol_processor_filter_spans_filtered', { processor: 'filter/noise' })).toBe(3);
  expect(sum('spanway_dropped_items', { component: 'trace_sampler', reason: 'sampled_out' })).toBe(2);
  expect(sum('spanway_sampled_items', { processor: 'trace_sampler', rule: 'no-tests', sampled: 'false' })).toBe(2);
  expect(sum('spanway_sampled_items', { processor: 'trace_sampler', rule: 'rate', sampled: 'true' })).toBe(4);
  expect(sum('spanway_redactions', { processor: 'redaction', rule: 'email', field: 'span.attributes["input.value"]' })).toBe(4);
  expect(sum('spanway_stored_items')).toBe(4);
  expect(sum('spanway_unsupported_items', { signal: 'logs' })).toBe(6);
  expect(sum('spanway_conservation_imbalance')).toBe(0);
  expect(sum('spanway_waiting_items')).toBe(0);
  expect(sum('otelcol_exporter_in_flight_requests')).toBe(0);
  expect(sum('spanway_uploads', { status: '202' })).toBeGreaterThan(0);
  expect(sum('spanway_upload_duration_seconds_count')).toBe(sum('spanway_uploads'));
  expect(sum('spanway_append_duration_seconds_count')).toBe(sum('otelcol_exporter_enqueue_size_count'));
  expect(sum('spanway_acknowledge_duration_seconds_count')).toBe(sum('otelcol_receiver_requests', { outcome: 'success' }));
  expect(sum('spanway_partitions_owned')).toBe(sum('spanway_partitions'));
  expect(sum('spanway_ready')).toBe(1);
});

test('a span without its parent is parked, and is an orphan once its time is over', async () => {
  const { url, metricsUrl } = await start({}, { assembly: { remote_parent_wait: '3s', local_parent_wait: '3s' } });
  await sendSpans(url, 1, { parent: 'ab'.repeat(8), name: 'child' });
  await until(
    async () => (await scrape(metricsUrl)).sum('spanway_parked_items', { exporter: 'langsmith' }) === 1,
    () => 'it should be parked',
  );
  await until(
    async () => (await scrape(metricsUrl)).sum('spanway_orphans', { policy: 'promote' }) === 1,
    () => 'it should be promoted',
  );
  expect((await scrape(metricsUrl)).sum('spanway_parked_overdue_seconds')).toBeLessThan(10);
});

test('the oldest item that waits tells its age, from memory to the journal and over a restart, until it is placed', async () => {
  const directory = temporaryDirectory();
  const document = gatewayConfig({ sinkUrl: sink.url, directory: directory.path }) as Record<string, object>;
  const ageOf = async (url: string): Promise<number> =>
    (await scrape(url)).sum('spanway_oldest_waiting_age_seconds', { exporter: 'langsmith' });
  try {
    running = await startGatewayWithPages(document);
    expect(await ageOf(running.metricsUrl)).toBe(0);
    const sentAtMs = Date.now();
    await sendSpans(running.url, 1, { parent: '2'.padStart(16, '0'), name: 'child' });
    const first = running.metricsUrl;
    await until(
      async () => (await ageOf(first)) > 0,
      () => 'it should wait in memory',
    );
    await until(
      async () => (await scrape(first)).sum('spanway_parked_items') === 1 && (await ageOf(first)) > 1,
      () => 'it should be parked',
    );
    expect(await ageOf(first)).toBeLessThanOrEqual((Date.now() - sentAtMs) / 1_000);
    const before = await ageOf(first);
    await running.gateway.stop(5_000);
    running = await startGatewayWithPages(document);
    const second = running.metricsUrl;
    await until(
      async () => (await ageOf(second)) > before,
      () => 'it should still wait',
    );
    await sendParent(running.url);
    await until(
      async () => (await scrape(second)).sum('spanway_delivered_items') === 2 && (await ageOf(second)) === 0,
      () => 'nothing should wait',
    );
  } finally {
    await running?.gateway.stop(5_000);
    running = undefined;
    directory.remove();
  }
});

async function sendParent(url: string): Promise<void> {
  const times = { startTimeUnixNano: '1767225600000000000', endTimeUnixNano: '1767225601000000000' };
  const span = { traceId: '1'.padStart(32, '0'), spanId: '2'.padStart(16, '0'), name: 'parent', kind: 1, ...times };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  expect((await fetch(`${url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status).toBe(200);
}

test('while the destination is away, batches wait and grow old, and attempts are counted by status', async () => {
  sink.faults.add({ action: { do: 'status', status: 503 } });
  const { url, metricsUrl } = await start();
  await sendSpans(url, 3);
  await until(
    async () => {
      const { sum } = await scrape(metricsUrl);
      return sum('spanway_uploads', { status: '503' }) > 1 && sum('spanway_oldest_batch_age_seconds') > 0;
    },
    () => 'uploads should fail',
  );
  const { sum } = await scrape(metricsUrl);
  expect(sum('spanway_waiting_items')).toBe(3);
  expect(sum('spanway_waiting_batches')).toBeGreaterThan(0);
  sink.faults.clear();
});

test('what fails and what is refused for good is counted by its reason, uploads by their bytes, and log records that go into runs', async () => {
  sink.faults.add({ match: { bodyIncludes: 'poison' }, action: { do: 'status', status: 422 } });
  sink.faults.add({ action: { do: 'status', status: 503 }, times: 1 });
  running = await startGatewayWithPages(
    gatewayConfig({ sinkUrl: sink.url, exporter: { assembly: { log_join_window: '1s' } } }) as Record<string, object>,
    {},
  );
  const { url, metricsUrl } = running;
  const text = { key: 'content', value: { stringValue: 'What is the capital of France?' } };
  const logRecord = {
    traceId: '1'.padStart(32, '0'),
    spanId: '1'.padStart(16, '0'),
    timeUnixNano: '1767225600000000000',
    eventName: 'gen_ai.user.message',
    body: { kvlistValue: { values: [text] } },
  };
  const scopeLogs = [{ scope: { name: 'opentelemetry.instrumentation.openai_v2' }, logRecords: [logRecord] }];
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/v1/logs`, { method: 'POST', headers, body: JSON.stringify({ resourceLogs: [{ scopeLogs }] }) });
  const attributes = [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }];
  await sendSpans(url, 3, { name: 'chat', attributes });
  await sendSpans(url, 1, { first: 20, name: 'poison' });
  await until(
    async () => {
      const { sum } = await scrape(metricsUrl);
      return sum('spanway_delivered_items') === 4 && sum('spanway_dead_lettered_items') === 1;
    },
    () => running?.lines.join('\n') ?? '',
  );
  const { sum } = await scrape(metricsUrl);
  expect(sum('spanway_dead_lettered_items', { exporter: 'langsmith', reason: 'rejected' })).toBe(1);
  expect(sum('spanway_joined_log_records', { exporter: 'langsmith' })).toBe(1);
  expect(sum('otelcol_exporter_send_failed_spans', { exporter: 'langsmith' })).toBeGreaterThan(0);
  expect(sum('otelcol_exporter_enqueue_failed_spans', { exporter: 'langsmith' })).toBe(0);
  expect(sum('otelcol_exporter_sent_spans', { exporter: 'langsmith' })).toBe(3);
  expect(sum('otelcol_exporter_sent_log_records', { exporter: 'langsmith' })).toBe(1);
  expect(sum('spanway_uploads', { status: '503' })).toBe(1);
  expect(sum('spanway_uploads', { status: '422' })).toBeGreaterThan(0);
  expect(sum('spanway_upload_bytes')).toBeGreaterThan(sum('spanway_upload_compressed_bytes'));
  expect(sum('spanway_upload_compressed_bytes')).toBeGreaterThan(0);
  expect(sum('spanway_conservation_imbalance')).toBe(0);
});

test('a reader that asks for suffixes gets them', async () => {
  const prometheus = { host: '127.0.0.1', port: 0, without_type_suffix: false, without_units: false };
  const { url, metricsUrl } = await start({ readers: [{ pull: { exporter: { prometheus } } }] });
  await sendSpans(url, 1);
  const { sum, types } = await scrape(metricsUrl);
  expect(sum('otelcol_receiver_accepted_spans_total')).toBe(1);
  expect(types.get('otelcol_process_uptime_seconds_total')).toBe('counter');
  expect(types.get('otelcol_process_cpu_seconds_total')).toBe('counter');
  expect(types.get('otelcol_process_memory_rss_bytes')).toBe('gauge');
  expect(types.get('otelcol_exporter_enqueue_size_bytes')).toBe('histogram');
  expect(types.get('otelcol_processor_internal_duration_seconds')).toBe('histogram');
});

test('what a resource says is in target_info; null takes an attribute away', async () => {
  running = await startGatewayWithPages(gatewayConfig({ sinkUrl: sink.url }) as Record<string, object>, {});
  running.gateway.telemetry.metrics.describe(new Map([['deployment.environment', 'a "test"\\']]));
  const { samples } = await scrape(running.metricsUrl);
  expect(samples.filter(({ name }) => name === 'target_info')).toEqual([
    { name: 'target_info', labels: { deployment_environment: 'a "test"\\' }, value: 1 },
  ]);
});
