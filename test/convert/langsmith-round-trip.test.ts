/**
 * What LangSmith's own SDK uploads, and what becomes of the same program when the SDK speaks OpenTelemetry to a gateway: the same, field by field,
 * but for what the SDK keeps to itself. Those exceptions are `impossible`, and docs/langsmith-sdk-otel.md tells them to users.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import type { StoredRun } from '../../src/sink/tenant.ts';
import { type ModelServer, startModelServer } from '../clients/model-server.ts';
import { startTestGateway, strictSink, type TestGateway, until } from '../e2e/harness.ts';

type Dict = Readonly<Record<string, unknown>>;

/** What the SDK makes impossible in its OpenTelemetry mode, by the words of the page. Each is shown by a test below. */
const impossible = [
  'Numbers and booleans in metadata come as text',
  'Objects and lists in metadata come as JSON text',
  'Attachments are not sent',
  'Events are not sent',
  'The SDK does not describe its runtime',
  'A run that streams takes the place of the run around it',
] as const;

const agentRuns = ['agent', 'search', 'plan', 'weather', 'broken', 'nothing', 'completion', 'tool call', 'response', 'refused', 'chat'];
const names = [...agentRuns, 'elsewhere', 'attaching'];
const streamed = ['streaming', 'streamed completion'];

/** Each execution has its own; the tree that they make is compared instead. */
const ownOfExecution = new Set(['id', 'trace_id', 'dotted_order', 'parent_run_id', 'start_time', 'end_time']);
/** LangSmith derives the status, keeps nothing of `serialized` and `child_runs` of a finished run, and reads what stands in `extra` member by member. */
const derived = new Set(['status', 'serialized', 'child_runs', 'extra', 'tags']);
/** Metadata that only the gateway's runs have: where the span came from, and what the SDK writes for other backends. */
const added =
  /^(?:service\.name|otel_scope_(?:name|version)|OTEL_(?:TRACE|SPAN)_ID|ls_method|ls_model_type|gen_ai[._].*|response_(?:id|model)|service_tier|system_fingerprint)$/;

let model: ModelServer;
let direct: Sink;
let behind: Sink;
let gateway: TestGateway;

async function program(env: Readonly<Record<string, string>>): Promise<void> {
  const file = fileURLToPath(new URL('langsmith-program.mjs', import.meta.url));
  const langsmith = {
    LANGSMITH_TRACING: 'true',
    LANGSMITH_API_KEY: 'key',
    LANGSMITH_PROJECT: 'round-trip',
    LANGSMITH_ENDPOINT: direct.url,
  };
  const all = { PATH: process.env.PATH, OPENAI_BASE_URL: model.url, ...langsmith, ...env };
  await promisify(execFile)(process.execPath, [file], { env: all, timeout: 60_000 });
}

async function arrived(sink: Sink, count: number): Promise<void> {
  await until(
    () => sink.store.runs().filter(({ fields }) => fields.end_time !== undefined).length === count,
    () => `${sink.store.runs().map(({ fields }) => fields.name)}; ${gateway.lines.slice(-3).join('\n')}`,
  );
}

beforeAll(async () => {
  [model, direct, behind] = await Promise.all([startModelServer(), strictSink(), strictSink()]);
  gateway = await startTestGateway({ sinkUrl: behind.url });
  await program({});
  await arrived(direct, names.length + streamed.length);
  await program({ MODE: 'otel', LANGSMITH_OTEL_ENABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: `${gateway.httpUrl}/v1/traces` });
  await arrived(behind, names.length + 1);
}, 120_000);

afterAll(async () => {
  await gateway?.stop();
  await Promise.all([direct?.close(), behind?.close(), model?.close()]);
});

function runOf(sink: Sink, name: string): StoredRun {
  const run = sink.store.runs().find(({ fields }) => fields.name === name);
  if (run === undefined) throw new Error(`there is no run "${name}"`);
  return run;
}

const dictOf = (value: unknown): Dict => (typeof value === 'object' && value !== null ? (value as Dict) : {});
const extraOf = (sink: Sink, name: string): Dict => dictOf(runOf(sink, name).fields.extra);
const metadataOf = (sink: Sink, name: string): Dict => dictOf(extraOf(sink, name).metadata);
const both = <Found>(find: (sink: Sink) => Found): [Found, Found] => [find(direct), find(behind)];

/** Names from the root to the run. */
function pathOf(sink: Sink, name: string): unknown[] {
  const path: unknown[] = [];
  for (let run: StoredRun | undefined = runOf(sink, name); run !== undefined; run = sink.store.run(run.parentRunId)) {
    path.unshift(run.fields.name);
    expect(run.dottedOrder.split('.').at(-1)).toContain(run.id);
  }
  return path;
}

