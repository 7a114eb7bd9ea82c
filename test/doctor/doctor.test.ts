/** `spanway doctor` against what really goes wrong: each finding names the place and the remedy, and no secret. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import type { Finding } from '../../src/model/finding.ts';
import { systemClock } from '../../src/service/clock.ts';
import { factories } from '../../src/service/components.ts';
import { examine } from '../../src/service/examine.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { gatewayConfig, strictSink, temporaryDirectory } from '../e2e/harness.ts';
import { RedisServer } from '../journal/redis-server.ts';

const key = `lsv2_pt_${'0123456789abcdef'.repeat(2)}`;
let directory: ReturnType<typeof temporaryDirectory>;
const servers = new Set<Server>();

beforeEach(() => (directory = temporaryDirectory()));
afterEach(() => {
  for (const server of servers) server.close();
  servers.clear();
  directory.remove();
});

async function listen(server: Server): Promise<number> {
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

interface Given {
  readonly endpoint: string;
  readonly exporter?: Record<string, unknown>;
  readonly receiver?: Record<string, unknown>;
  readonly path?: string;
}

/** Findings as `component subject status: sentence → remedy`; those that are fine are left out unless asked for. */
async function findingsOf({ endpoint, exporter = {}, receiver, path = directory.path }: Given, all = false): Promise<string[]> {
  const options = { sinkUrl: endpoint, directory: path, exporter: { api_key: key, ...exporter }, ...(receiver && { receiver }) };
  return texts(gatewayConfig(options), all);
}

async function texts(config: object, all = false): Promise<string[]> {
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(config)}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const found = await examine(loaded.config, systemClock, AbortSignal.timeout(20_000));
  const lines = [...found].flatMap(([id, findings]) => findings.map((finding) => textOf(id, finding)));
  expect(lines.join('\n')).not.toContain(key);
  return lines.filter((line) => all || !line.includes(' ok: '));
}

const textOf = (id: string, { subject, status, sentence, remedy }: Finding): string =>
  `${id} ${subject} ${status}: ${sentence}${remedy === undefined ? '' : ` → ${remedy}`}`;

describe('the destination', () => {
  let sink: Sink;
  beforeAll(async () => void (sink = await strictSink({ keys: [key] })));
  afterEach(() => sink.faults.clear());
  afterAll(() => sink.close());

  test('is fine when it answers and takes the key', async () => {
    expect(await findingsOf({ endpoint: sink.url })).toEqual([]);
    expect((await findingsOf({ endpoint: sink.url }, true)).join('\n')).toContain('langsmith key ok: the key is accepted');
  });

  test('does not know the key', async () => {
    expect(await findingsOf({ endpoint: sink.url, exporter: { api_key: 'lsv2_pt_other' } })).toEqual([
      'langsmith key problem: the server does not know the key (401) → check api_key (or LANGSMITH_API_KEY); a key that was deleted or has ended is replaced in the settings of LangSmith.',
    ]);
  });

  test('wants a workspace for a key of an organisation', async () => {
    sink.faults.add({
      match: { path: '/sessions' },
      action: { do: 'status', status: 403, body: '{"error":"org_scoped_key_requires_workspace"}' },
    });
    expect(await findingsOf({ endpoint: sink.url })).toEqual([
      'langsmith workspace problem: the key is of an organisation, and no workspace is named (403) → set workspace_id to the id of the workspace',
    ]);
  });

  test('does not let the key into the workspace', async () => {
    sink.faults.add({ match: { path: '/sessions' }, action: { do: 'status', status: 403, body: '{"error":"Forbidden"}' } });
    const [finding] = await findingsOf({ endpoint: sink.url, exporter: { workspace_id: '11111111-1111-4111-8111-111111111111' } });
    expect(finding).toContain('langsmith key problem: the key is known, but may not read the workspace (403) → check workspace_id');
  });

  test('has no key configured', async () => {
    expect((await findingsOf({ endpoint: sink.url, exporter: { api_key: '' } })).join()).toContain('key problem: no API key is configured');
  });

  test('was given with a path that belongs to OTLP', async () => {
    const [finding] = await findingsOf({ endpoint: `${sink.url}/otel/v1/traces` });
    expect(finding).toContain('langsmith endpoint warning:');
    expect(finding).toContain('write the base URL');
  });

  test('is not there', async () => {
    expect(await findingsOf({ endpoint: 'http://127.0.0.1:1' })).toEqual([
      'langsmith endpoint problem: http://127.0.0.1:1/info cannot be reached: nothing listens there → check host and port, and whether the server runs',
    ]);
  });

  test("is a LangSmith of one's own, behind /api/v1", async () => {
    const port = await listen(
      http.createServer((request, response) => {
        if (request.url?.startsWith('/api/v1/')) return void response.end('{"version":"0.10.0"}');
        response.writeHead(404).end('not found');
      }),
    );
    expect(await findingsOf({ endpoint: `http://127.0.0.1:${port}` })).toEqual([
      `langsmith endpoint problem: http://127.0.0.1:${port}/info is no LangSmith, but /api/v1 there is → set endpoint to http://127.0.0.1:${port}/api/v1`,
    ]);
  });

  test('has another time', async () => {
    const port = await listen(
      http.createServer((request, response) => {
        response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString());
        response.end(request.url === '/info' ? '{"version":"0.10.0"}' : '[]');
      }),
    );
    const [finding] = await findingsOf({ endpoint: `http://127.0.0.1:${port}` });
    expect(finding).toMatch(/^langsmith clock warning: this machine is 3\d{3} s ahead of the server → set the clock/);
  });

  test('has a certificate that nobody here knows', async () => {
    const file = (name: string): string => join(directory.path, name);
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost'].concat([
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-keyout',
        file('key.pem'),
        '-out',
        file('cert.pem'),
      ]),
      { stdio: 'ignore' },
    );
    const port = await listen(https.createServer({ key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) }));
    const [finding] = await findingsOf({ endpoint: `https://127.0.0.1:${port}`, path: file('journal') });
    expect(finding).toContain('its certificate is signed by an authority that is not known here → set tls::ca_file');
  });
});

