/** The built program as a user without rights, in a directory that it may not write to: it writes below its declared directory only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tracesJsonBody } from '../receivers/running-receiver.ts';
import { until } from './clients.ts';

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const nobody = 65_534;
let directory: string;
let child: ChildProcess;
let log: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spanway-confined-'));
  log = '';
});

afterEach(async () => {
  if (child.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  chmodSync(join(directory, 'root'), 0o700);
  rmSync(directory, { recursive: true, force: true });
});

/** Where the test is root, the program is nobody; else it is who the test is, and the directory is read-only to both. */
function run(state: string, root: string): void {
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' }, grpc: { endpoint: '127.0.0.1:0' } } } },
    exporters: { langsmith: { endpoint: 'http://127.0.0.1:9', api_key: 'k' } },
    extensions: { file_storage: { directory: join(state, 'journal') } },
    service: {
      extensions: ['file_storage'],
      telemetry: { metrics: { level: 'none' }, logs: { encoding: 'json' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['langsmith'] } },
    },
  };
  const isRoot = process.getuid?.() === 0;
  child = spawn(process.execPath, [main, 'run', '--config', `yaml:${JSON.stringify(config)}`], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root, TMPDIR: root },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
}

test.runIf(process.platform === 'linux')('a gateway without rights runs, and writes below its own directory only', async () => {
  const root = join(directory, 'root');
  const state = join(directory, 'state');
  mkdirSync(root, { mode: 0o555 });
  mkdirSync(state);
  if (process.getuid?.() === 0) chownSync(state, nobody, nobody);
  chmodSync(directory, 0o755);
  run(state, root);
  await until(() => log.includes('Everything is ready') || child.exitCode !== null);
  expect(log).toContain('Everything is ready');
  const address = /"protocol":"http"[^\n]*"address":"([^"]+)"|"address":"([^"]+)"[^\n]*"protocol":"http"/.exec(log)?.slice(1).find(Boolean);
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`http://${address}/v1/traces`, { method: 'POST', headers, body: tracesJsonBody() });
  expect(response.status).toBe(200);
  expect(readdirSync(state)).toEqual(['journal']);
  expect(readdirSync(root)).toEqual([]);
});
