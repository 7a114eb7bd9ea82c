/** Each file of config/examples runs with real data: only addresses are replaced, by those of a sink and of receivers in this process. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

import { formatProblem, loadConfig } from '../../src/config/load.ts';
import type { Batch } from '../../src/model/batch.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import { strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { namesOf } from '../otlp-exporters/world.ts';
import { type RunningReceiver, startReceiver } from '../receivers/running-receiver.ts';

const folder = join(import.meta.dirname, '..', '..', 'config', 'examples');
const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Running {
  readonly gateway: Gateway;
  readonly url: string;
  readonly lines: string[];
}

const listenAnywhere = ['http', 'grpc'].map((protocol) => `receivers.otlp.protocols.${protocol}.endpoint=127.0.0.1:0`);

async function run(file: string, sets: readonly string[], env: Record<string, string>): Promise<Running> {
  const directory = temporaryDirectory();
  open.push(directory.remove);
  const loaded = await loadConfig({
    uris: [join(folder, file)],
    sets: [...listenAnywhere, 'service.telemetry.metrics.level=none', ...sets],
    env: { SPANWAY_DIRECTORY: directory.path, ...env },
    factories,
  });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const lines: string[] = [];
  const gateway = await startGateway(loaded.config, {
    emit: (level, sentence, facts) => void lines.push(`${level} ${sentence} ${JSON.stringify(facts)}`),
  });
  open.push(() => gateway.stop(1_000));
  const http = gateway.service.receivers.get('otlp')?.addresses().http;
  return { gateway, lines, url: `http://127.0.0.1:${http?.port}` };
}

async function backend(): Promise<RunningReceiver> {
  const receiver = await startReceiver();
  open.push(() => receiver.stop());
  return receiver;
}

let number = 0;

async function send({ url }: Running, name: string, headers: Record<string, string> = {}, resource = {}, span = {}): Promise<number> {
  number += 1;
  const listed = (given: object) => Object.entries(given).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const times = { startTimeUnixNano: '1767225600000000000', endTimeUnixNano: '1767225601000000000' };
  const ids = { traceId: `${number}`.padStart(32, 'a'), spanId: `${number}`.padStart(16, 'b') };
  const spans = [{ ...ids, ...times, name, kind: 1, attributes: listed(span) }];
  const body = JSON.stringify({ resourceSpans: [{ resource: { attributes: listed(resource) }, scopeSpans: [{ spans }] }] });
  const { status } = await fetch(`${url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  return status;
}

const delivered =
  ({ gateway }: Running, count: number) =>
  () =>
    [...gateway.service.journaled()].reduce((sum, [, exporter]) => sum + exporter.balance().delivered, 0) === count;

function attributesOf([batch]: readonly Batch[]): ReadonlyMap<string, unknown> {
  return new Map(batch?.signal === 'traces' ? batch.resourceSpans[0]?.scopeSpans[0]?.spans[0]?.attributes : []);
}

async function sink() {
  const started = await strictSink();
  open.push(() => started.close());
  const runs = () =>
    [...started.store.tenants].flatMap((tenant) =>
      [...tenant.runs.values()].map((run) => {
        const project = tenant.sessions.get(run.sessionId)?.fields.name;
        return [`${run.fields.name}`, run.apiKey, project, JSON.stringify(run.fields)] as const;
      }),
    );
  return { url: started.url, runs: () => runs().sort() };
}

test('langsmith-fan-out.yaml: both backends get every span, with their own headers', async () => {
  const [langsmith, other] = [await backend(), await backend()];
  const sets = [
    `exporters.otlphttp/langsmith.traces_endpoint=${langsmith.url}/otel/v1/traces`,
    `exporters.otlphttp/other_provider.traces_endpoint=${other.url}/v1/traces`,
  ];
  const running = await run('langsmith-fan-out.yaml', sets, { LANGSMITH_API_KEY: 'one', OTHER_PROVIDER_API_KEY: 'two' });
  expect(await send(running, 'chat')).toBe(200);
  await until(delivered(running, 2), () => running.lines.join('\n'));
  expect([langsmith, other].map(({ batches }) => batches.flatMap(namesOf))).toEqual([['chat'], ['chat']]);
  expect(langsmith.batches[0]?.caller.metadata.get('langsmith-project')).toEqual(['my_project']);
  expect(langsmith.batches[0]?.caller.metadata.get('x-api-key')).toEqual(['one']);
  expect(other.batches[0]?.caller.metadata.get('api-key')).toEqual(['two']);
});

test('langsmith-fan-out.yaml, as it was published before: the doubled path is one, and the log mentions it', async () => {
  const [langsmith, other] = [await backend(), await backend()];
  const sets = [
    `exporters.otlphttp/langsmith={endpoint: "${langsmith.url}/v1/traces", headers: {x-api-key: one}}`,
    `exporters.otlphttp/langsmith.traces_endpoint=null`,
    `exporters.otlphttp/other_provider.traces_endpoint=${other.url}/v1/traces`,
  ];
  const running = await run('langsmith-fan-out.yaml', sets, { LANGSMITH_API_KEY: 'one', OTHER_PROVIDER_API_KEY: 'two' });
  expect(await send(running, 'chat')).toBe(200);
  await until(delivered(running, 2), () => running.lines.join('\n'));
  expect(langsmith.batches.flatMap(namesOf)).toEqual(['chat']);
  expect(running.lines.join('\n')).toContain('endpoint is a base URL, but names the path of a signal');
});

test('langsmith-redaction.yaml: what was said is one mark, and all else is as it was', async () => {
  const langsmith = await backend();
  const sets = [`exporters.otlphttp/langsmith.traces_endpoint=${langsmith.url}/v1/traces`];
  const file = 'langsmith-redaction.yaml';
  const running = await run(file, sets, { LANGSMITH_API_KEY: 'one', LANGSMITH_PROJECT: 'chats' });
  const prompt = 'Mail ann@example.com,\nor call';
  await send(running, 'chat', {}, {}, { 'gen_ai.prompt': prompt, 'gen_ai.completion': 'Done.', 'gen_ai.system': 'openai' });
  await until(delivered(running, 1), () => running.lines.join('\n'));
  expect([...attributesOf(langsmith.batches)].sort()).toEqual([
    ['gen_ai.completion', '[REDACTED]'],
    ['gen_ai.prompt', '[REDACTED]'],
    ['gen_ai.system', 'openai'],
  ]);
  expect(langsmith.batches[0]?.caller.metadata.get('langsmith-project')).toEqual(['chats']);
});

test('collector-helm.yaml: each part that is not here is named, with what to do', async () => {
  const loaded = await loadConfig({ uris: [join(folder, 'collector-helm.yaml')], sets: [], env: { MY_POD_IP: '127.0.0.1' }, factories });
  const text = loaded.ok ? '' : loaded.problems.map(formatProblem).join('\n');
  for (const type of ['jaeger', 'prometheus', 'zipkin']) expect(text).toContain(`type "${type}" exists in the Collector but not here`);
});

test('collector-helm.yaml: as it is, once its owner says that those parts may be left out, it runs and spans go through', async () => {
  const ignored = 'service.compat.ignore_unsupported=[jaeger, prometheus, zipkin]';
  const running = await run('collector-helm.yaml', [ignored, 'extensions.health_check.endpoint=127.0.0.1:0'], { MY_POD_IP: '127.0.0.1' });
  expect(await send(running, 'chat')).toBe(200);
  await until(
    () => running.lines.join('\n').includes('data passed the debug exporter'),
    () => running.lines.join('\n'),
  );
});

test('secrets of these components never show in a printed configuration', async () => {
  const exporters = {
    langsmith: { api_key_from: 'metadata.x-api-key', key_sealing: { key: ['0123456789abcdef', 'fedcba9876543210'] } },
    otlp_http: { endpoint: 'https://a.example', headers: { 'x-api-key': 'hush-hush' }, tls: { cert_pem: 'public', key_pem: 'hush-key' } },
  };
  const service = { extensions: ['file_storage'], pipelines: { traces: { receivers: ['otlp'], exporters: ['langsmith', 'otlp_http'] } } };
  const document = { receivers: { otlp: { protocols: { http: null } } }, extensions: { file_storage: {} }, exporters, service };
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(document)}`], sets: [], env: {}, factories });
  expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual([]);
  const shown = JSON.stringify(loaded.ok ? loaded.resolved : '');
  for (const text of ['0123456789abcdef', 'fedcba9876543210', 'hush']) expect(shown).not.toContain(text);
});

test('tenants-own-keys.yaml: each tenant’s runs go under its own key, and nobody’s under another', async () => {
  const langsmith = await sink();
  const keys = { SPANWAY_SEALING_KEY: 'the sealing key of now', SPANWAY_SEALING_KEY_BEFORE: 'the sealing key before' };
  const running = await run('tenants-own-keys.yaml', [`exporters.langsmith.endpoint=${langsmith.url}`], keys);
  expect(await send(running, 'anonymous')).toBe(401);
  await send(running, 'acme', { 'x-api-key': 'key-of-acme', 'langsmith-project': 'prod' });
  await send(running, 'globex', { 'x-api-key': 'key-of-globex' });
  await until(delivered(running, 2), () => running.lines.join('\n'));
  expect(langsmith.runs().map(([name, key, project]) => [name, key, project])).toEqual([
    ['acme', 'key-of-acme', 'prod'],
    ['globex', 'key-of-globex', 'default'],
  ]);
});

test('tenants-by-routing.yaml: the header decides the account, and the regulated unit is masked', async () => {
  const langsmith = await sink();
  const sets = ['shared', 'health'].map((name) => `exporters.langsmith/${name}.endpoint=${langsmith.url}`);
  const running = await run('tenants-by-routing.yaml', sets, { SHARED_LANGSMITH_API_KEY: 'shared', HEALTH_LANGSMITH_API_KEY: 'health' });
  const input = { 'gen_ai.prompt': 'patient 123-45-6789' };
  await send(running, 'visit', { 'x-tenant': 'health' }, {}, input);
  await send(running, 'search', {}, { 'service.namespace': 'shop', 'service.name': 'search' });
  await until(delivered(running, 2), () => running.lines.join('\n'));
  expect(langsmith.runs().map(([name, key, project]) => [name, key, project])).toEqual([
    ['search', 'shared', 'shop-search'],
    ['visit', 'health', 'health'],
  ]);
  expect(JSON.stringify(langsmith.runs())).not.toContain('123-45-6789');
});

test('tenants-with-audit.yaml: runs to LangSmith by team, and the spans as they came to the archive', async () => {
  const langsmith = await sink();
  const archive = await backend();
  const sets = [
    `exporters.langsmith.endpoint=${langsmith.url}`,
    `exporters.otlp/archive.endpoint=${archive.grpcAddress}`,
    'exporters.otlp/archive.tls.insecure=true',
  ];
  const running = await run('tenants-with-audit.yaml', sets, { LANGSMITH_API_KEY: 'one' });
  await send(running, 'chat', {}, { team: 'search' });
  await until(delivered(running, 2), () => running.lines.join('\n'));
  expect(langsmith.runs().map(([name, key, project]) => [name, key, project])).toEqual([['chat', 'one', 'search']]);
  expect(archive.batches.flatMap(namesOf)).toEqual(['chat']);
});

test('no example is without a test', () => {
  expect(readdirSync(folder).sort()).toEqual([
    'collector-helm.yaml',
    'langsmith-fan-out.yaml',
    'langsmith-redaction.yaml',
    // The recipes of redaction have their tests in test/redaction/recipes.test.ts.
    'redaction-content-apart.yaml',
    'redaction-secrets-and-personal-data.yaml',
    'redaction-user-ids.yaml',
    'tenants-by-routing.yaml',
    'tenants-own-keys.yaml',
    'tenants-with-audit.yaml',
  ]);
});
