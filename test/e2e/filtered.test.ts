/** Spans that the filter processor drops: over real HTTP, in any order and over a restart, their children hang on the nearest ancestor that was kept. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, temporaryDirectory, until } from './harness.ts';

const traceId = 'f117e4ed00000000f117e4ed00000000';
const [agent, middleware, router, call] = ['00f067aa0ba90001', '00f067aa0ba90002', '00f067aa0ba90003', '00f067aa0ba90004'] as const;

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let gateway: Gateway;

interface Wired {
  processors?: object;
  connectors?: object;
  service: { pipelines: Record<string, { receivers: string[]; processors?: string[]; exporters: string[] }> };
}

/** `routed`: with a routing connector between filter and exporter. */
async function start(routed = false): Promise<Gateway> {
  const config = gatewayConfig({ sinkUrl: sink.url, directory: directory.path }) as Wired;
  config.processors = { filter: { error_mode: 'ignore', trace_conditions: ['span.name == "infrastructure"'] } };
  config.service.pipelines.traces = { receivers: ['otlp'], processors: ['filter'], exporters: ['langsmith'] };
  if (routed) {
    config.connectors = {
      routing: {
        default_pipelines: ['traces/out'],
        table: [{ condition: 'attributes["service.name"] == "nobody"', pipelines: ['traces/out'] }],
      },
    };
    config.service.pipelines.traces = { receivers: ['otlp'], processors: ['filter'], exporters: ['routing'] };
    config.service.pipelines['traces/out'] = { receivers: ['routing'], exporters: ['langsmith'] };
  }
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(config)}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return await startGateway(loaded.config, { emit: () => {} });
}

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
  gateway = await start();
});

afterEach(async () => {
  await gateway.stop(5_000);
  await sink.close();
  directory.remove();
});

async function post(spanId: string, parentSpanId: string, name = 'infrastructure'): Promise<void> {
  const times = { startTimeUnixNano: '1767225600000000000', endTimeUnixNano: '1767225600100000000' };
  const spans = [{ traceId, spanId, parentSpanId, name, kind: 1, ...times }];
  const port = gateway.service.receivers.get('otlp')?.addresses().http?.port;
  const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  });
  expect(answer.status).toBe(200);
}

const balance = () => [...gateway.service.journaled()][0]?.[1].balance();
const arrived = (): Promise<void> =>
  until(
    () => sink.store.run(runIdOfSpan(call)) !== undefined,
    () => JSON.stringify([sink.store.counts, balance()]),
    20_000,
  );

test.each([
  ['children first, as they end', false, false],
  ['and a restart in between', true, false],
  ['through a routing connector', false, true],
])('a call below two spans that the filter drops hangs on the agent above them: %s', async (_, restarted, routed) => {
  if (routed) {
    await gateway.stop(5_000);
    gateway = await start(true);
  }
  await post(call, router, 'chat');
  await post(router, middleware);
  if (restarted) {
    await gateway.stop(5_000);
    gateway = await start();
  }
  await post(middleware, agent);
  await post(agent, '', 'agent');
  await arrived();
  expect(sink.store.run(runIdOfSpan(call))?.fields).toMatchObject({ parent_run_id: runIdOfSpan(agent), trace_id: runIdOfSpan(agent) });
  expect(sink.store.counts).toMatchObject({ posts: 2, patches: 0 });
  expect(sink.store.violations()).toEqual([]);
  await until(
    () => balance()?.waiting === 0,
    () => JSON.stringify(balance()),
  );
});

test('a call below a dropped root is a root of its own, at once', async () => {
  await post(call, router, 'chat');
  await post(router, '');
  await arrived();
  expect(sink.store.run(runIdOfSpan(call))?.fields).not.toHaveProperty('parent_run_id');
});
