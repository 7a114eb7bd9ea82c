/** Real gateways in processes of their own, what stands behind them, and everything that they leave behind as bytes. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import grpc from '@grpc/grpc-js';
import type { Sink } from '../../src/sink/sink.ts';
import { eventually } from '../contract/journal-owner.ts';
import { strictSink } from '../e2e/harness.ts';
import { freePort } from '../free-port.ts';
import type { RedisServer } from '../journal/redis-server.ts';
import { poison, type Request } from './requests.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;

/** Each takes the start of a process. All of them are looked for in the journals, too. */
const shownMax = 2;

/** An OTLP backend: keeps the bodies that it is sent, and takes them or not. */
class Backend {
  readonly bodies: Buffer[] = [];
  isOpen = false;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (this.isOpen) this.bodies.push(Buffer.concat(chunks));
      response.writeHead(this.isOpen ? 200 : 503).end();
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export interface WorldOptions {
  /** Settings of its redaction; without them it has none. */
  readonly redaction?: object;
  /** Where the journals stand; without it in files. */
  readonly redis?: RedisServer;
}

type AdminPorts = Readonly<Record<'metrics' | 'health' | 'admin', number>>;

export class World {
  readonly sink: Sink;
  readonly #backend: Backend;
  readonly #directory: string;
  readonly #config: object;
  readonly #ports: AdminPorts;
  readonly #redis: RedisServer | undefined;
  readonly #output: Buffer[] = [];
  #process: ChildProcess | undefined;
  #http = '';
  #grpc = '';

  private constructor(sink: Sink, backend: Backend, directory: string, ports: AdminPorts, config: object, redis: RedisServer | undefined) {
    this.sink = sink;
    this.#backend = backend;
    this.#directory = directory;
    this.#ports = ports;
    this.#config = config;
    this.#redis = redis;
  }

