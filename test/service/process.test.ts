/** The built program as operators run it: reload by signal and by watching files, and what a refused configuration says. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryDirectory, until } from '../e2e/harness.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
const refused = 'the new configuration was refused; the former one keeps running';
let directory: ReturnType<typeof temporaryDirectory>;
let child: ChildProcess | undefined;
let log = '';

beforeEach(() => {
  directory = temporaryDirectory();
  log = '';
});

afterEach(async () => {
  if (child && child.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  directory.remove();
});

const pathOf = (name: string): string => join(directory.path, name);

/** Spans become lines of a file of that name, so that one can see which configuration runs. */
const configuration = (lines: string): string =>
  JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    exporters: { file: { path: pathOf(lines) } },
    extensions: { health_check: { endpoint: '127.0.0.1:0' } },
    service: {
      telemetry: { metrics: { level: 'none' }, logs: { encoding: 'json' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['file'] } },
    },
  });

function logged(sentence: string): Record<string, unknown>[] {
  const whole = log.slice(0, log.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === sentence);
}

const appears = (sentence: string, count = 1): Promise<void> =>
  until(
    () => logged(sentence).length >= count,
    () => log,
  );

async function run(path: string, ...options: string[]): Promise<ChildProcess> {
  child = spawn('node', [main, 'run', '--config', path, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  await appears('Everything is ready. Begin running and processing data.');
  return child;
}

async function send(): Promise<number> {
  const { address } = logged('listening').at(-1) as { address: string };
  const response = await fetch(`http://${address}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return response.status;
}

const span = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 'n' };
const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });

test('SIGHUP reloads; a bad file is refused in one line with all its problems, and the next good one runs', async () => {
  const path = pathOf('gateway.yaml');
  writeFileSync(path, configuration('one'));
  const gateway = await run(path);
  writeFileSync(path, 'receivers: {otlpp: {}}\nexporters: {nope: {}}\n');
  gateway.kill('SIGHUP');
  await appears(refused);
  const problems = [logged(refused)[0]?.problems].flat().join('\n');
  expect(problems).toContain(`${path}:1:13: receivers: unknown type: "otlpp"`);
  expect(problems).toContain(`${path}:2:13: exporters: unknown type: "nope"`);
  expect(await send()).toBe(200);
  writeFileSync(path, configuration('two'));
  gateway.kill('SIGHUP');
  await appears('Configuration reloaded.');
  expect(logged(refused).length).toBe(1);
  expect(logged('listening').length).toBe(1);
  expect(await send()).toBe(200);
  gateway.kill('SIGTERM');
  const [code] = (await once(gateway, 'exit')) as [number | null];
  expect(code).toBe(0);
});

test('--watch reloads when a file is written in place, renamed over, or swapped behind a symbolic link', async () => {
  const path = pathOf('gateway.yaml');
  writeFileSync(path, configuration('one'));
  await run(path, '--watch');
  writeFileSync(path, configuration('two'));
  await appears('Configuration reloaded.', 1);
  writeFileSync(`${path}.new`, configuration('three'));
  renameSync(`${path}.new`, path);
  await appears('Configuration reloaded.', 2);
  writeFileSync(pathOf('behind'), configuration('four'));
  unlinkSync(path);
  symlinkSync(pathOf('behind'), path);
  await appears('Configuration reloaded.', 3);
  expect(await send()).toBe(200);
});

test('--watch sees a file that a value is read from, and goes on watching after a refusal', async () => {
  const path = pathOf('gateway.yaml');
  writeFileSync(pathOf('endpoint'), '127.0.0.1:0');
  writeFileSync(path, configuration('one').replace('"127.0.0.1:0"', JSON.stringify(`\${file:${pathOf('endpoint')}}`)));
  await run(path, '--watch');
  writeFileSync(pathOf('endpoint'), 'nonsense');
  await appears(refused);
  writeFileSync(pathOf('endpoint'), 'localhost:0');
  await appears('Configuration reloaded.');
  await appears('listening', 2);
  expect(await send()).toBe(200);
});

test('a configuration that asks to be watched is', async () => {
  const path = pathOf('gateway.yaml');
  const watched = (lines: string): string => configuration(lines).replace('"service":{', '"service":{"reload":{"watch":true},');
  writeFileSync(path, watched('one'));
  await run(path);
  writeFileSync(path, watched('two'));
  await appears('Configuration reloaded.');
});
