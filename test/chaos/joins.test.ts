/** Real gateways that share Redis: log records come to one and their span to the other, and so do spans that the filter leaves out. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, until } from '../e2e/harness.ts';
import { RedisServer } from '../journal/redis-server.ts';
import { GatewayProcess } from './gateway-process.ts';
import { isSettled } from './journal-state.ts';

const [root, infrastructure, call] = ['00f067aa0ba90001', '00f067aa0ba90002', '00f067aa0ba90003'] as const;
const nano = (ms: number): string => `${1_767_225_600_000 + ms}000000`;
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

let redis: RedisServer;
let sink: Sink;
let gateways: readonly GatewayProcess[] = [];

beforeEach(async () => {
  redis = await RedisServer.start();
  sink = await strictSink();
  const sending_queue = { storage: 'redis_storage', durability: 'redis_fsync' };
  const document = gatewayConfig({ sinkUrl: sink.url, exporter: { sending_queue, assembly: { log_join_window: '2s' } } }) as {
    readonly service: { readonly pipelines: { readonly traces: object } };
  };
  const { pipelines } = document.service;
  const config = {
    ...document,
    processors: { filter: { trace_conditions: ['span.name == "infrastructure"'] } },
    extensions: { redis_storage: { url: `redis://127.0.0.1:${redis.port}` } },
    service: {
      extensions: ['redis_storage'],
      telemetry: { metrics: { level: 'none' }, logs: { encoding: 'json' } },
      pipelines: { ...pipelines, traces: { ...pipelines.traces, processors: ['filter'] } },
    },
  };
  gateways = [new GatewayProcess(config), new GatewayProcess(config)];
  for (const gateway of gateways) await gateway.start();
});

afterEach(async () => {
  for (const gateway of gateways) await gateway.kill();
  await sink.close();
  await redis.stop();
});

async function post(gateway: GatewayProcess | undefined, signal: 'traces' | 'logs', body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${gateway?.http}/v1/${signal}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

function span(traceId: string, spanId: string, name: string, parentSpanId = '', scopeName = 'my.app'): object {
  const attributes = name === 'chat' ? [text('gen_ai.operation.name', 'chat'), text('gen_ai.request.model', 'gpt-4o')] : [];
  const one = { traceId, spanId, parentSpanId, name, kind: 1, startTimeUnixNano: nano(0), endTimeUnixNano: nano(9), attributes };
  return { resourceSpans: [{ scopeSpans: [{ scope: { name: scopeName }, spans: [one] }] }] };
}

function question(traceId: string): object {
  const body = { kvlistValue: { values: [text('content', 'Which capital?')] } };
  const record = { traceId, spanId: call, eventName: 'gen_ai.user.message', timeUnixNano: nano(1), body };
  return { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] };
}

const settled = (runs: number): Promise<void> =>
  until(
    async () => sink.store.runs().length === runs && (await isSettled(redis)),
    () => `${sink.store.runs().length} of ${runs} runs\n${gateways.flatMap(({ troubles }) => troubles.slice(-5)).join('\n')}`,
  );

const inputs = { messages: [{ role: 'user', content: 'Which capital?' }] };

test('log records at one gateway join their span at the other, in one post: logs first, and span first', async () => {
  const [one, other] = gateways;
  const [logsFirst, spanFirst] = ['a', 'b'].map((digit) => digit.repeat(32)) as [string, string];
  const scope = 'opentelemetry.instrumentation.openai_v2';
  await post(one, 'logs', question(logsFirst));
  await post(other, 'traces', span(logsFirst, call, 'chat', '', scope));
  await settled(1);
  expect(sink.store.runs()[0]?.fields).toMatchObject({ inputs });
  sink.store.clear();
  await post(one, 'traces', span(spanFirst, call, 'chat', '', scope));
  await post(other, 'logs', question(spanFirst));
  await settled(1);
  expect(sink.store.runs()[0]?.fields).toMatchObject({ inputs });
  expect(sink.store.counts.patches).toBe(0);
});

test('log records that come to one gateway when the other has sent their run become its update', async () => {
  const [one, other] = gateways;
  const traceId = 'c'.repeat(32);
  await post(one, 'traces', span(traceId, call, 'chat'));
  await settled(1);
  await post(other, 'logs', question(traceId));
  await until(
    async () => sink.store.counts.patches === 1 && (await isSettled(redis)),
    () => JSON.stringify(sink.store.counts),
  );
  expect(sink.store.runs()[0]?.fields).toMatchObject({ name: 'chat', inputs });
});

test.each([
  ['before it', [1, 2, 0]],
  ['after it', [2, 1, 0]],
  ['when all else has come', [0, 2, 1]],
])('a span that one gateway filters is known to the other, where its child came: it comes %s', async (_, order) => {
  const traceId = 'd'.repeat(32);
  const spans = [
    span(traceId, root, 'agent'),
    span(traceId, infrastructure, 'infrastructure', root),
    span(traceId, call, 'chat', infrastructure),
  ];
  for (const [at, which] of order.entries()) await post(gateways[at % 2], 'traces', spans[which] as object);
  await settled(2);
  const runs = new Map(sink.store.runs().map((run) => [run.id, run]));
  expect(runs.get(runIdOfSpan(call))?.fields).toMatchObject({ parent_run_id: runIdOfSpan(root), trace_id: runIdOfSpan(root) });
  expect(sink.store.violations()).toEqual([]);
});
