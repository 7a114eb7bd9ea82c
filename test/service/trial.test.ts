/** `spanway test` and `spanway convert --config`, as a user runs them. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asBytes } from '../../src/model/bytes.ts';
import { transcodeTraces } from '../../src/otlp/otlp.ts';
import { temporaryDirectory } from '../e2e/harness.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
let directory: ReturnType<typeof temporaryDirectory>;

beforeEach(() => {
  directory = temporaryDirectory();
});

afterEach(() => directory.remove());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function spanway(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile('node', [main, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}

function write(path: string, content: unknown): string {
  const full = join(directory.path, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, Buffer.isBuffer(content) ? content : typeof content === 'string' ? content : JSON.stringify(content));
  return full;
}

const readBack = (path: string): unknown => JSON.parse(readFileSync(join(directory.path, path), 'utf8'));

function span(name: string, attributes: Record<string, string> = {}, number = 1): Record<string, unknown> {
  return {
    traceId: 'ab'.repeat(16),
    spanId: `${number}`.padStart(16, '0'),
    name,
    startTimeUnixNano: '1767225600000000000',
    endTimeUnixNano: '1767225601000000000',
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  };
}

const request = (...spans: unknown[]): unknown => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

/** Marks every span, and sends to one exporter or several. */
function gateway(exporters: Record<string, unknown>, pipelines?: Record<string, unknown>, more: Record<string, unknown> = {}): unknown {
  return {
    receivers: { otlp: { protocols: { http: null } } },
    processors: {
      attributes: {
        actions: [
          { key: 'mark', action: 'upsert', value: 'yes' },
          { key: 'password', action: 'delete' },
        ],
      },
    },
    exporters,
    extensions: { memory_storage: {} },
    service: {
      extensions: ['memory_storage'],
      pipelines: pipelines ?? { traces: { receivers: ['otlp'], processors: ['attributes'], exporters: Object.keys(exporters) } },
    },
    ...more,
  };
}

const langsmith = (project = 'shop'): unknown => ({
  api_key: 'k',
  project,
  sending_queue: { storage: 'memory_storage', durability: 'memory' },
});

test('runs are compared as far as they are expected, in any order, and a good case ends with 0', async () => {
  write('gateway.yaml', gateway({ langsmith: langsmith() }));
  write('two-spans/in.otlp.json', request(span('one', { password: 'p' }, 1), span('two', {}, 2)));
  write('two-spans/out.runs.json', [
    { name: 'two', extra: { metadata: { mark: 'yes' } } },
    { name: 'one', session_name: 'shop', extra: { metadata: { mark: 'yes', password: null } } },
  ]);
  expect(await spanway('test', directory.path)).toEqual({ code: 0, stdout: 'ok      two-spans\n\n1 case, 0 failed\n', stderr: '' });
});

test('a mismatch is shown with its place and ends with 1; the other cases run all the same', async () => {
  write('gateway.yaml', gateway({ langsmith: langsmith() }));
  for (const name of ['a-bad-one', 'b-good-one']) write(`${name}/in.otlp.json`, request(span('one', {}, 1), span('two', {}, 2)));
  write('a-bad-one/out.runs.json', [{ name: 'one', extra: { metadata: { mark: 'no' } } }]);
  write('b-good-one/out.runs.json', [{ name: 'one' }, { name: 'two' }]);
  const { code, stdout } = await spanway('test', directory.path);
  expect(code).toBe(1);
  expect(stdout).toBe(
    [
      'FAILED  a-bad-one',
      '  run "one": extra.metadata.mark',
      '    expected  "no"',
      '    received  "yes"',
      '  run "two" was not expected',
      'ok      b-good-one',
      '',
      '2 cases, 1 failed',
      '',
    ].join('\n'),
  );
});

test('a batch is compared whole, attributes in any order and integers in either spelling', async () => {
  write('gateway.yaml', gateway({ nop: {} }));
  write('case/in.otlp.json', request({ ...span('one', { a: 'b', password: 'p' }), kind: 3 }));
  const attributes = [
    { key: 'mark', value: { stringValue: 'yes' } },
    { key: 'a', value: { stringValue: 'b' } },
  ];
  const expected = { ...span('one'), kind: 'SPAN_KIND_CLIENT', startTimeUnixNano: 1767225600000000000, attributes };
  write('case/out.otlp.json', request(expected));
  expect(await spanway('test', directory.path)).toMatchObject({ code: 0 });
  write('case/out.otlp.json', request({ ...expected, attributes: attributes.slice(0, 1) }));
  const { code, stdout } = await spanway('test', directory.path);
  expect(code).toBe(1);
  expect(stdout).toContain(
    'nop: resourceSpans[0].scopeSpans[0].spans[0].attributes.a\n    expected  (nothing)\n    received  {"stringValue":"b"}',
  );
});

