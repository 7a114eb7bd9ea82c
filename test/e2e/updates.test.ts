/**
 * What follows a run: late log records, feedback, attachments. Over real HTTP: refused and replayed, with a server that has no multipart, and with lost
 * replies, each arrives once.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeadLetterDesk } from '../../src/exporters/langsmith/dead-letter-desk.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { expectConserved, startTestGateway, strictSink, type TestGateway, temporaryDirectory, until } from './harness.ts';

const traceId = 'c0ffee00c0ffee00c0ffee00c0ffee01';
const call = '00f067aa0ba90002';
const runId = runIdOfSpan(call);

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let gateway: TestGateway;

beforeEach(async () => {
  sink = await strictSink();
  directory = temporaryDirectory();
  const exporter = { assembly: { log_join_window: '1s' }, inline_media_max: '1KiB' };
  gateway = await startTestGateway({ sinkUrl: sink.url, directory: directory.path, exporter });
});

afterEach(async () => {
  await gateway.stop();
  await sink.close();
  directory.remove();
});

async function post(signal: 'traces' | 'logs', body: object): Promise<void> {
  const answer = await fetch(`${gateway.httpUrl}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
}

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const nano = (ms: number): string => `${1_767_225_600_000 + ms}000000`;

function span(attributes: readonly object[] = [], more: object = {}): object {
  const times = { startTimeUnixNano: nano(0), endTimeUnixNano: nano(100) };
  const all = [text('gen_ai.operation.name', 'chat'), text('gen_ai.request.model', 'gpt-4o'), ...attributes];
  return {
    resourceSpans: [{ scopeSpans: [{ spans: [{ traceId, spanId: call, name: 'chat', kind: 3, ...times, attributes: all, ...more }] }] }],
  };
}

function logs(...records: readonly object[]): object {
  const logRecords = records.map((record, at) => ({ traceId, spanId: call, timeUnixNano: nano(at), ...record }));
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

const question = { eventName: 'gen_ai.user.message', body: { kvlistValue: { values: [text('content', 'Which capital?')] } } };
const tick = (name: string) => ({ eventName: name, body: { stringValue: 'tock' } });
const evaluation = (name: string) => ({
  eventName: 'gen_ai.evaluation.result',
  attributes: [text('gen_ai.evaluation.name', name), { key: 'gen_ai.evaluation.score.value', value: { doubleValue: 1 } }],
});

const balanced = (delivered: number, deadLettered = 0): Promise<void> =>
  until(
    () => gateway.balance().delivered === delivered && gateway.balance().deadLettered === deadLettered && gateway.balance().waiting === 0,
    () => JSON.stringify([gateway.balance(), sink.store.counts, gateway.lines.slice(-3)]),
    20_000,
  );

const lateRuns = () => sink.store.runs().filter(({ fields }) => fields.name === 'late log records');
const feedback = () => [...sink.store.tenants].flatMap((tenant) => [...tenant.feedback.values()]);
const desk = (): DeadLetterDesk => {
  const [exporter] = [...gateway.gateway.service.journaled()];
  return new DeadLetterDesk((exporter as unknown as [string, { readonly journal: Journal }])[1].journal);
};

test('an update that the server refuses is a dead letter, and its replay updates the run', async () => {
  await post('traces', span());
  await balanced(1);
  sink.faults.add({ match: { bodyIncludes: 'Which capital?' }, action: { do: 'status', status: 422, body: '{"error":"no"}' } });
  await post('logs', logs(question, evaluation('good')));
  await balanced(1, 2);
  const lines = await desk().list();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`${runId}-update`);
  sink.faults.clear();
  await desk().command('replay', 'all');
  await until(
    () => gateway.balance().delivered === 3,
    () => JSON.stringify(gateway.balance()),
  );
  expect(sink.store.run(runId)?.fields).toMatchObject({ name: 'chat', inputs: { messages: [{ content: 'Which capital?' }] } });
  expect(feedback().map(({ fields }) => [fields.key, fields.run_id])).toEqual([['good', runId]]);
  expect(sink.store.counts).toMatchObject({ posts: 1, patches: 1 });
  expect(await desk().list()).toEqual([]);
});

test('a server without multipart gets updates, and runs for what a run cannot take any more, through /runs/batch', async () => {
  sink.faults.add({ match: { path: '/runs/multipart' }, action: { do: 'status', status: 404 } });
  await post('traces', span());
  await balanced(1);
  await post('logs', logs(tick('first'), evaluation('good')));
  await balanced(3);
  await post('logs', logs(tick('second'), question));
  await balanced(5);
  expect(sink.store.run(runId)?.fields).toMatchObject({
    name: 'chat',
    inputs: { messages: [{ content: 'Which capital?' }] },
    events: [{ name: 'first' }, { name: 'gen_ai.evaluation.result' }],
  });
  expect(lateRuns()).toMatchObject([{ fields: { parent_run_id: runId, events: [{ name: 'second' }] } }]);
  expect(feedback()).toHaveLength(1);
  expect(sink.store.counts).toMatchObject({ posts: 2, patches: 2 });
  expect(sink.store.violations()).toEqual([]);
  await expectConserved(gateway);
});

test('a lost reply doubles neither an update, nor its feedback, nor the run for what it cannot take', async () => {
  await post('traces', span());
  await balanced(1);
  await post('logs', logs(tick('first')));
  await balanced(2);
  sink.faults.add({ match: { path: '/runs/multipart' }, action: { do: 'lose_reply' }, times: 2 });
  await post('logs', logs(tick('second'), evaluation('good')));
  await balanced(4);
  await post('logs', logs(tick('second'), evaluation('good')));
  await until(
    () => gateway.balance().duplicate === 2 && gateway.balance().waiting === 0,
    () => JSON.stringify(gateway.balance()),
  );
  expect(lateRuns()).toHaveLength(1);
  expect(feedback()).toHaveLength(1);
  expect(sink.store.violations()).toEqual([]);
});

test('media and attachments arrive once as parts of their run, under safe names, whatever replies are lost', async () => {
  const picture = Buffer.alloc(3_000, 7);
  const message = {
    role: 'user',
    content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${picture.toString('base64')}` } }],
  };
  const given = [{ name: '../a"b.\r\nc.txt', content: Buffer.from('note').toString('base64'), mime_type: 'text/plain' }];
  sink.faults.add({ match: { path: '/runs/multipart' }, action: { do: 'lose_reply' }, times: 1 });
  await post(
    'traces',
    span([text('gen_ai.input.messages', JSON.stringify([message])), text('langsmith.attachments', JSON.stringify(given))]),
  );
  await balanced(1);
  const attachments = [...(sink.store.run(runId)?.attachments ?? [])];
  expect(attachments).toHaveLength(2);
  for (const [name] of attachments) expect(name).toMatch(/^[\w.-]+$/);
  const inputs = JSON.stringify(sink.store.run(runId)?.fields.inputs);
  expect(inputs).toContain('[attachment: ');
  expect(inputs).not.toContain(picture.toString('base64').slice(0, 64));
  expect(sink.store.counts).toMatchObject({ posts: 1 });
  expect(sink.store.violations()).toEqual([]);
});
