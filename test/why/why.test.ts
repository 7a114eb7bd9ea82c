/** `spanway why` against real gateway processes: each fate once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runIdOfSpan, uuidOfTrace } from '../../src/model/ids.ts';
import type { SpanReport, WhyReport } from '../../src/service/trail/report.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { strictSink, temporaryDirectory, until } from '../e2e/harness.ts';

const main = process.env.SPANWAY_WHY_MAIN ?? new URL('../../dist/main.js', import.meta.url).pathname;

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let gateway: ChildProcess | undefined;
let log = '';

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
  log = '';
});

afterEach(async () => {
  await stopGateway();
  await sink.close();
  directory.remove();
});

const storage = { sending_queue: { storage: 'file_storage', durability: 'disk' }, batch: { flush_timeout: '50ms' } };
const retry = { retry_on_failure: { initial_interval: '50ms', max_interval: '200ms' } };
const http = { protocols: { http: { endpoint: '127.0.0.1:0' } } };

function configuration(service: object = {}, admin: object = {}): object {
  const exporter = { endpoint: sink.url, project: 'why', api_key: 'topsecret-key', ...storage, ...retry };
  return {
    receivers: { otlp: http, 'otlp/tenants': http, 'otlp/down': http },
    processors: {
      'filter/health': { trace_conditions: ['span.name == "never"', 'span.name == "health"'] },
      'trace_sampler/noise': { rules: [{ name: 'noisy', condition: 'resource.attributes["service.name"] == "noisy"', action: 'drop' }] },
      probabilistic_sampler: { sampling_percentage: 100 },
    },
    exporters: {
      langsmith: { ...exporter, assembly: { remote_parent_wait: '100ms' } },
      'langsmith/tenants': { ...exporter, api_key: '', api_key_from: 'metadata.x-api-key' },
      'langsmith/down': { ...exporter, endpoint: 'http://127.0.0.1:9' },
    },
    extensions: { file_storage: { directory: join(directory.path, 'journal') }, admin: { endpoint: '127.0.0.1:0', ...admin } },
    service: {
      extensions: ['file_storage', 'admin'],
      telemetry: { metrics: { level: 'none' }, logs: { encoding: 'json' } },
      pipelines: {
        traces: {
          receivers: ['otlp'],
          processors: ['filter/health', 'trace_sampler/noise', 'probabilistic_sampler'],
          exporters: ['langsmith'],
        },
        'traces/tenants': { receivers: ['otlp/tenants'], exporters: ['langsmith/tenants'] },
        'traces/down': { receivers: ['otlp/down'], exporters: ['langsmith/down'] },
      },
      ...service,
    },
  };
}

function logged(sentence: string): Record<string, string>[] {
  const lines = log.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return lines.map((line) => JSON.parse(line) as Record<string, string>).filter(({ msg }) => msg === sentence);
}

async function startGateway(config: object, ready = 'Everything is ready. Begin running and processing data.'): Promise<void> {
  log = '';
  gateway = spawn('node', [main, 'run', '--config', `yaml:${JSON.stringify(config)}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  gateway.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  await until(
    () => logged(ready).length > 0,
    () => log,
  );
}

async function stopGateway(): Promise<void> {
  if (!gateway || gateway.exitCode !== null || gateway.signalCode !== null) return;
  gateway.kill('SIGTERM');
  await once(gateway, 'exit');
}

const adminUrl = (): string => `http://${logged('the admin endpoint listens')[0]?.address}`;
const receiverUrl = (receiver: string): string => `http://${logged('listening').find((line) => line.receiver === receiver)?.address}`;

interface TestSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly kind?: number;
}

let traces = 0;
const newTrace = (): string => `${++traces}`.padStart(32, '7');
const newSpan = (traceId: string, name = 'work', more: Partial<TestSpan> = {}): TestSpan => ({
  traceId,
  spanId: `${++traces}`.padStart(16, '5'),
  name,
  ...more,
});

async function send(spans: readonly TestSpan[], { receiver = 'otlp', service = 'shop' } = {}): Promise<number> {
  const times = { startTimeUnixNano: '1767225600000000000', endTimeUnixNano: '1767225601000000000' };
  const attributes = [{ key: 'input.value', value: { stringValue: 'a private question' } }];
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  const scopeSpans = [{ spans: spans.map((span) => ({ kind: 1, ...times, attributes, ...span })) }];
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] });
  const answer = await fetch(`${receiverUrl(receiver)}/v1/traces`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function command(args: readonly string[], env: object = {}): Promise<{ code: number; out: string; err: string }> {
  const child = spawn('node', [main, 'why', ...args], { env: { ...process.env, ...env } });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

async function report(id: string, url = adminUrl()): Promise<WhyReport> {
  const answer = await fetch(`${url}/why/${id}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as WhyReport;
}

/** The report of one span, once it has that fate; and once that step is in it: the process remembers a moment after the journal knows. */
async function fated(span: TestSpan, fate: SpanReport['fate'], step?: string): Promise<SpanReport> {
  let found: SpanReport | undefined;
  await until(
    async () => {
      found = (await report(span.traceId)).spans.find(({ spanId }) => spanId === span.spanId);
      return found?.fate === fate && (step === undefined || found.steps.some(({ event }) => event === step));
    },
    () => `${JSON.stringify(found)}\n${log}`,
  );
  return found as SpanReport;
}