/** What the SDK says of a value in metadata: the gateway reads the members of LangSmith's own again, and leaves the user's as they came. */
const asSaid = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

describe.each(names)('the run "%s"', (name) => {
  it('has the same fields', () => {
    const [one, other] = both((sink) => runOf(sink, name).fields);
    const fields = Object.keys({ ...one, ...other }).filter((field) => !ownOfExecution.has(field) && !derived.has(field));
    for (const field of fields) expect([field, other[field]]).toEqual([field, one[field]]);
    expect(other.tags ?? []).toEqual(one.tags ?? []);
    expect(other.status).toBe(one.error === undefined ? 'success' : 'error');
  });

  it('has everything in `extra` that it had', () => {
    const [one, other] = both((sink) => extraOf(sink, name));
    const members = Object.keys(one).filter((member) => member !== 'metadata' && member !== 'runtime');
    for (const member of members) expect([member, other[member]]).toEqual([member, one[member]]);
  });

  it('has the same place', () => {
    const [one, other] = both((sink) => pathOf(sink, name));
    expect(other).toEqual(one);
  });

  it('has the same metadata, as the SDK says them', () => {
    const [one, other] = both((sink) => metadataOf(sink, name));
    for (const [key, value] of Object.entries(one)) expect([key, asSaid(other[key])]).toEqual([key, asSaid(value)]);
    expect(Object.keys(other).filter((key) => !(key in one) && !added.test(key))).toEqual([]);
  });
});

it('model, provider, price and thread have the same types, too: they are read as what they mean', () => {
  for (const name of agentRuns) {
    const [one, other] = both((sink) => metadataOf(sink, name));
    for (const key of Object.keys(one).filter((given) => /^(?:ls_|usage_metadata$|thread_id$)/.test(given)))
      expect(other[key]).toEqual(one[key]);
  }
  expect(metadataOf(behind, 'completion')).toMatchObject({
    ls_temperature: 0.2,
    ls_max_tokens: 100,
    ls_invocation_params: {},
    thread_id: 't-1',
  });
});

it('nothing of it breaks a rule of the endpoint', () => {
  expect(behind.store.violations()).toEqual([]);
  expect(behind.store.conflicts()).toEqual([]);
});

/** How each exception shows. When the SDK learns one of them its test fails, and the exception can go. */
const shown: Readonly<Record<(typeof impossible)[number], () => void>> = {
  'Numbers and booleans in metadata come as text': () => {
    const [one, other] = both((sink) => metadataOf(sink, 'chat'));
    expect([one.attempt, one.beta]).toEqual([2, true]);
    expect([other.attempt, other.beta]).toEqual(['2', 'true']);
  },
  'Objects and lists in metadata come as JSON text': () => {
    const [one, other] = both((sink) => metadataOf(sink, 'agent'));
    expect([one.limits, other.limits]).toEqual([{ steps: 3 }, '{"steps":3}']);
  },
  'Attachments are not sent': () => {
    const [one, other] = both((sink) => runOf(sink, 'attaching').attachments);
    expect(one.get('note')?.content.toString()).toBe('a note');
    expect(other.size).toBe(0);
  },
  'Events are not sent': () => {
    const [one, other] = both((sink) => runOf(sink, 'streamed completion').fields.events);
    expect(one).toContainEqual(expect.objectContaining({ name: 'new_token' }));
    expect(other).toBeUndefined();
  },
  'The SDK does not describe its runtime': () => {
    const [one, other] = both((sink) => dictOf(extraOf(sink, 'agent').runtime));
    expect(one).toMatchObject({ sdk: 'langsmith-js', runtime: 'node', library: 'langsmith' });
    expect(other).toMatchObject({ sdk: 'opentelemetry', language: 'nodejs', library: 'langsmith', library_version: one.sdk_version });
  },
  'A run that streams takes the place of the run around it': () => {
    expect(pathOf(direct, 'streamed completion')).toEqual(['streaming', 'streamed completion']);
    expect(behind.store.runs().some(({ fields }) => fields.name === 'streaming')).toBe(false);
    const [one, other] = both((sink) => runOf(sink, 'streamed completion').fields);
    for (const field of ['run_type', 'inputs', 'outputs', 'error']) expect([field, other[field]]).toEqual([field, one[field]]);
    expect(pathOf(behind, 'streamed completion')).toEqual(['streamed completion']);
  },
};

describe('the SDK makes it impossible:', () => {
  const page = readFileSync(new URL('../../docs/langsmith-sdk-otel.md', import.meta.url), 'utf8');

  it.each(impossible)('%s', (exception) => {
    shown[exception]();
    expect(page).toContain(`**${exception}`);
  });
});
