/**
 * No payload and no secret in the log, at its most talkative level, whatever goes wrong. The built program; a canary in every field that a span or a
 * log record has, and in every secret of the configuration; then its whole output, and its pages, are searched.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import { strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { freePort } from '../free-port.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
const canary = 'c4n4ry';
const secretCanary = 's3cr3t';

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let child: ChildProcess | undefined;
let output = '';
let healthPort: number;
let metricsPort: number;
let httpPort: number;

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
  output = '';
  [healthPort, metricsPort, httpPort] = [await freePort(), await freePort(), await freePort()];
});

afterEach(async () => {
  if (child && child.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await sink.close();
  directory.remove();
});

async function run(): Promise<void> {
  child = spawn('node', [main, 'run', '--config', `yaml:${JSON.stringify(configuration())}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SECRET_FROM_ENV: `${secretCanary}-env` },
  });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  await appears('Everything is ready.');
}

const appears = (text: string): Promise<void> =>
  until(
    () => output.includes(text),
    () => output,
  );

function configuration(): object {
  const reader = { pull: { exporter: { prometheus: { host: '127.0.0.1', port: metricsPort } } } };
  const backend = { endpoint: 'http://127.0.0.1:9', headers: { authorization: `Bearer ${secretCanary}-header` } };
  const push = { protocol: 'http/protobuf', endpoint: 'http://127.0.0.1:9', headers: { 'x-key': `${secretCanary}-push` } };
  return {
    receivers: {
      otlp: {
        protocols: { http: { endpoint: `127.0.0.1:${httpPort}`, max_request_body_size: 200_000 }, grpc: { endpoint: '127.0.0.1:0' } },
      },
    },
    processors: {
      // Each statement fails on what comes: errors must not quote it.
      transform: {
        error_mode: 'ignore',
        trace_statements: [
          'set(span.attributes["a"], ParseJSON(span.attributes["input.value"]))',
          'set(span.attributes["b"], Int(span.attributes["input.value"]) + 1)',
          'set(span.start_time, Time(span.name, "%Y-%m-%d"))',
        ],
      },
      redaction: { allow_all_keys: true, detectors: ['email'], blocked_values: ['nothing-like-this'], summary: 'debug' },
    },
    exporters: {
      langsmith: {
        endpoint: sink.url,
        api_key: `${secretCanary}-api-key`,
        headers: { 'x-extra': ['$', '{env:SECRET_FROM_ENV}'].join('') },
        sending_queue: { storage: 'file_storage', durability: 'disk', queue_size: '1MiB' },
        batch: { flush_timeout: '50ms' },
        assembly: { local_parent_wait: '1s', remote_parent_wait: '1s', log_join_window: '1s' },
        retry_on_failure: { initial_interval: '50ms', max_interval: '100ms' },
      },
      otlp_http: { ...backend, retry_on_failure: { enabled: false }, sending_queue: { enabled: true } },
      debug: {},
    },
    extensions: {
      file_storage: { directory: join(directory.path, 'journal') },
      health_check: { endpoint: `127.0.0.1:${healthPort}` },
    },
    service: {
      extensions: ['file_storage', 'health_check'],
      telemetry: {
        logs: { level: 'debug', encoding: 'json', sampling: { enabled: false } },
        metrics: { readers: [reader, { periodic: { interval: 200, exporter: { otlp: push } } }] },
      },
      pipelines: {
        traces: { receivers: ['otlp'], processors: ['transform', 'redaction'], exporters: ['langsmith', 'otlp_http', 'debug'] },
        logs: { receivers: ['otlp'], processors: ['redaction'], exporters: ['langsmith', 'otlp_http', 'debug'] },
      },
    },
  };
}

const text = (field: string): object => ({ stringValue: `${canary}-${field} not json, not a number, jane@${canary}.example.com` });
const attributes = (field: string): object[] => [
  { key: 'input.value', value: text(`${field}-input`) },
  { key: 'gen_ai.input.messages', value: { stringValue: `[{"role":"user","content":"${canary}-${field}-message"` } },
  { key: `${canary}.${field}.key`, value: { arrayValue: { values: [text(`${field}-list`), { intValue: '7' }] } } },
  { key: `${canary}.${field}.map`, value: { kvlistValue: { values: [{ key: `${canary}-inner`, value: text(`${field}-inner`) }] } } },
];

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

function span(number: number, more: object = {}): object {
  return {
    traceId: hex(number, 32),
    spanId: hex(number, 16),
    name: `${canary}-name`,
    kind: 1,
    startTimeUnixNano: '1767225600000000000',
    endTimeUnixNano: '1767225601000000000',
    traceState: `v=${canary}`,
    status: { code: 2, message: `${canary}-status` },
    attributes: attributes('span'),
    events: [{ timeUnixNano: '1767225600500000000', name: `${canary}-event`, attributes: attributes('event') }],
    links: [{ traceId: hex(99, 32), spanId: hex(99, 16), traceState: `l=${canary}`, attributes: attributes('link') }],
    ...more,
  };
}

const scope = { name: `${canary}-scope`, version: `${canary}-version`, attributes: attributes('scope') };
const resource = { attributes: [...attributes('resource'), { key: 'service.name', value: text('service') }] };
const traces = (...spans: object[]): string => JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] });

function logs(more: object = {}): string {
  const record = { timeUnixNano: '1767225600000000000', severityText: `${canary}-severity`, eventName: `${canary}-event`, ...more };
  const logRecords = [{ ...record, body: text('body'), attributes: attributes('log') }];
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] });
}

async function post(path: string, body: string | Buffer, contentType = 'application/json'): Promise<{ status: number; answer: string }> {
  const headers = { 'content-type': contentType, authorization: `Bearer ${secretCanary}-client`, 'x-tenant': `${canary}-tenant` };
  const response = await fetch(`http://127.0.0.1:${httpPort}${path}`, {
    method: 'POST',
    body,
    headers,
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, answer: await response.text() };
}

test('with every kind of failure, at level debug, output and pages hold no canary', { timeout: 120_000 }, async () => {
  await run();
  // Delivered; an orphan; a log record that joins, one that never will, one that names no span.
  expect((await post('/v1/traces', traces(span(1), span(2, { parentSpanId: 'ab'.repeat(8) })))).status).toBe(200);
  for (const more of [{ traceId: hex(1, 32), spanId: hex(1, 16) }, { traceId: hex(50, 32), spanId: hex(50, 16) }, {}])
    expect((await post('/v1/logs', logs(more))).status).toBe(200);
  // Malformed: text, a broken message, a bad span among good ones, another signal, another type.
  const broken = [
    await post('/v1/traces', `{"resourceSpans": "${canary}`),
    await post('/v1/traces', `{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "${canary}"}]}]}]}`),
    await post('/v1/traces', Buffer.from(`\x0a\xff${canary}`, 'latin1'), 'application/x-protobuf'),
    await post('/v1/traces', traces(span(3), { traceId: '', spanId: '', name: `${canary}-bad` })),
    await post('/v1/metrics', `{"resourceMetrics": "${canary}"}`),
    await post('/v1/traces', canary, `text/${canary}`),
    await post('/v1/traces', canary.repeat(50_000)),
  ];
  // An error's answer goes to its sender, who knows the payload; it is not to be quoted all the same.
  for (const { answer } of broken) expect(answer).not.toContain(canary);
  await until(
    () => output.includes('a parent did not come in time'),
    () => output,
  );
  // Destination: rejects (dead letter), is in trouble, refuses the key, quotes what it got.
  const quoting = JSON.stringify({ detail: `${canary} in ${secretCanary}-api-key` });
  for (const status of [422, 503, 401]) {
    sink.faults.clear();
    sink.faults.add({ action: { do: 'status', status, body: quoting } });
    await post('/v1/traces', traces(span(100 + status)));
    await appears(`"status":${status}`);
  }
  await appears('runs became dead letters');
  await appears('does not know this API key');
  // The journal fills up.
  const filler = (): string => `${canary}-${randomBytes(40_000).toString('base64')}`;
  for (let number = 1_000; number < 1_200; number++)
    if ((await post('/v1/traces', traces(span(number, { name: filler() })))).status !== 200) break;
  await appears('GW_JOURNAL_FULL');
  await appears('The metrics of this gateway cannot be sent');
  const pages = [`${healthPort}/status?verbose`, `${healthPort}/`, `${metricsPort}/metrics`];
  for (const page of pages) output += await (await fetch(`http://127.0.0.1:${page}`)).text();
  sink.faults.clear();
  child?.kill('SIGTERM');
  await once(child as ChildProcess, 'close');
  expect(output).toContain('Shutdown complete.');
  for (const line of output.split('\n')) {
    // Redaction counts by attribute key, as it is asked to; values are what must not show.
    const searched = line.replaceAll(/field="[^{}]*?",?\}/g, '').replaceAll(/\\"c4n4ry\.[a-z]+\.(key|map)\\"/g, '');
    expect(searched).not.toContain(canary);
    expect(searched).not.toContain(secretCanary);
  }
});
