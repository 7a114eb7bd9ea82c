/** Spans of one trace that come to different replicas, children first, their parents an hour later. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { strictSink, until } from '../e2e/harness.ts';
import { RedisServer } from '../journal/redis-server.ts';
import { type ChaosSpan, encode } from './forest.ts';
import { journalState } from './journal-state.ts';
import { LeapClock } from './leap-clock.ts';
import { redisConfig } from './redis-config.ts';
import { judge } from './verdict.ts';

const minuteMs = 60_000;

let redis: RedisServer;
let sink: Sink;
let clock: LeapClock;
const gateways: Gateway[] = [];

beforeEach(async () => {
  redis = await RedisServer.start();
  sink = await strictSink();
  clock = new LeapClock();
  for (let count = 0; count < 2; count++) await start();
});

afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.stop(2_000);
  await sink.close();
  await redis.stop();
});

async function start(): Promise<void> {
  const uri = `yaml:${JSON.stringify(redisConfig({ sinkUrl: sink.url, redis }))}`;
  const loaded = await loadConfig({ uris: [uri], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  gateways.push(await startGateway(loaded.config, { clock, emit: () => {} }));
}

async function send(replica: 0 | 1, ...spans: ChaosSpan[]): Promise<void> {
  const { http } = gateways[replica]?.service.receivers.get('otlp')?.addresses() ?? {};
  const headers = { 'content-type': 'application/x-protobuf' };
  const response = await fetch(`http://127.0.0.1:${http?.port}/v1/traces`, { method: 'POST', body: encode(spans), headers });
  expect(response.status).toBe(200);
}

const park = (count: number): Promise<void> =>
  until(
    async () => (await journalState(redis)).parked === count,
    () => `${count} spans should wait for their parent`,
  );

const arrive = (count: number): Promise<void> =>
  until(
    () => sink.store.runCount === count,
    () => `${sink.store.runCount} of ${count} runs`,
  );

function span(number: number, parent?: ChaosSpan): ChaosSpan {
  return { traceId: 'ab'.repeat(16), spanId: number.toString(16).padStart(16, '0'), parent };
}

test('a tree is whole when each of its spans came to another replica, the leaves first and the root almost an hour later', async () => {
  const root = span(1);
  const middle = span(2, root);
  const [left, right] = [span(3, middle), span(4, middle)];
  await send(0, left);
  await send(1, right);
  clock.leap(29 * minuteMs);
  await send(0, middle);
  clock.leap(30 * minuteMs);
  await park(3);
  expect(sink.store.runCount).toBe(0);
  await send(1, root);
  await arrive(4);
  const { lost, broken, violations } = judge(sink, [root, middle, left, right]);
  expect({ lost, broken, violations }).toEqual({ lost: [], broken: [], violations: [] });
});

test('a tree is whole when the replica that held its children was replaced before the parent came', async () => {
  const root = span(5);
  const children = [span(6, root), span(7, root)];
  for (const [index, child] of children.entries()) await send(index as 0 | 1, child);
  clock.leap(50 * minuteMs);
  for (const gateway of gateways.splice(0)) {
    await start();
    await gateway.stop(2_000);
  }
  await send(0, root);
  await arrive(3);
  const { lost, broken, violations } = judge(sink, [root, ...children]);
  expect({ lost, broken, violations }).toEqual({ lost: [], broken: [], violations: [] });
});

test('a child whose parent does not come within the hour becomes a run without it', async () => {
  await send(0, span(9, span(8)));
  await park(1);
  clock.leap(61 * minuteMs);
  await arrive(1);
  expect(sink.store.runs()[0]?.parentRunId).toBe('');
});