test('requests are routed by who sends them, and each exporter has its own expectation', async () => {
  const route = (tenant: string): unknown => ({
    context: 'request',
    condition: `request["x-tenant"] == "${tenant}"`,
    pipelines: [`traces/${tenant}`],
  });
  const config = gateway(
    { 'langsmith/acme': langsmith('acme'), 'langsmith/beta': langsmith('beta') },
    {
      'traces/in': { receivers: ['otlp'], exporters: ['routing'] },
      'traces/acme': { receivers: ['routing'], processors: ['attributes'], exporters: ['langsmith/acme'] },
      'traces/beta': { receivers: ['routing'], processors: ['attributes'], exporters: ['langsmith/beta'] },
    },
    { connectors: { routing: { table: [route('acme'), route('beta')] } } },
  );
  const own = write('own.yaml', config);
  write('cases/acme/in.otlp.json', request(span('one')));
  write('cases/acme/caller.json', { headers: { 'X-Tenant': 'acme' } });
  write('cases/acme/out.runs.json', { 'langsmith/acme': [{ name: 'one', session_name: 'acme' }], 'langsmith/beta': [] });
  const { code, stdout } = await spanway('test', join(directory.path, 'cases'), '--config', own);
  expect([code, stdout]).toEqual([0, 'ok      acme\n\n1 case, 0 failed\n']);
});

test('several requests, protobuf and gzip among them, make one case; its own configuration wins', async () => {
  const first = request(span('one', {}, 1));
  write('in.1.otlp.json', first);
  write('in.2.pb', Buffer.from(transcodeTraces(asBytes(Buffer.from(JSON.stringify(request(span('two', {}, 2))))))));
  write('in.3.pb', gzipSync(Buffer.from(JSON.stringify(request(span('three', {}, 3))))));
  write('gateway.yaml', gateway({ langsmith: langsmith() }));
  write('out.runs.json', [{ name: 'one' }, { name: 'two' }, { name: 'three' }]);
  expect((await spanway('test', directory.path, '--config', '/no/such/file.yaml')).code).toBe(0);
});

test('--update writes what comes, and what it wrote is then as expected', async () => {
  write('gateway.yaml', gateway({ langsmith: langsmith() }));
  write('case/in.otlp.json', request(span('one')));
  expect((await spanway('test', directory.path)).stdout).toContain('neither out.runs.json nor out.otlp.json says what is expected');
  expect(await spanway('test', directory.path, '--update')).toMatchObject({ code: 0 });
  expect(readBack('case/out.runs.json')).toMatchObject([{ name: 'one', session_name: 'shop', extra: { metadata: { mark: 'yes' } } }]);
  write('case/out.otlp.json', {});
  expect((await spanway('test', directory.path)).code).toBe(1);
  await spanway('test', directory.path, '--update');
  expect((await spanway('test', directory.path)).code).toBe(0);
});

test('a bad request, a bad configuration and an empty folder end with 1 and say why', async () => {
  expect((await spanway('test', directory.path)).stderr).toContain('no folder in it holds a request');
  write('gateway.yaml', gateway({ langsmith: langsmith() }));
  write('case/in.otlp.json', '{"resourceSpans": [');
  write('case/out.runs.json', []);
  const bad = await spanway('test', directory.path);
  expect([bad.code, bad.stdout.startsWith('FAILED  case\n')]).toEqual([1, true]);
  write('gateway.yaml', 'receivers: {}\n');
  const wrong = await spanway('test', directory.path);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('no receiver configuration specified in config');
});

test('convert with a configuration shows what comes to each exporter', async () => {
  const config = write('gateway.yaml', gateway({ langsmith: langsmith(), debug: {} }));
  const path = write('in.json', request(span('one', { password: 'p' })));
  const { code, stdout } = await spanway('convert', path, '--config', config);
  expect(code).toBe(0);
  expect(stdout).not.toContain('password');
  expect(JSON.parse(stdout)).toMatchObject({
    langsmith: [{ name: 'one', extra: { metadata: { mark: 'yes' } } }],
    debug: { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'one' }] }] }] },
  });
  const unknown = await spanway('convert', path, '--config', config, '--receiver', 'otlp/none');
  expect([unknown.code, unknown.stderr]).toEqual([1, 'Error: cannot send to receiver "otlp/none": no pipeline lists it\n']);
});

test('what cannot be read is named, and so is what a caller may have', async () => {
  write('gateway.yaml', gateway({ langsmith: langsmith() }));
  const broken = write('broken/in.otlp.json', '{');
  write('caller/in.otlp.json', request(span('one')));
  const caller = write('caller/caller.json', { header: {} });
  const { code, stdout } = await spanway('test', directory.path);
  expect(code).toBe(1);
  expect(stdout).toContain(`cannot read ${broken}: cannot decode JSON`);
  expect(stdout).toContain(
    `cannot read ${caller}: Unrecognized key: "header"\n    it may have receiver, transport, address, headers, auth`,
  );
});

test('without a configuration it says where one may stand', async () => {
  write('case/in.otlp.json', request(span('one')));
  const { code, stderr } = await spanway('test', directory.path);
  expect(code).toBe(1);
  expect(stderr).toContain(`name one with --config, or write ${join(directory.path, 'gateway.yaml')}`);
});
