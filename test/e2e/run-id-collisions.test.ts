/** One run id, two traces: over real HTTP, neither run is lost, and what comes again is not taken for another run. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeadLetterDesk } from '../../src/exporters/langsmith/dead-letter-desk.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { uuidV5 } from '../../src/model/uuid-v5.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { expectConserved, startTestGateway, strictSink, type TestGateway, temporaryDirectory, until } from './harness.ts';

const claimed = '11111111-2222-4333-8444-555555555555';
const [traceA, traceB] = ['a', 'b'].map((digit) => digit.repeat(32)) as [string, string];
const [first, second, child] = ['00f067aa0ba90001', '00f067aa0ba90002', '00f067aa0ba90003'] as const;

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let gateway: TestGateway;

const start = async (): Promise<void> => {
  gateway = await startTestGateway({ sinkUrl: sink.url, directory: directory.path });
};

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
  await start();
});

afterEach(async () => {
  await gateway.stop();
  await sink.close();
  directory.remove();
});

interface Sent {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly runId?: string;
}

async function post(...sent: readonly Sent[]): Promise<void> {
  const times = { startTimeUnixNano: '1767225600000000000', endTimeUnixNano: '1767225600100000000' };
  const spans = sent.map(({ runId, ...span }) => {
    const attributes = runId === undefined ? [] : [{ key: 'langsmith.span.id', value: { stringValue: runId } }];
    return { ...span, ...times, name: span.spanId, kind: 1, attributes };
  });
  const answer = await fetch(`${gateway.httpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  });
  expect(answer.status).toBe(200);
}

const settled = (delivered: number, deadLettered = 0): Promise<void> =>
  until(
    () => gateway.balance().delivered === delivered && gateway.balance().deadLettered === deadLettered && gateway.balance().waiting === 0,
    () => JSON.stringify([gateway.balance(), sink.store.counts, gateway.lines.slice(-3)]),
    20_000,
  );

async function restart(fresh = false): Promise<void> {
  await gateway.stop();
  if (fresh) {
    directory.remove();
    directory = temporaryDirectory();
  }
  await start();
}

test('the second trace’s run gets an id of its own, and its children follow', async () => {
  await post({ traceId: traceA, spanId: first, runId: claimed });
  await settled(1);
  await post({ traceId: traceB, spanId: second, runId: claimed }, { traceId: traceB, spanId: child, parentSpanId: second });
  await settled(3);
  const remapped = uuidV5('span', `${traceB}:${second}`);
  expect(sink.store.run(claimed)?.fields).toMatchObject({ extra: { metadata: { OTEL_TRACE_ID: traceA } } });
  expect(sink.store.run(remapped)?.fields).toMatchObject({ extra: { metadata: { OTEL_TRACE_ID: traceB, otel_id_remapped: claimed } } });
  expect(sink.store.run(runIdOfSpan(child))?.fields).toMatchObject({ parent_run_id: remapped, trace_id: remapped });
  await expectConserved(gateway);
});

test('a gateway that does not know of the first run keeps the second one as a dead letter, and its siblings arrive', async () => {
  await post({ traceId: traceA, spanId: first, runId: claimed });
  await settled(1);
  await restart(true);
  await post({ traceId: traceB, spanId: second, runId: claimed }, { traceId: traceB, spanId: child });
  await settled(1, 1);
  expect(sink.store.run(runIdOfSpan(child))).toBeDefined();
  const [exporter] = [...gateway.gateway.service.journaled()];
  const { journal } = (exporter as unknown as [string, { readonly journal: Journal }])[1];
  const [line] = await new DeadLetterDesk(journal).list();
  expect(line).toContain(`run ${claimed}`);
  expect(line).toContain('another run with the same id');
  await expectConserved(gateway);
});

test('a run that comes again to a gateway that has lost its journal is delivered, not a collision; also from another place in its trace', async () => {
  await post({ traceId: traceA, spanId: first, runId: claimed });
  await post({ traceId: traceB, spanId: second });
  await settled(2);
  await restart(true);
  await post({ traceId: traceA, spanId: first, runId: claimed });
  await post({ traceId: traceB, spanId: child }, { traceId: traceB, spanId: second, parentSpanId: child });
  await settled(3);
  expect(sink.store.counts).toMatchObject({ posts: 3 });
  await expectConserved(gateway);
});

test('a reply that is lost makes no collision', async () => {
  sink.faults.add({ match: { path: '/runs/multipart' }, action: { do: 'lose_reply' }, times: 1 });
  await post({ traceId: traceA, spanId: first, runId: claimed });
  await settled(1);
  expect(sink.store.counts).toMatchObject({ posts: 1 });
});