  /** Nothing behind it takes anything yet. */
  static async open({ redaction, redis }: WorldOptions): Promise<World> {
    const directory = await mkdtemp(join(tmpdir(), 'spanway-canary-'));
    const backend = new Backend();
    const backendUrl = await backend.listen();
    const sink = await strictSink({ directory: join(directory, 'sink') });
    sink.faults.add({ action: { do: 'status', status: 503 } });
    const ports = { metrics: await freePort(), health: await freePort(), admin: await freePort() };
    const storage = redis ? 'redis_storage' : 'file_storage';
    const queue = { storage, durability: redis ? 'redis_fsync' : 'disk' };
    // Nobody's parent or log record is still to come.
    const assembly = { remote_parent_wait: '500ms', local_parent_wait: '500ms', log_join_window: '500ms', late_window: '2s' };
    const retry = { initial_interval: '50ms', max_interval: '200ms' };
    const localhost = (port: number): string => `127.0.0.1:${port}`;
    const pipeline = { receivers: ['otlp'], processors: redaction ? ['redaction'] : [], exporters: ['langsmith', 'otlp_http', 'debug'] };
    const config = {
      receivers: { otlp: { protocols: { http: { endpoint: localhost(0) }, grpc: { endpoint: localhost(0) } } } },
      processors: redaction ? { redaction: { allow_all_keys: true, summary: 'debug', ...redaction } } : {},
      exporters: {
        langsmith: {
          endpoint: sink.url,
          api_key: 'test-key',
          sending_queue: queue,
          assembly,
          batch: { flush_timeout: '50ms' },
          retry_on_failure: retry,
        },
        otlp_http: { endpoint: backendUrl, sending_queue: queue, retry_on_failure: retry },
        debug: { verbosity: 'detailed' },
      },
      extensions: {
        [storage]: redis ? { url: `redis://127.0.0.1:${redis.port}`, lease: { ttl: '1s' } } : { directory: join(directory, 'journal') },
        health_check: { endpoint: localhost(ports.health) },
        admin: { endpoint: localhost(ports.admin) },
      },
      service: {
        extensions: [storage, 'health_check', 'admin'],
        telemetry: {
          logs: { level: 'debug', encoding: 'json' },
          metrics: { level: 'detailed', readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port: ports.metrics } } } }] },
        },
        pipelines: { traces: pipeline, logs: pipeline },
      },
    };
    return new World(sink, backend, directory, ports, config, redis);
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const child = spawn('node', [main, 'run', ...this.#arguments], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    let log = '';
    const hear = (chunk: Buffer): void => {
      this.#output.push(chunk);
      log += chunk.toString();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    await eventually(() => {
      if (child.exitCode !== null) throw new Error(`the gateway did not start: ${log}`);
      return log.includes('Everything is ready.');
    });
    this.#http = /"protocol":"http","address":"([^"]+)"/.exec(log)?.[1] ?? '';
    this.#grpc = /"protocol":"grpc","address":"([^"]+)"/.exec(log)?.[1] ?? '';
  }

  /** Resolves when all of them are acknowledged. */
  async send(requests: readonly Request[]): Promise<void> {
    const client = new grpc.Client(this.#grpc, grpc.credentials.createInsecure(), { 'grpc.max_send_message_length': -1 });
    for (const request of requests) {
      if (request.transport === 'grpc') await sendGrpc(client, request);
      else await sendHttp(`http://${this.#http}`, request);
    }
    client.close();
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
  }

  /** From now on everything is taken, except what is poisoned. */
  openUp(): void {
    this.#backend.isOpen = true;
    this.sink.faults.clear();
    this.sink.faults.add({ match: { bodyIncludes: poison }, action: { do: 'status', status: 422, body: '{"error":"not like this"}' } });
  }

  /** Resolves when nothing waits any more, and at least so many items went out or became dead letters at each exporter. */
  async drained(items: number): Promise<void> {
    await eventually(async () => {
      const page = await this.#page(this.#ports.metrics, '/metrics');
      const sum = (names: string, exporter: string): number =>
        [...page.matchAll(new RegExp(`^spanway_(?:${names})\\{exporter="${exporter}"[^}]*\\} (\\d+)$`, 'gm'))].reduce(
          (total, [, count]) => total + Number(count),
          0,
        );
      return ['langsmith', 'otlp_http'].every(
        (exporter) => sum('waiting_items', exporter) === 0 && sum('delivered_items|dead_lettered_items', exporter) >= items,
      );
    });
  }

  /** The pages that the process shows; `traceIds`: traces whose trail is asked for. */
  async pages(traceIds: readonly string[]): Promise<Buffer[]> {
    const { metrics, health, admin } = this.#ports;
    const trails = await Promise.all(traceIds.map((id) => this.#page(admin, `/why/${id}`)));
    const others = await Promise.all([this.#page(metrics, '/metrics'), this.#page(health, '/status?verbose'), this.#page(health, '/')]);
    return [...trails, ...others].map((page) => Buffer.from(page));
  }

  /** What stands in the journals. */
  async journals(): Promise<Buffer[]> {
    if (!this.#redis) return filesIn(join(this.#directory, 'journal'));
    return [...(await keysIn(this.#redis)), ...(await filesIn(this.#redis.directory))];
  }

  /** What the exporters' servers have got. */
  async delivered(): Promise<Buffer[]> {
    return [
      ...this.#backend.bodies,
      ...(await filesIn(join(this.#directory, 'sink'))),
      Buffer.from(JSON.stringify(this.sink.store.runs())),
    ];
  }

  /** Everything that the process wrote, the debug exporter's copies included. */
  get output(): readonly Buffer[] {
    return [Buffer.concat(this.#output)];
  }

  /** Each dead letter as an operator sees it. */
  async deadLetters(): Promise<Buffer[]> {
    const run = promisify(execFile);
    const limits = { maxBuffer: 1 << 28 };
    // A letter of one exporter is unknown to the other one, which the command says when it has shown it.
    const command = async (...words: string[]): Promise<string> =>
      (await run('node', [main, 'dead-letters', ...words, ...this.#arguments], limits).catch((error: { stdout: string }) => error)).stdout;
    const list = await command('list');
    const letters = [...list.matchAll(/^ {2}(\S+)/gm)].map(([, key]) => key as string);
    const shown: string[] = [];
    for (const key of letters.slice(0, shownMax)) shown.push(await command('show', key));
    return [list, ...shown].map((text) => Buffer.from(text));
  }

  async close(): Promise<void> {
    await this.end('SIGKILL');
    await Promise.all([this.sink.close(), this.#backend.close()]);
    await rm(this.#directory, { recursive: true });
  }

  get #arguments(): string[] {
    return ['--config', `yaml:${JSON.stringify(this.#config)}`];
  }

  async #page(port: number, path: string): Promise<string> {
    return (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  }
}

async function filesIn(directory: string): Promise<Buffer[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))));
}

/** Every key, and what it holds, whatever its type. */
async function keysIn({ client }: RedisServer): Promise<Buffer[]> {
  const keys = await client.keysBuffer('*');
  const found: Buffer[] = [...keys];
  const flat = (value: unknown): void => {
    if (Buffer.isBuffer(value)) found.push(value);
    else if (Array.isArray(value)) value.forEach(flat);
    else if (typeof value === 'object' && value !== null) Object.entries(value).forEach(flat);
  };
  for (const key of keys) {
    switch (await client.type(key)) {
      case 'string':
        flat(await client.getBuffer(key));
        break;
      case 'hash':
        flat(await client.callBuffer('HGETALL', key));
        break;
      case 'stream':
        flat(await client.callBuffer('XRANGE', key, '-', '+'));
        break;
      case 'zset':
        flat(await client.callBuffer('ZRANGE', key, 0, -1));
        break;
      case 'set':
        flat(await client.callBuffer('SMEMBERS', key));
        break;
      case 'list':
        flat(await client.callBuffer('LRANGE', key, 0, -1));
        break;
    }
  }
  return found;
}

async function sendHttp(url: string, { signal, transport, body }: Request): Promise<void> {
  const type = transport === 'http/json' ? 'application/json' : 'application/x-protobuf';
  const answer = await fetch(`${url}/v1/${signal}`, { method: 'POST', headers: { 'content-type': type }, body: new Uint8Array(body) });
  const text = await answer.text();
  if (!answer.ok || text.includes('rejected')) throw new Error(`not acknowledged: ${answer.status} ${text}`);
}

const paths = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
};
const identity = (bytes: Buffer): Buffer => bytes;

function sendGrpc(client: grpc.Client, { signal, body }: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(paths[signal], identity, identity, body, (error) => (error ? reject(error) : resolve()));
  });
}
