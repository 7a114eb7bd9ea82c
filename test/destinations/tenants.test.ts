import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Sink } from '../../src/sink/sink.ts';
import { startTestGateway, strictSink, type TestGateway, temporaryDirectory, until } from '../e2e/harness.ts';

const keys = { acme: 'lsv2_pt_acme_0123456789', globex: 'lsv2_pt_globex_9876543210' } as const;
const byHeader = { api_key: '', api_key_from: 'metadata.x-api-key', workspace_id_from: 'metadata.x-tenant-id' };
const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function sink(options: Parameters<typeof strictSink>[0] = {}): Promise<Sink> {
  const started = await strictSink(options);
  open.push(() => started.close());
  return started;
}

async function gateway(sinkUrl: string, exporter: Record<string, unknown>, directory?: string): Promise<TestGateway> {
  const started = await startTestGateway({ sinkUrl, exporter, ...(directory === undefined ? {} : { directory }) });
  open.push(() => started.stop(500));
  return started;
}

function directory(): string {
  const made = temporaryDirectory();
  open.push(made.remove);
  return made.path;
}

function traces(name: string, traceId: string, spanId: string, resource: Record<string, string> = {}): object {
  const attributes = Object.entries(resource).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const times = { startTimeUnixNano: '1767225600000000000', endTimeUnixNano: '1767225601000000000' };
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [{ traceId, spanId, name, kind: 1, ...times }] }] }] };
}