const texts = ({ steps }: SpanReport): string[] => steps.map(({ event, component, text }) => `${event} ${component} ${text}`);

test('each fate of a span is told, with where, when and why, and neither keys nor payload', { timeout: 60_000 }, async () => {
  await startGateway(configuration());
  const root = newSpan(newTrace());
  const [child, health] = [{ ...newSpan(root.traceId), parentSpanId: root.spanId }, newSpan(root.traceId, 'health')];
  expect(await send([root, child, health])).toBe(200);
  const delivered = await fated(child, 'delivered', 'delivered');
  expect(delivered).toMatchObject({ runId: runIdOfSpan(child.spanId), parentSpanId: root.spanId, project: 'why' });
  expect(texts(delivered)).toEqual([
    'received otlp over http from 127.0.0.1',
    'stored langsmith ',
    expect.stringMatching(/^sealed langsmith in batch \S+, which has left the journal since$/),
    expect.stringMatching(/^delivered langsmith status 202, batch \S+$/),
  ]);
  expect(texts(await fated(health, 'left_out')).at(-1)).toBe('left_out filter/health trace_conditions[1]');

  const noisy = newSpan(newTrace());
  await send([noisy], { service: 'noisy' });
  expect(texts(await fated(noisy, 'left_out')).at(-1)).toBe('left_out trace_sampler/noise noisy');

  const waiting = newSpan(newTrace(), 'work', { parentSpanId: 'abcdefabcdefabcd' });
  await send([waiting]);
  expect(texts(await fated(waiting, 'waiting'))).toContainEqual(
    expect.stringMatching(/^waiting langsmith for its parent, span abcdefabcdefabcd, until \d{4}-/),
  );

  const orphan = newSpan(newTrace(), 'work', { parentSpanId: 'abcdefabcdefabcd', kind: 2 });
  await send([orphan]);
  expect(texts(await fated(orphan, 'delivered'))).toContain('orphaned langsmith promote');

  sink.faults.add({ match: { bodyIncludes: 'poisoned' }, action: { do: 'status', status: 422, body: 'a private answer' } });
  const poisoned = newSpan(newTrace(), 'poisoned');
  await send([poisoned]);
  const dead = texts(await fated(poisoned, 'dead_letter', 'dead_letter'));
  expect(dead).toContainEqual(expect.stringMatching(/^dead_letter langsmith rejected, status 422; spanway dead-letters show \d+-/));

  await send([root]);
  await until(
    async () => texts(await fated(root, 'delivered')).includes('duplicate langsmith '),
    () => log,
  );

  const refused = newSpan(newTrace());
  expect(await send([refused], { receiver: 'otlp/tenants' })).toBe(401);
  expect(texts(await fated(refused, 'refused')).at(-1)).toBe(
    'refused otlp/tenants GW_RECEIVE_UNAUTHENTICATED: cannot take the request: it brings no API key of its own',
  );

  const stuck = newSpan(newTrace());
  expect(await send([stuck], { receiver: 'otlp/down' })).toBe(200);
  expect(texts(await fated(stuck, 'in_batch')).at(-1)).toMatch(/^in_batch langsmith\/down in batch \S+, sealed and not delivered yet$/);

  const all = await Promise.all([root, waiting, orphan, poisoned, refused, stuck].map(({ traceId }) => report(traceId)));
  expect(JSON.stringify(all)).not.toMatch(/topsecret|private/);
});