describe('the receiver', () => {
  test('cannot have a port that another process has', async () => {
    const port = await listen(http.createServer());
    const endpoint = `127.0.0.1:${port}`;
    const findings = await findingsOf({ endpoint: 'http://127.0.0.1:1', receiver: { protocols: { http: { endpoint } } } });
    expect(findings).toContain(
      `otlp http on ${endpoint} warning: another process listens there → fine if that is Spanway; otherwise stop it, or configure another endpoint`,
    );
  });

  test('listens for everybody in clear text, or on the port of the other protocol', async () => {
    const findings = await findingsOf({ endpoint: 'http://127.0.0.1:1', receiver: { protocols: { grpc: { endpoint: '0.0.0.0:4318' } } } });
    expect(findings.join('\n')).toContain('4318 is the usual port of http');
    expect(findings.join('\n')).toContain('others than this machine may send here, and in clear text');
  });
});

describe('the journal', () => {
  test('lies in a directory that is no directory of the user', async () => {
    const path = join(directory.path, 'file');
    writeFileSync(path, 'not a directory');
    chmodSync(path, 0o400);
    const findings = await findingsOf({ endpoint: 'http://127.0.0.1:1', path });
    expect(findings.join('\n')).toMatch(/langsmith directory .* problem: /);
  });

  test('is damaged', async () => {
    mkdirSync(join(directory.path, 'journal'));
    writeFileSync(join(directory.path, 'journal', 'data.mdb'), 'no journal at all'.repeat(1_000));
    const findings = await findingsOf({ endpoint: 'http://127.0.0.1:1', path: join(directory.path, 'journal') });
    expect(findings.join('\n')).toContain('it is not a journal');
  });

  test('does not exist where it may not be made', async () => {
    const base = gatewayConfig({
      sinkUrl: 'http://127.0.0.1:1',
      directory: join(directory.path, 'none'),
      storage: { create_directory: false },
    });
    expect((await texts(base)).join('\n')).toContain('problem: it does not exist → make it, or set create_directory to true');
  });

  test('is in a Redis that throws data away, or in none at all', async () => {
    const redis = await RedisServer.start({ args: ['--maxmemory-policy', 'allkeys-lru', '--appendonly', 'yes'] });
    const base = gatewayConfig({ sinkUrl: 'http://127.0.0.1:1' }) as { exporters: { langsmith: object }; service: object };
    const over = (url: string): object => ({
      ...base,
      exporters: { langsmith: { ...base.exporters.langsmith, sending_queue: { storage: 'redis_storage', durability: 'redis' } } },
      extensions: { redis_storage: { url } },
      service: { ...base.service, extensions: ['redis_storage'] },
    });
    const url = `redis://127.0.0.1:${redis.port}`;
    expect((await texts(over(url))).join('\n')).toContain('has maxmemory-policy "allkeys-lru" → set maxmemory-policy to noeviction');
    await redis.stop();
    expect((await texts(over(url))).join('\n')).toMatch(/langsmith Redis problem: cannot connect to/);
  });
});

describe('another OTLP backend', () => {
  const over = (url: string): object => {
    const base = gatewayConfig({ sinkUrl: 'http://127.0.0.1:1' }) as { service: object };
    return {
      ...base,
      exporters: { otlp_http: { endpoint: url } },
      service: { ...base.service, extensions: [], pipelines: { traces: { receivers: ['otlp'], exporters: ['otlp_http'] } } },
    };
  };

  test('is fine when it takes a request without data', async () => {
    const port = await listen(http.createServer((_, response) => void response.end()));
    expect(await texts(over(`http://127.0.0.1:${port}`))).toEqual([]);
  });

  test.each([
    [401, 'it refuses the credentials (401)'],
    [404, 'there is no OTLP at this path (404)'],
    [503, 'it answers 503 for now'],
  ])('answers %i', async (status, sentence) => {
    const port = await listen(http.createServer((_, response) => void response.writeHead(status).end()));
    expect((await texts(over(`http://127.0.0.1:${port}`))).join('\n')).toContain(sentence);
  });

  test('is not there', async () => {
    expect((await texts(over('http://127.0.0.1:1'))).join('\n')).toContain('it cannot be reached: nothing listens there');
  });
});
