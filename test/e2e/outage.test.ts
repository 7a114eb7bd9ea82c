/** The destination misbehaves: down, slow, refusing, resetting. Nothing is lost, siblings arrive, and the books add up. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import type { Sink } from '../../src/sink/sink.ts';
import {
  expectConserved,
  startTestGateway,
  strictSink,
  type TestGateway,
  type TestGatewayOptions,
  temporaryDirectory,
  until,
} from './harness.ts';

let sink: Sink;
let gateway: TestGateway;
let directory: ReturnType<typeof temporaryDirectory>;

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
});

afterEach(async () => {
  await gateway.stop();
  await sink.close();
  directory.remove();
});

async function start(options: Partial<TestGatewayOptions> = {}): Promise<void> {
  gateway = await startTestGateway({ sinkUrl: sink.url, directory: directory.path, ...options });
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** `count` root spans in one request. Some names may be told. */
async function send(count: number, first = 1, nameOf: (index: number) => string = (index) => `span ${index}`): Promise<string[]> {
  const spans = Array.from({ length: count }, (_, index) => ({
    traceId: hex(first + index, 32),
    spanId: hex(first + index, 16),
    name: nameOf(index),
    kind: 1,
    startTimeUnixNano: '1767225600000000000',
    endTimeUnixNano: '1767225601000000000',
  }));
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
  const response = await fetch(`${gateway.httpUrl}/v1/traces`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  expect(response.status).toBe(200);
  return spans.map(({ spanId }) => runIdOfSpan(spanId));
}

const delivered = (ids: readonly string[]): Promise<void> =>
  until(
    () => ids.every((id) => sink.store.run(id) !== undefined),
    () => `${sink.store.runs().length} of ${ids.length} runs; ${gateway.lines.slice(-5).join('\n')}`,
  );

test.each([
  ['503 for a while', { action: { do: 'status', status: 503 }, times: 12 }],
  ['500', { action: { do: 'status', status: 500 }, times: 5 }],
  ['429 with Retry-After', { action: { do: 'status', status: 429, retryAfter: '1' }, times: 2 }],
  ['408', { action: { do: 'status', status: 408 }, times: 3 }],
  ['a connection that is reset in the middle of the body', { action: { do: 'reset', afterBytes: 100 }, times: 5 }],
  ['an answer that gets lost after the runs were stored', { action: { do: 'lose_reply' }, times: 3 }],
  ['an answer that breaks off after the runs were stored', { action: { do: 'cut_reply' }, times: 3 }],
] as const)('%s: every run arrives once', async (_title, fault) => {
  await start();
  sink.faults.add({ ...fault });
  const ids = await send(50);
  await delivered(ids);
  expect(sink.store.runs().length).toBe(50);
  await until(
    () => gateway.balance().delivered === 50,
    () => JSON.stringify(gateway.balance()),
  );
  await expectConserved(gateway);
});

test('a destination that is not there yet gets everything when it comes', async () => {
  const { port } = new URL(sink.url);
  await sink.close();
  await start();
  const ids = await send(30);
  await until(
    () => gateway.gateway.telemetry.degradations().size > 0,
    () => gateway.lines.join('\n'),
  );
  sink = await strictSink({ port: Number(port) });
  await delivered(ids);
  await expectConserved(gateway);
});

test('one poison run among 99 becomes a dead letter with the server’s words; the others arrive', async () => {
  await start();
  sink.faults.add({
    match: { bodyIncludes: 'poison marker' },
    action: { do: 'status', status: 422, body: '{"error":"Unprocessable entity: this run is poison"}' },
  });
  const ids = await send(100, 1, (index) => (index === 41 ? 'poison marker' : `span ${index}`));
  await delivered(ids.filter((_, index) => index !== 41));
  await until(
    () => gateway.balance().deadLettered === 1,
    () => JSON.stringify(gateway.balance()),
  );
  expect(sink.store.run(ids[41] as string)).toBeUndefined();
  await expectConserved(gateway);
});

test('bodies that the server finds too large are halved until they pass', async () => {
  await start();
  sink.faults.add({ match: { bytesOver: 12_000 }, action: { do: 'status', status: 413 } });
  const ids = await send(64);
  await delivered(ids);
  expect(gateway.balance().deadLettered).toBe(0);
  await expectConserved(gateway);
});

test('a refused key stops the lane, keeps the data, and tells the operator; nothing storms the server', async () => {
  await start();
  sink.faults.add({ action: { do: 'status', status: 401, body: '{"detail":"Invalid token"}' } });
  const ids = await send(20);
  await until(
    () => gateway.gateway.telemetry.degradations().size > 0,
    () => gateway.lines.join('\n'),
  );
  const requests = sink.store.requests().length;
  await send(20, 1_000);
  expect(sink.store.requests().length - requests).toBeLessThan(10);
  expect(gateway.balance().waiting).toBe(40);
  await expectConserved(gateway);
  await gateway.stop();
  sink.faults.clear();
  await start();
  await delivered(ids);
});

test('a slow destination holds up nobody who sends: acknowledgements do not wait for it', async () => {
  await start();
  sink.faults.add({ action: { do: 'delay' }, delayMs: 3_000, times: 10 });
  const before = performance.now();
  const ids = await send(10);
  expect(performance.now() - before).toBeLessThan(2_000);
  await delivered(ids);
});