test('the command takes trace ids, and the UUIDs of runs and traces; it prints a tree, and says what it cannot know', async () => {
  await startGateway(configuration());
  const root = newSpan(newTrace());
  const child = { ...newSpan(root.traceId), parentSpanId: root.spanId };
  await send([root, child]);
  await fated(root, 'delivered', 'delivered');
  await fated(child, 'delivered', 'delivered');
  const url = ['--url', adminUrl()];
  const { code, out } = await command([root.traceId.toUpperCase(), ...url]);
  expect(code).toBe(0);
  expect(out).toMatch(
    new RegExp(`^trace ${root.traceId}: 2 spans\n {2}span ${root.spanId} .*delivered\n(?: {6}.*\n)+ {4}span ${child.spanId} .*delivered\n`),
  );
  for (const id of [uuidOfTrace(root.traceId), runIdOfSpan(root.spanId), runIdOfSpan(child.spanId)]) {
    const { spans } = JSON.parse((await command([id, '--json', ...url])).out) as WhyReport;
    expect(spans.map(({ spanId }) => spanId).sort(), id).toEqual([root.spanId, child.spanId].sort());
  }
  const unknown = await command([newTrace(), ...url]);
  expect(unknown.code).toBe(1);
  expect(unknown.out).toMatch(
    /^No span of \d+ is known\.\n[\s\S]*What was received since \d{4}-\S+ is remembered \(1 process, \d+ of 131072 rows\)/,
  );
  expect((await command(['nonsense', ...url])).err).toContain('it is neither a trace id of 32 hex digits nor a UUID');
  expect((await command([root.traceId, '--url', 'http://127.0.0.1:9'])).err).toContain('it does not answer');
});

test('after a restart the journal still tells what waits and what was sent, also by the id of a run', { timeout: 60_000 }, async () => {
  await startGateway(configuration());
  const root = newSpan(newTrace());
  const waiting = newSpan(root.traceId, 'work', { parentSpanId: 'abcdefabcdefabcd' });
  await send([root, waiting]);
  await fated(root, 'delivered');
  await fated(waiting, 'waiting');
  await stopGateway();
  await startGateway(configuration());
  expect(texts(await fated(root, 'delivered'))).toEqual([
    expect.stringMatching(/^sealed langsmith in batch \S+, which has left the journal since$/),
  ]);
  expect((await command([root.traceId, '--url', adminUrl()])).out).toContain('delivered; when is no longer remembered');
  const { spans } = await report(runIdOfSpan(waiting.spanId));
  expect(spans.map(({ fate }) => fate).sort()).toEqual(['delivered', 'waiting']);
});

test('with workers any of them answers for all', { timeout: 60_000 }, async () => {
  await startGateway(configuration({ workers: 2 }), 'All workers are ready.');
  const traceId = newTrace();
  const spans = Array.from({ length: 12 }, () => newSpan(traceId, 'health'));
  // Connections are handed out in turn.
  for (const span of spans) await send([span]);
  const url = adminUrl();
  for (let asked = 0; asked < 4; asked += 1) {
    const { spans: found, remembers } = await report(traceId, url);
    expect(remembers.processes).toBe(2);
    expect(found.map(({ spanId, fate }) => `${spanId} ${fate}`).sort()).toEqual(spans.map(({ spanId }) => `${spanId} left_out`).sort());
  }
});

test('with a token nobody reads without it, and the command finds it in its environment', async () => {
  await startGateway(configuration({}, { token: 'opensesame' }));
  const id = newTrace();
  expect((await fetch(`${adminUrl()}/why/${id}`)).status).toBe(401);
  expect((await fetch(`${adminUrl()}/why/${id}`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  expect((await command([id, '--url', adminUrl()])).err).toContain('set SPANWAY_ADMIN_TOKEN');
  expect((await command([id, '--url', adminUrl()], { SPANWAY_ADMIN_TOKEN: 'opensesame' })).out).toContain('is known');
  expect(log).not.toContain('opensesame');
});
