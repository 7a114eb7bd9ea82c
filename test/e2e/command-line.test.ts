/** The built program as a user runs it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatewayConfig, startTestGateway, strictSink, temporaryDirectory, until } from './harness.ts';

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

function spanway(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile('node', [main, ...args], { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}

function file(name: string, text: string): string {
  const path = join(directory.path, name);
  writeFileSync(path, text);
  return path;
}

test('validate says nothing of a good configuration and ends with 0', async () => {
  const { code, stdout, stderr } = await spanway(['validate', '--config', 'config/default.yaml'], { LANGSMITH_API_KEY: 'k' });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('validate lists every problem with its place and ends with 1', async () => {
  const path = file(
    'bad.yaml',
    'receivers:\n  otlp:\n    protocol:\n      http:\nexporters:\n  langsmit:\nservice:\n  pipelines:\n    traces:\n      receivers: [otlp]\n      exporters: [langsmith]\n',
  );
  const { code, stderr } = await spanway(['validate', '--config', path]);
  expect(code).toBe(1);
  expect(stderr).toContain(`${path}:3:5`);
  expect(stderr).toContain(`${path}:6:3`);
  expect(stderr).toContain('references exporter "langsmith" which is not configured');
});

test('a wrong command line ends with 2', async () => {
  expect((await spanway(['no-such-command'])).code).toBe(2);
  expect((await spanway(['validate', '--no-such-option'])).code).toBe(2);
});

test('print-config shows what holds, and no secret', async () => {
  const { code, stdout } = await spanway(['print-config', '--config', 'config/default.yaml'], {
    LANGSMITH_API_KEY: 'lsv2_pt_very_secret',
    LANGSMITH_PROJECT: 'shop',
  });
  expect(code).toBe(0);
  expect(stdout).toContain('project: shop');
  expect(stdout).toContain('[REDACTED]');
  expect(stdout).not.toContain('very_secret');
});

test('components lists every type', async () => {
  const { stdout } = await spanway(['components']);
  for (const type of ['otlp', 'langsmith', 'debug', 'file', 'nop', 'forward', 'file_storage', 'health_check'])
    expect(stdout).toContain(`name: ${type}`);
});

const span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'chat',
  startTimeUnixNano: '1767225600000000000',
  endTimeUnixNano: '1767225601000000000',
};

test('convert shows the runs of a file', async () => {
  const attributes = [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }];
  const path = file('in.json', JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, attributes }] }] }] }));
  const { code, stdout } = await spanway(['convert', path]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([{ id: '00000000-0000-0000-b7ad-6b7169203331', run_type: 'llm', name: 'chat' }]);
});

test('convert takes headers of the client, and says when nothing comes out', async () => {
  const path = file('empty.json', '{"resourceSpans": []}');
  const good = file('good.json', JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
  const config = JSON.stringify({
    receivers: { otlp: { protocols: { http: {} } } },
    processors: { filter: { trace_conditions: ['request["x-tenant"] == "clinic"'] } },
    exporters: { debug: null },
    service: { pipelines: { traces: { receivers: ['otlp'], processors: ['filter'], exporters: ['debug'] } } },
  });
  const through = (...more: string[]) => spanway(['convert', good, '--config', `yaml:${config}`, ...more]);
  expect((await spanway(['convert', path])).stderr).toContain(`${path} holds no spans`);
  expect((await through()).stdout).toContain('resourceSpans');
  const dropped = await through('--header', 'X-Tenant=clinic');
  expect(dropped.stdout).not.toContain('resourceSpans');
  expect(dropped.stderr).toContain(`nothing of ${good} comes to an exporter`);
  expect((await through('--header', 'clinic')).stderr).toContain('cannot read header "clinic": expected name=value');
});

test('a port in use stops the start with one clear sentence and ends with 1', async () => {
  const sink = await strictSink();
  const config = JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${sink.port}` } } } },
    exporters: { nop: {} },
    service: { telemetry: { metrics: { level: 'none' } }, pipelines: { traces: { receivers: ['otlp'], exporters: ['nop'] } } },
  });
  const { code, stderr } = await spanway(['run', '--config', `yaml:${config}`]);
  await sink.close();
  expect(code).toBe(1);
  expect(stderr).toContain(`failed to start "otlp" receiver: listen tcp 127.0.0.1:${sink.port}: bind: address already in use`);
});

test('SIGTERM ends a running gateway with 0', async () => {
  const config = JSON.stringify(gatewayConfig({ sinkUrl: 'http://127.0.0.1:1', directory: directory.path }));
  const child = spawn('node', [main, 'run', '--config', `yaml:${config}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  await until(
    () => log.includes('Everything is ready'),
    () => log,
  );
  child.kill('SIGTERM');
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  expect(log).toContain('Shutdown complete.');
});

test('dead letters are listed, shown and replayed from another process while the gateway runs', async () => {
  const sink = await strictSink();
  const options = { sinkUrl: sink.url, directory: directory.path };
  const gateway = await startTestGateway(options);
  // The operator's file has another exporter, whose journal knows nothing of the letter.
  const base = gatewayConfig(options) as { exporters: { langsmith: object }; service: { pipelines: object } };
  const exporters = { 'langsmith/other': base.exporters.langsmith, ...base.exporters };
  const pipelines = { traces: { receivers: ['otlp'], exporters: Object.keys(exporters) } };
  const config = ['--config', `yaml:${JSON.stringify({ ...base, exporters, service: { ...base.service, pipelines } })}`];
  sink.faults.add({
    match: { bodyIncludes: 'poison marker' },
    action: { do: 'status', status: 422, body: '{"error":"this run is poison"}' },
  });
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'poison marker',
    startTimeUnixNano: '1767225600000000000',
    endTimeUnixNano: '1767225601000000000',
  };
  await fetch(`${gateway.httpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  await until(
    () => gateway.balance().deadLettered === 1,
    () => JSON.stringify(gateway.balance()),
  );

  const listed = await spanway(['dead-letters', 'list', ...config]);
  expect(listed.stdout).toContain('1 dead letter');
  expect(listed.stdout).toContain('this run is poison');
  const key = /(\S+) {2}\d{4}-/.exec(listed.stdout)?.[1] as string;
  const shown = await spanway(['dead-letters', 'show', key, ...config]);
  expect(JSON.parse(shown.stdout)).toMatchObject({ status: 422, run: { name: 'poison marker' } });

  sink.faults.clear();
  expect((await spanway(['dead-letters', 'replay', key, ...config])).stdout).toContain('1 will be sent again');
  await until(
    () => sink.store.runs().length === 1,
    () => gateway.lines.slice(-5).join('\n'),
  );
  await until(
    () => gateway.balance().delivered === 1,
    () => JSON.stringify(gateway.balance()),
  );
  expect((await spanway(['dead-letters', 'list', ...config])).stdout).toMatch(/^langsmith: 0 dead letters$/m);
  expect((await spanway(['dead-letters', 'show', key, ...config])).stderr).toContain(`cannot find dead letter "${key}"`);
  await gateway.stop();
  await sink.close();
});
