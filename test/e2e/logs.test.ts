/** GenAI content that travels as log records: over real HTTP, before the span and after it, one run arrives. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { expectConserved, startTestGateway, strictSink, type TestGateway, temporaryDirectory, until } from './harness.ts';

const scope = { name: 'opentelemetry.instrumentation.openai_v2' };
const traceId = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const [agent, call] = ['00f067aa0ba90001', '00f067aa0ba90002'];
const nano = (ms: number): string => `${1_767_225_600_000 + ms}000000`;

let sink: Sink;
let gateway: TestGateway;
let directory: ReturnType<typeof temporaryDirectory>;

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
  gateway = await startTestGateway({
    sinkUrl: sink.url,
    directory: directory.path,
    exporter: { assembly: { log_join_window: '2s' } },
  });
});

afterEach(async () => {
  await gateway.stop();
  await sink.close();
  directory.remove();
});

async function post(signal: 'traces' | 'logs', body: object): Promise<unknown> {
  const answer = await fetch(`${gateway.httpUrl}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return await answer.json();
}

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

function spans(...all: readonly { readonly spanId: string; readonly parentSpanId?: string; readonly name: string }[]): object {
  const attributes = [text('gen_ai.operation.name', 'chat'), text('gen_ai.request.model', 'gpt-4o')];
  const times = { startTimeUnixNano: nano(0), endTimeUnixNano: nano(100) };
  return { resourceSpans: [{ scopeSpans: [{ scope, spans: all.map((span) => ({ traceId, kind: 3, ...times, attributes, ...span })) }] }] };
}

function logs(...records: readonly object[]): object {
  return {
    resourceLogs: [{ scopeLogs: [{ scope, logRecords: records.map((record, at) => ({ traceId, timeUnixNano: nano(at), ...record })) }] }],
  };
}

const body = (members: Record<string, string>) => ({
  kvlistValue: { values: Object.entries(members).map(([key, value]) => text(key, value)) },
});
const question = { spanId: call, eventName: 'gen_ai.user.message', body: body({ content: 'What is the capital of France?' }) };
const answer = {
  spanId: call,
  eventName: 'gen_ai.choice',
  body: {
    kvlistValue: {
      values: [
        { key: 'index', value: { intValue: '0' } },
        text('finish_reason', 'stop'),
        { key: 'message', value: body({ role: 'assistant', content: 'Paris' }) },
      ],
    },
  },
};
const evaluation = {
  spanId: call,
  eventName: 'gen_ai.evaluation.result',
  attributes: [text('gen_ai.evaluation.name', 'correct'), { key: 'gen_ai.evaluation.score.value', value: { doubleValue: 1 } }],
};

const runId = runIdOfSpan(call as string);
const settled = (): boolean => gateway.balance().waiting === 0;

test('content in log records, some before the span and some after it, arrives in one post; an evaluation that comes later becomes feedback', async () => {
  await post('logs', logs(question));
  await post('traces', spans({ spanId: call as string, parentSpanId: agent as string, name: 'chat gpt-4o' }));
  await post('traces', spans({ spanId: agent as string, name: 'agent' }));
  await post('logs', logs(answer, { body: { stringValue: 'names no span' }, traceId: '' }));
  await until(
    () => sink.store.run(runId) !== undefined && settled(),
    () => JSON.stringify(gateway.balance()),
  );
  expect(sink.store.run(runId)?.fields).toMatchObject({
    parent_run_id: runIdOfSpan(agent as string),
    inputs: { messages: [{ role: 'user', content: 'What is the capital of France?' }] },
    outputs: { choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'Paris' } }] },
  });
  expect(sink.store.counts).toMatchObject({ posts: 2, patches: 0 });
  await post('logs', logs(evaluation));
  await post('logs', logs(evaluation));
  await until(
    () => sink.store.counts.patches === 1 && settled(),
    () => JSON.stringify([gateway.balance(), sink.store.counts]),
  );
  const feedback = [...sink.store.tenants].flatMap((tenant) => [...tenant.feedback.values()]);
  expect(feedback.map(({ fields }) => fields)).toMatchObject([{ run_id: runId, key: 'correct', score: 1 }]);
  expect(sink.store.violations()).toEqual([]);
  await expectConserved(gateway);
});

test('log records that come after their run was sent become one update of it', async () => {
  const plain = spans({ spanId: call as string, name: 'chat gpt-4o' });
  await post('traces', JSON.parse(JSON.stringify(plain).replace(scope.name, 'my.app')) as object);
  await until(
    () => sink.store.run(runId) !== undefined,
    () => JSON.stringify(gateway.balance()),
  );
  await post('logs', logs(question));
  await post('logs', logs(answer));
  await until(
    () => sink.store.counts.patches === 1 && settled(),
    () => JSON.stringify([gateway.balance(), sink.store.counts]),
  );
  expect(sink.store.run(runId)?.fields).toMatchObject({
    name: 'chat gpt-4o',
    inputs: { messages: [{ content: 'What is the capital of France?' }] },
    outputs: { choices: [{ message: { content: 'Paris' } }] },
  });
  expect(sink.store.violations()).toEqual([]);
  await expectConserved(gateway);
});
