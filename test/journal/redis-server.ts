/** Real Redis servers for tests: each on a free port, with its data in a directory of its own under the system's temporary one. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { eventually } from '../contract/journal-owner.ts';
import { freePort } from '../free-port.ts';

/** Nothing acknowledged is lost when the process is killed. */
export const safe = ['--appendonly', 'yes', '--appendfsync', 'always'];

const quickSync = ['--repl-diskless-sync-delay', '0'];

/** `SPANWAY_REDIS_SERVER` names another one, which shows that it will do as well. */
const programs = process.env.SPANWAY_REDIS_SERVER ? [process.env.SPANWAY_REDIS_SERVER] : ['redis-server', 'valkey-server'];
const program = programs.find((name) => spawnSync(name, ['--version']).status === 0);

export interface ServerOptions {
  /** As on the command line; `safe` without it. */
  readonly args?: readonly string[];
  /** Connects the test itself, where a server asks for more than an address. */
  readonly client?: Omit<RedisOptions, 'replyMapping'>;
  /** The port speaks TLS and nothing else. */
  readonly tls?: boolean;
  /** A Sentinel, by this configuration file. */
  readonly sentinel?: string;
}

export class RedisServer {
  readonly port: number;
  readonly directory: string;
  /** The test's own connection. */
  readonly client: Redis;
  readonly #options: ServerOptions;
  #process: ChildProcess | undefined;

  private constructor(port: number, directory: string, options: ServerOptions) {
    this.port = port;
    this.directory = directory;
    this.#options = options;
    const always = { lazyConnect: true, retryStrategy: () => 20, maxRetriesPerRequest: null };
    this.client = new Redis({ host: '127.0.0.1', port, ...always, ...options.client });
    this.client.on('error', () => {});
  }

  static async start(options: ServerOptions = {}): Promise<RedisServer> {
    const directory = await mkdtemp(join(tmpdir(), 'spanway-redis-'));
    const server = new RedisServer(await freePort(), directory, options);
    await server.run();
    return server;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.port };
  }

  /** Starts, or starts again, and waits until it answers. */
  async run(): Promise<void> {
    if (!program) throw new Error('these tests need a real Redis: install redis-server 7.0 or later, or valkey-server');
    const child = spawn(program, await this.#arguments(), { stdio: 'ignore' });
    this.#process = child;
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`the server ended: see ${this.directory}/server.log`);
      return this.client.ping().then(
        () => true,
        () => false,
      );
    });
  }

  async #arguments(): Promise<string[]> {
    const { args = safe, tls, sentinel } = this.#options;
    const ports = tls ? ['--port', '0', '--tls-port', `${this.port}`] : ['--port', `${this.port}`];
    const common = [...ports, '--bind', '127.0.0.1', '--dir', this.directory, '--logfile', join(this.directory, 'server.log')];
    if (sentinel === undefined) return [...common, '--save', '', ...args];
    const file = join(this.directory, 'sentinel.conf');
    await writeFile(file, sentinel);
    return [file, '--sentinel', ...common];
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    this.resume();
    await this.kill();
    await rm(this.directory, { recursive: true });
  }
}

/** A master and a replica that follows it. */
export async function startPair(args: readonly string[] = safe): Promise<{ readonly master: RedisServer; readonly replica: RedisServer }> {
  const master = await RedisServer.start({ args: [...args, ...quickSync] });
  const replica = await RedisServer.start({ args: [...args, '--replicaof', '127.0.0.1', `${master.port}`] });
  await eventually(async () => (await master.client.info('replication')).includes('state=online'));
  return { master, replica };
}

/** A Sentinel that decides alone, and soon. It knows the master as `main`, and its replica. */
export async function startSentinel({ port }: RedisServer): Promise<RedisServer> {
  const lines = [`monitor main 127.0.0.1 ${port} 1`, 'down-after-milliseconds main 500', 'failover-timeout main 2000'];
  const sentinel = await RedisServer.start({ sentinel: lines.map((line) => `sentinel ${line}\n`).join('') });
  await eventually(async () => `${await sentinel.client.info('sentinel')}`.includes('slaves=1'));
  return sentinel;
}

export interface RedisCluster {
  readonly masters: readonly RedisServer[];
  readonly replicas: readonly RedisServer[];
  stop(): Promise<void>;
}

/** Moves a slot with its keys, as an operator's resharding does. */
export async function moveSlot({ masters }: RedisCluster, slot: number, from: RedisServer, to: RedisServer): Promise<void> {
  const [fromId, toId] = [await from.client.call('CLUSTER', 'MYID'), await to.client.call('CLUSTER', 'MYID')] as [string, string];
  await to.client.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
  await from.client.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
  const keys = (await from.client.call('CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[];
  for (const key of keys) await from.client.call('MIGRATE', '127.0.0.1', to.port, key, 0, 5_000);
  for (const { client } of [to, from, ...masters]) await client.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
}

const slots = 16_384;

/** Three masters with a third of the slots each, and a replica of each if wanted. */
export async function startCluster({ replicas: withReplicas = false, args = safe } = {}): Promise<RedisCluster> {
  const nodes = await Promise.all(Array.from({ length: withReplicas ? 6 : 3 }, () => startNode(args)));
  const masters = nodes.slice(0, 3);
  const replicas = nodes.slice(3);
  for (const [index, { server }] of nodes.entries()) await server.client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  for (const [index, { server }] of masters.entries()) {
    const from = Math.floor((slots * index) / 3);
    await server.client.call('CLUSTER', 'ADDSLOTSRANGE', from, Math.floor((slots * (index + 1)) / 3) - 1);
  }
  const [first] = nodes as [Node];
  for (const { server, busPort } of nodes.slice(1)) await first.server.client.call('CLUSTER', 'MEET', '127.0.0.1', server.port, busPort);
  await eventually(async () => (await Promise.all(nodes.map(({ server }) => isWhole(server, nodes.length)))).every(Boolean));
  for (const [index, { server }] of replicas.entries())
    await server.client.call('CLUSTER', 'REPLICATE', (await (masters[index] as Node).server.client.call('CLUSTER', 'MYID')) as string);
  if (withReplicas)
    await eventually(async () =>
      (await Promise.all(masters.map(({ server }) => server.client.info('replication')))).every((info) => info.includes('state=online')),
    );
  return {
    masters: masters.map(({ server }) => server),
    replicas: replicas.map(({ server }) => server),
    stop: async () => void (await Promise.all(nodes.map(({ server }) => server.stop()))),
  };
}

interface Node {
  readonly server: RedisServer;
  readonly busPort: number;
}

async function startNode(args: readonly string[]): Promise<Node> {
  const busPort = await freePort();
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`, '--cluster-node-timeout', '1000', ...quickSync];
  return { server: await RedisServer.start({ args: [...args, ...cluster] }), busPort };
}

async function isWhole({ client }: RedisServer, nodes: number): Promise<boolean> {
  const info = `${await client.call('CLUSTER', 'INFO')}`;
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes}`);
}
