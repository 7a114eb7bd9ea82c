/**
 * What docs/troubleshooting.md shows of `spanway why` and `spanway doctor` is what they print, but for times, ids, numbers and addresses, which are as
 * they were when it was written. `SPANWAY_WRITE_DOCS=1` writes it anew.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';
import { type Gateway, startGateway } from '../../src/service/gateway.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, temporaryDirectory, until } from '../e2e/harness.ts';
import { freePort } from '../free-port.ts';

const main = process.env.SPANWAY_WHY_MAIN ?? new URL('../../dist/main.js', import.meta.url).pathname;
const page = new URL('../../docs/troubleshooting.md', import.meta.url).pathname;

let sink: Sink;
let directory: ReturnType<typeof temporaryDirectory>;
let gateway: Gateway | undefined;

beforeEach(async () => {
  sink = await strictSink({ keys: ['the-right-key'] });
  directory = temporaryDirectory();
});

afterEach(async () => {
  await gateway?.stop(2_000);
  gateway = undefined;
  await sink.close();
  directory.remove();
});

function printed(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve) => {
    execFile('node', [main, ...args], { env: { PATH: process.env.PATH, ...env }, cwd: directory.path }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}

const blockOf = (command: string): RegExp => new RegExp(`(?<=\`\`\`text\\n\\$ ${command.replace(/\./g, '\\$&')}\\n)[\\s\\S]*?(?=\`\`\`)`);

/** Without what differs from time to time. */
function constant(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/batch [\w.-]+/g, 'batch <id>')
    .replace(/\d+ of \d+ rows/, '<rows>')
    .replace(/127\.0\.0\.1:\d+/g, '<address>')
    .replace(/\d+ MiB/g, '<size>');
}

function expectShown(command: string, output: string): void {
  const text = readFileSync(page, 'utf8');
  const [shown] = blockOf(command).exec(text) ?? [];
  expect(shown, `docs/troubleshooting.md shows "${command}"`).toBeDefined();
  const differs = constant(shown as string) !== constant(output);
  if (differs && process.env.SPANWAY_WRITE_DOCS === '1')
    writeFileSync(
      page,
      text.replace(blockOf(command), () => output),
    );
  else expect(constant(shown as string)).toBe(constant(output));
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const root = 'b7ad6b7169203331';
const spans = [
  { spanId: root, name: 'answer a customer', kind: 2 },
  { spanId: '00f067aa0ba902b7', parentSpanId: root, name: 'health', kind: 1 },
  { spanId: '53995c3f42cd8ad8', parentSpanId: '7a085853722dc6d2', name: 'ask the model', kind: 3 },
];

async function startShop(): Promise<{ readonly url: string; readonly adminPort: number }> {
  const adminPort = await freePort();
  const exporter = { project: 'shop', api_key: 'the-right-key' };
  const base = gatewayConfig({ sinkUrl: sink.url, directory: join(directory.path, 'journal'), exporter }) as {
    readonly extensions: object;
    readonly service: { readonly extensions: readonly string[] };
  };
  const config = {
    ...base,
    processors: { 'filter/health': { trace_conditions: ['span.name == "health"'] } },
    extensions: { ...base.extensions, admin: { endpoint: `127.0.0.1:${adminPort}` } },
    service: {
      ...base.service,
      extensions: [...base.service.extensions, 'admin'],
      pipelines: { traces: { receivers: ['otlp'], processors: ['filter/health'], exporters: ['langsmith'] } },
    },
  };
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(config)}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  gateway = await startGateway(loaded.config, { emit: () => {} });
  return { url: `http://127.0.0.1:${gateway.service.receivers.get('otlp')?.addresses().http?.port}`, adminPort };
}

test('spanway why prints what the page shows', { timeout: 60_000 }, async () => {
  const { url, adminPort } = await startShop();
  const nowNano = `${Date.now()}000000`;
  const body = spans.map((span) => ({ traceId, startTimeUnixNano: nowNano, endTimeUnixNano: nowNano, ...span }));
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: body }] }] }),
  });
  await until(
    async () => {
      const fates = (await gateway?.service.why(traceId))?.spans.map(({ fate, steps }) => `${fate} ${steps.at(-1)?.event}`);
      return ['delivered delivered', 'waiting waiting'].every((fate) => fates?.includes(fate));
    },
    () => 'one span should be delivered, and one wait',
  );
  expectShown(`spanway why ${traceId}`, await printed(['why', traceId, '--url', `http://127.0.0.1:${adminPort}`]));
});

test('spanway doctor prints what the page shows of a key that is not known', async () => {
  const config = join(process.cwd(), 'config', 'default.yaml');
  const chapters = await printed(['doctor', '--config', config], { LANGSMITH_ENDPOINT: sink.url, LANGSMITH_API_KEY: 'a-wrong-key' });
  const [langsmith] = /^langsmith\n(?: .*\n)+/m.exec(chapters) ?? [chapters];
  expectShown('spanway doctor --config config/default.yaml', `…\n\n${langsmith}`);
});