function send(to: TestGateway, headers: Record<string, string>, body: object): Promise<Response> {
  return fetch(`${to.httpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

interface Seen {
  readonly name: string;
  readonly apiKey: string;
  readonly workspaceId: string;
  readonly project: string;
}

async function runsIn({ store }: Sink): Promise<Seen[]> {
  return [...store.tenants]
    .flatMap((tenant) =>
      [...tenant.runs.values()].map((run) => ({
        name: `${run.fields.name}`,
        apiKey: run.apiKey,
        workspaceId: run.workspaceId,
        project: tenant.sessions.get(run.sessionId)?.fields.name ?? '',
      })),
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

describe('tenants with keys of their own', () => {
  test('interleaved over the same trace ids are never mixed', async () => {
    const strict = await sink({ keys: Object.values(keys) });
    const through = await gateway(strict.url, byHeader, directory());
    const sent = [];
    for (let index = 0; index < 40; index += 1) {
      const tenant = index % 2 === 0 ? 'acme' : 'globex';
      const traceId = `${Math.floor(index / 2)}`.padStart(32, 'a');
      const headers = { 'x-api-key': keys[tenant], 'x-tenant-id': `workspace-of-${tenant}` };
      sent.push(send(through, headers, traces(`${tenant}-${index}`, traceId, `${index}`.padStart(16, 'b'))));
    }
    for (const { status } of await Promise.all(sent)) expect(status).toBe(200);
    await until(
      () => through.balance().delivered === 40,
      () => JSON.stringify(through.balance()),
    );
    const runs = await runsIn(strict);
    expect(runs.length).toBe(40);
    for (const { name, apiKey, workspaceId } of runs) {
      const tenant = name.split('-')[0] as keyof typeof keys;
      expect({ name, apiKey, workspaceId }).toEqual({ name, apiKey: keys[tenant], workspaceId: `workspace-of-${tenant}` });
    }
  });

  test('a request without a key is refused as unauthenticated, and with `Bearer` one is understood', async () => {
    const strict = await sink();
    const through = await gateway(strict.url, { ...byHeader, api_key_from: 'metadata.authorization' });
    expect((await send(through, {}, traces('nobody', 'a'.repeat(32), 'b'.repeat(16)))).status).toBe(401);
    expect((await send(through, { authorization: `Bearer ${keys.acme}` }, traces('acme', 'a'.repeat(32), 'c'.repeat(16)))).status).toBe(
      200,
    );
    await until(
      () => through.balance().delivered === 1,
      () => JSON.stringify(through.balance()),
    );
    expect((await runsIn(strict)).map(({ name, apiKey }) => [name, apiKey])).toEqual([['acme', keys.acme]]);
  });

  test('without a key of its own a request goes under the configured one, if there is one', async () => {
    const strict = await sink();
    const through = await gateway(strict.url, { ...byHeader, api_key: 'the-operators' });
    await send(through, {}, traces('nobody', 'a'.repeat(32), 'b'.repeat(16)));
    await send(through, { 'x-api-key': keys.acme }, traces('acme', 'a'.repeat(32), 'c'.repeat(16)));
    await until(
      () => through.balance().delivered === 2,
      () => JSON.stringify(through.balance()),
    );
    expect((await runsIn(strict)).map(({ name, apiKey }) => [name, apiKey])).toEqual([
      ['acme', keys.acme],
      ['nobody', 'the-operators'],
    ]);
  });

  test('are delivered after a restart and a rotation; no file of the journal holds a key; a lost sealing key stops only their lane', async () => {
    const strict = await sink({ keys: Object.values(keys) });
    const place = directory();
    const sealedWith = (...key: string[]) => ({ ...byHeader, key_sealing: { key } });
    const waiting = (one: TestGateway, count: number) => () => one.balance().waiting === count;
    strict.faults.add({ action: { do: 'status', status: 503 } });
    const first = await startTestGateway({ sinkUrl: strict.url, directory: place, exporter: sealedWith('the first sealing key') });
    await send(first, { 'x-api-key': keys.acme }, traces('before', 'a'.repeat(32), 'b'.repeat(16)));
    await until(waiting(first, 1), () => JSON.stringify(first.balance()));
    await first.stop(300);
    for (const file of readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()))
      for (const key of Object.values(keys)) expect(readFileSync(join(file.parentPath, file.name)).includes(key)).toBe(false);
    strict.faults.clear();

    const lost = await startTestGateway({ sinkUrl: strict.url, directory: place, exporter: sealedWith('quite another key') });
    await until(
      () =>
        [...lost.gateway.telemetry.degradations().values()].some(({ sentence }) =>
          /API key of this destination is not known/.test(sentence),
        ),
      () => lost.lines.join('\n'),
    );
    await send(lost, { 'x-api-key': keys.globex }, traces('meanwhile', 'd'.repeat(32), 'e'.repeat(16)));
    await until(
      () => lost.balance().delivered === 1,
      () => JSON.stringify(lost.balance()),
    );
    expect(lost.balance()).toMatchObject({ waiting: 1, deadLettered: 0 });
    await lost.stop(300);

    const rotated = await gateway(strict.url, sealedWith('quite another key', 'the first sealing key'), place);
    await until(
      () => rotated.balance().delivered === 1,
      () => JSON.stringify(rotated.balance()),
    );
    expect((await runsIn(strict)).map(({ name, apiKey }) => [name, apiKey])).toEqual([
      ['before', keys.acme],
      ['meanwhile', keys.globex],
    ]);
  });
});

describe('projects', () => {
  test('come from where project_from says, else from the span, else from the configuration', async () => {
    const strict = await sink();
    const through = await gateway(strict.url, { project_from: '{metadata.x-tenant}-{resource.service.name}', project: 'otherwise' });
    const id = (digit: string): [string, string] => [digit.repeat(32), digit.repeat(16)];
    await send(through, { 'x-tenant': 'acme' }, traces('both', ...id('1'), { 'service.name': 'chat' }));
    await send(through, { 'langsmith-project': 'by-header' }, traces('header', ...id('2'), { 'service.name': 'chat' }));
    await send(through, {}, traces('neither', ...id('3')));
    await until(
      () => through.balance().delivered === 3,
      () => JSON.stringify(through.balance()),
    );
    expect((await runsIn(strict)).map(({ name, project }) => [name, project])).toEqual([
      ['both', 'acme-chat'],
      ['header', 'by-header'],
      ['neither', 'otherwise'],
    ]);
  });
});
