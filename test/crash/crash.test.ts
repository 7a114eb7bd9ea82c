/**
 * A gateway that is killed with SIGKILL at a named point, and started again. The client behaves as SDKs do: what was not acknowledged is sent again.
 * Then every acknowledged span must be a run, no run may be there twice, and every tree must be whole.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, temporaryDirectory, until } from '../e2e/harness.ts';

const child = new URL('child.mjs', import.meta.url).pathname;

interface GatewayProcess {
  readonly process: ChildProcess;
  readonly url: string;
  readonly exited: Promise<unknown>;
}

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
const running = new Set<ChildProcess>();

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
});

afterEach(async () => {
  for (const one of running) one.kill('SIGKILL');
  running.clear();
  await sink.close();
  directory.remove();
});

async function start(point: string): Promise<GatewayProcess> {
  const config = JSON.stringify(gatewayConfig({ sinkUrl: sink.url, directory: directory.path }));
  const process = spawn('node', [child, config, point], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(process);
  let errors = '';
  process.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exited = once(process, 'exit');
  const line = await Promise.race([
    once(createInterface(process.stdout), 'line'),
    exited.then(() => Promise.reject(new Error(`the gateway did not start: ${errors}`))),
  ]);
  const { http } = JSON.parse((line as [string])[0]) as { http: number };
  return { process, url: `http://127.0.0.1:${http}`, exited };
}

interface TestSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** A trace of a root with a child that has a child; each span is one request, children first. */
function trace(number: number): TestSpan[] {
  const traceId = hex(number + 1, 32);
  const ids = [1, 2, 3].map((part) => hex((number + 1) * 16 + part, 16)) as [string, string, string];
  return [
    { traceId, spanId: ids[2], parentSpanId: ids[1] },
    { traceId, spanId: ids[1], parentSpanId: ids[0] },
    { traceId, spanId: ids[0] },
  ];
}

/** Whether the span was acknowledged. */
async function send(url: string, span: TestSpan): Promise<boolean> {
  const full = {
    ...span,
    name: `span ${span.spanId}`,
    kind: 1,
    startTimeUnixNano: '1767225600000000000',
    endTimeUnixNano: '1767225601000000000',
  };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [full] }] }] });
  const response = await fetch(`${url}/v1/traces`, { method: 'POST', body, headers: { 'content-type': 'application/json' } }).catch(
    () => undefined,
  );
  return response?.status === 200;
}

async function expectDelivered(spans: readonly TestSpan[]): Promise<void> {
  await until(
    () => spans.every(({ spanId }) => sink.store.run(runIdOfSpan(spanId)) !== undefined),
    () => `${sink.store.runs().length} of ${spans.length} runs arrived`,
  );
  expect(sink.store.runs().length).toBe(spans.length);
  expect(sink.store.violations()).toEqual([]);
  for (const { spanId, parentSpanId } of spans) {
    expect(sink.store.run(runIdOfSpan(spanId))?.parentRunId).toBe(parentSpanId === undefined ? '' : runIdOfSpan(parentSpanId));
  }
}

test.each(['before-append', 'after-append', 'before-seal', 'after-seal', 'after-upload'])(
  'killed %s: every acknowledged span is delivered once',
  async (point) => {
    const spans = [0, 1, 2, 3].flatMap(trace);
    const dying = await start(point);
    const open = new Set(spans);
    for (const span of spans) if (await send(dying.url, span)) open.delete(span);
    // The points behind the acknowledgement are reached a moment later.
    await dying.exited;
    expect(dying.process.signalCode).toBe('SIGKILL');
    const next = await start('never');
    for (const span of open) expect(await send(next.url, span)).toBe(true);
    await expectDelivered(spans);
  },
);

test('killed while a span is parked: it joins its parent, which comes after the restart', async () => {
  const [leaf, middle, root] = trace(7) as [TestSpan, TestSpan, TestSpan];
  const dying = await start('parked');
  expect(await send(dying.url, leaf)).toBe(true);
  await dying.exited;
  expect(sink.store.runs()).toEqual([]);
  const next = await start('never');
  expect(await send(next.url, middle)).toBe(true);
  expect(await send(next.url, root)).toBe(true);
  await expectDelivered([leaf, middle, root]);
});

test('killed during a shutdown: what was held is delivered after the restart', async () => {
  const spans = trace(9);
  const dying = await start('during-shutdown');
  sink.faults.add({ action: { do: 'status', status: 503 } });
  for (const span of spans) expect(await send(dying.url, span)).toBe(true);
  dying.process.kill('SIGTERM');
  await dying.exited;
  expect(dying.process.signalCode).toBe('SIGKILL');
  sink.faults.clear();
  await start('never');
  await expectDelivered(spans);
});

test('killed again and again at random moments under load: nothing acknowledged is missing, nothing is there twice', async () => {
  const acknowledged: TestSpan[] = [];
  let number = 100;
  for (let round = 0; round < 5; round += 1) {
    const dying = await start('never');
    const rounds: Promise<void>[] = [];
    let alive = true;
    for (let client = 0; client < 4; client += 1) {
      rounds.push(
        (async () => {
          while (alive) {
            const [, , root] = trace(number++) as [TestSpan, TestSpan, TestSpan];
            if (await send(dying.url, root)) acknowledged.push(root);
          }
        })(),
      );
    }
    const before = acknowledged.length;
    await until(
      () => acknowledged.length >= before + 50 + round * 37,
      () => `${acknowledged.length - before} acknowledged in round ${round}`,
    );
    dying.process.kill('SIGKILL');
    await dying.exited;
    alive = false;
    await Promise.all(rounds);
  }
  await start('never');
  await until(
    () => acknowledged.every(({ spanId }) => sink.store.run(runIdOfSpan(spanId)) !== undefined),
    () => `${sink.store.runs().length} runs for ${acknowledged.length} acknowledged spans`,
  );
  expect(new Set(sink.store.runs().map(({ id }) => id)).size).toBe(sink.store.runs().length);
  expect(sink.store.violations()).toEqual([]);
}, 120_000);
