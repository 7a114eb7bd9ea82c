/** Connections as ioredis makes them: nothing waits without a limit, and nothing is sent twice. */
import { createRequire } from 'node:module';
import type { Cluster, ClusterOptions, Redis, RedisOptions } from 'ioredis';
import type { RedisAddress } from './address.ts';
import { unavailable } from './unavailable.ts';

export type Client = Redis | Cluster;

export interface ConnectOptions {
  readonly address: RedisAddress;
  readonly dialTimeoutMs: number;
  /** A connection on which an answer is that late is closed. */
  readonly commandTimeoutMs: number;
  readonly name: string;
}

/** Replies keep the shapes of RESP2, so that the types of commands hold. */
type NodeOptions = Omit<RedisOptions, 'replyMapping'>;

/** Loaded by who has Redis: some ten megabytes. */
const require = createRequire(import.meta.url);
const ioredis = (): typeof import('ioredis') => require('ioredis');

const reconnectMsMax = 1_000;
const slotsRefreshMs = 1_000;

export function isCluster(client: Client): client is Cluster {
  return client.isCluster;
}

/** Resolves when commands can be sent. Rejects with `GW_JOURNAL_UNAVAILABLE`; afterwards a lost connection is made again without end. */
export async function connect(options: ConnectOptions): Promise<Client> {
  const { address } = options;
  if (address.mode === 'cluster') return ready(clusterClient(options), options);
  const client = (await ready(singleClient(options), options)) as Redis;
  if (address.mode !== undefined || address.sentinel || !(await isClusterNode(client))) return client;
  disconnect(client);
  return ready(clusterClient(options), options);
}

function redisOptions({ address, dialTimeoutMs, commandTimeoutMs, name }: ConnectOptions): NodeOptions {
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: dialTimeoutMs,
    socketTimeout: commandTimeoutMs,
    connectionName: name,
    retryStrategy: (times) => Math.min(50 * times, reconnectMsMax),
    // A master that was made a replica answers READONLY: whoever asks again is led to the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...(address.username !== undefined && { username: address.username }),
    ...(address.password && { password: address.password.reveal() }),
    ...(address.tls && { tls: address.tls }),
  };
}

function singleClient(options: ConnectOptions): Redis {
  const { endpoints, sentinel, db = 0, tls } = options.address;
  const base = { ...redisOptions(options), db };
  if (!sentinel) return new (ioredis().Redis)({ ...base, ...endpoints[0] });
  return new (ioredis().Redis)({
    ...base,
    sentinels: [...sentinel.endpoints],
    name: sentinel.master,
    // Its detector of failovers stays off: one that fires while a connection is being made ends the client for good (seen with 6.0.0). The
    // old master closes its connections anyway, or answers READONLY, and then the Sentinels are asked.
    ...(sentinel.password && { sentinelPassword: sentinel.password.reveal() }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
  });
}

function clusterClient(options: ConnectOptions): Cluster {
  const { retryStrategy: _retry, enableOfflineQueue: _queue, ...node } = redisOptions(options);
  const clusterOptions: Omit<ClusterOptions, 'redisOptions'> & { redisOptions: NodeOptions } = {
    lazyConnect: true,
    enableOfflineQueue: false,
    redisOptions: node,
    slotsRefreshInterval: slotsRefreshMs,
    slotsRefreshTimeout: options.dialTimeoutMs,
    clusterRetryStrategy: (times) => Math.min(50 * times, reconnectMsMax),
    // A name that the certificate carries stays a name: addresses are looked up by the connection itself.
    dnsLookup: (address, callback) => callback(null, address),
  };
  return new (ioredis().Cluster)([...options.address.endpoints], clusterOptions);
}

async function ready(client: Client, { dialTimeoutMs }: ConnectOptions): Promise<Client> {
  let cause: unknown;
  client.on('error', (error: unknown) => (cause = error));
  const timer = setTimeout(() => client.disconnect(), dialTimeoutMs);
  try {
    await client.connect();
    client.on('end', () => revive(client));
    return client;
  } catch (error) {
    client.disconnect();
    throw unavailable('connect to', cause ?? error);
  } finally {
    clearTimeout(timer);
  }
}

export function disconnect(client: Client): void {
  client.removeAllListeners('end');
  client.disconnect();
}

/** A client that gave up, for whatever reason, begins again. */
function revive(client: Client): void {
  const again = (): void => void (client.listenerCount('end') > 0 && client.connect().catch(() => {}));
  setTimeout(again, reconnectMsMax).unref();
}

/** A server that does not say is taken for a single one. */
async function isClusterNode(client: Redis): Promise<boolean> {
  const info = await client.info('cluster').catch(() => '');
  return info.includes('cluster_enabled:1');
}
