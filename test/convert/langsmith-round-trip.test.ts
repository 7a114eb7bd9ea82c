/** What LangSmith's own SDK uploads, and what becomes of the same program when the SDK speaks OpenTelemetry to a gateway. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import { startTestGateway, strictSink, type TestGateway, until } from '../e2e/harness.ts';

type Dict = Readonly<Record<string, unknown>>;
const names = ['agent', 'search', 'weather', 'broken', 'chat'];

let direct: Sink;
let behind: Sink;
let gateway: TestGateway;

async function program(env: Readonly<Record<string, string>>): Promise<void> {
  const file = fileURLToPath(new URL('langsmith-program.mjs', import.meta.url));
  const langsmith = { LANGSMITH_TRACING: 'true', LANGSMITH_API_KEY: 'key', LANGSMITH_PROJECT: 'round-trip' };
  await promisify(execFile)(process.execPath, [file], { env: { PATH: process.env.PATH, ...langsmith, ...env }, timeout: 30_000 });
}

beforeAll(async () => {
  [direct, behind] = [await strictSink(), await strictSink()];
  gateway = await startTestGateway({ sinkUrl: behind.url });
  await program({ LANGSMITH_ENDPOINT: direct.url });
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: `${gateway.httpUrl}/v1/traces` };
  await program({ MODE: 'otel', LANGSMITH_OTEL_ENABLED: 'true', LANGSMITH_ENDPOINT: gateway.httpUrl, ...endpoint });
  for (const sink of [direct, behind])
    await until(
      () => sink.store.runs().filter(({ fields }) => fields.end_time !== undefined).length === names.length,
      () => `${sink.store.runs().length} runs; ${gateway.lines.slice(-3).join('\n')}`,
    );
}, 90_000);

afterAll(async () => {
  await gateway?.stop();
  await direct?.close();
  await behind?.close();
});

function runOf(sink: Sink, name: string) {
  const run = sink.store.runs().find(({ fields }) => fields.name === name);
  if (run === undefined) throw new Error(`there is no run "${name}"`);
  return run;
}

const dictOf = (value: unknown): Dict => (typeof value === 'object' && value !== null ? (value as Dict) : {});
const parentOf = (sink: Sink, name: string) => sink.store.run(runOf(sink, name).parentRunId)?.fields.name;

/** Metadata that only the gateway's runs have: where the span came from, and what the SDK writes for other backends. */
const added = /^(?:service\.name|otel_scope_(?:name|version)|OTEL_(?:TRACE|SPAN)_ID|ls_method|ls_model_type|gen_ai[._].*)$/;

/** What the SDK makes impossible: it writes every scalar of the metadata as text, and the project's environment differs. */
const asText = (value: unknown): unknown => (typeof value === 'object' ? value : String(value));

describe.each(names)('the run "%s"', (name) => {
  it('has the same name, kind, content, error, tags, project and parent', () => {
    const [one, other] = [runOf(direct, name).fields, runOf(behind, name).fields];
    for (const field of ['run_type', 'inputs', 'outputs', 'error', 'session_name'])
      expect([field, other[field]]).toEqual([field, one[field]]);
    expect(other.tags ?? []).toEqual(one.tags ?? []);
    expect(other.status).toBe(one.error === undefined ? 'success' : 'error');
    expect(other.events ?? []).toEqual(one.events ?? []);
    expect(parentOf(behind, name)).toBe(parentOf(direct, name));
  });

  it('has the same metadata, as far as the SDK tells them', () => {
    const [one, other] = [direct, behind].map((sink) => dictOf(dictOf(runOf(sink, name).fields.extra).metadata));
    for (const [key, value] of Object.entries(one ?? {})) expect([key, asText(other?.[key])]).toEqual([key, asText(value)]);
    expect(Object.keys(other ?? {}).filter((key) => !(key in (one ?? {})) && !added.test(key))).toEqual([]);
  });
});

it('nothing of it breaks a rule of the endpoint', () => {
  expect(behind.store.violations()).toEqual([]);
});
