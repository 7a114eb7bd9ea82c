// The journal in Redis: appends per durability level, and the whole gateway over it with one and two workers. Linux only (it reads /proc).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { systemClock } from '../dist/service/clock.js';
import { factories } from '../dist/service/components.js';
import { cpuSeconds, freePort, post, startSink } from './gateway-process.mjs';
import { median, table, thousands } from './measure.mjs';
import { request } from './payload.mjs';

const here = (path) => new URL(path, import.meta.url).pathname;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const observer = new Proxy({}, { get: () => () => {} });

/** A process with its children. */
function treeCpuSeconds(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + treeCpuSeconds(child), cpuSeconds(pid));
}

async function startRedis(...args) {
  const [port, directory] = [await freePort(), mkdtempSync(join(tmpdir(), 'spanway-bench-'))];
  const common = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'yes'];
  const child = spawn('redis-server', [...common, ...args], { stdio: 'ignore' });
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => {});
  await client.ping();
  return {
    port,
    child,
    client,
    async stop() {
      client.disconnect();
      child.kill('SIGKILL');
      await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Servers for a level; the first one is written to. */
async function serversFor(durability) {
  const master = await startRedis('--appendfsync', durability === 'redis_fsync' ? 'always' : 'everysec', '--repl-diskless-sync-delay', '0');
  if (durability !== 'redis_replica') return [master];
  const replica = await startRedis('--appendfsync', 'everysec', '--replicaof', '127.0.0.1', `${master.port}`);
  while (!(await master.client.info('replication')).includes('state=online')) await wait(20);
  return [master, replica];
}

async function appendRate(durability, bytes, seconds) {
  const servers = await serversFor(durability);
  const [{ port, child }] = servers;
  const factory = factories.find(({ type }) => type === 'redis_storage');
  const storage = factory.create(factory.schema.parse({ url: `redis://127.0.0.1:${port}` }), { id: 'bench', observer, clock: systemClock });
  const journal = await storage.open('bench', { durability, bytesMax: 64 * 2 ** 30 });
  const payload = Buffer.alloc(bytes, 'spanway ');
  let entries = 0;
  const [cpu, serverCpu, start] = [process.cpuUsage(), cpuSeconds(child.pid), performance.now()];
  await Promise.all(
    Array.from({ length: 64 }, async (_, writer) => {
      for (let i = 0; performance.now() - start < seconds * 1000; i += 1) {
        await journal.append([{ partition: (writer + i) % journal.partitions, payload, items: 1 }]);
        entries += 1;
      }
    }),
  );
  const elapsed = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const server = ((cpuSeconds(child.pid) - serverCpu) * 1e6) / entries;
  await journal.close();
  for (const one of servers) await one.stop();
  return { perSecond: entries / elapsed, client: (user + system) / entries, server };
}

async function startGateway(sinkUrl, redisPort, workers, durability) {
  const [httpPort, metricsPort] = [await freePort(), await freePort()];
  const reader = { pull: { exporter: { prometheus: { host: '127.0.0.1', port: metricsPort } } } };
  const queue = { storage: 'redis_storage', durability, queue_size: '8GiB' };
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${httpPort}` } } } },
    exporters: { langsmith: { endpoint: sinkUrl, api_key: 'bench', sending_queue: queue } },
    extensions: { redis_storage: { url: `redis://127.0.0.1:${redisPort}` } },
    service: {
      workers,
      extensions: ['redis_storage'],
      telemetry: { logs: { level: 'warn' }, metrics: { readers: [reader] } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['langsmith'] } },
    },
  };
  const args = [here('../dist/main.js'), 'run', '--config', `yaml:${JSON.stringify(config)}`];
  const child = spawn('node', args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const delivered = async () => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.startsWith('spanway_delivered_items{'));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  };
  while (!(await post(httpPort, Buffer.alloc(0)).catch(() => undefined))) await wait(50);
  return { child, httpPort, delivered };
}

const spansPerRequest = 128;

async function drive(gateway, redis, requests) {
  const bodies = Array.from({ length: requests }, () => request('llm', spansPerRequest));
  const before = await gateway.delivered();
  const [cpu, serverCpu, start] = [treeCpuSeconds(gateway.child.pid), cpuSeconds(redis.child.pid), performance.now()];
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let body = bodies.pop(); body; body = bodies.pop()) while ((await post(gateway.httpPort, body)).status !== 200) await wait(100);
    }),
  );
  const spans = requests * spansPerRequest;
  const acknowledged = (performance.now() - start) / 1000;
  while ((await gateway.delivered()) - before < spans) await wait(20);
  const elapsed = (performance.now() - start) / 1000;
  return {
    acknowledgedPerSecond: spans / acknowledged,
    perSecond: spans / elapsed,
    perCpuSecond: spans / (treeCpuSeconds(gateway.child.pid) - cpu),
    serverMicros: ((cpuSeconds(redis.child.pid) - serverCpu) * 1e6) / spans,
  };
}

async function deliveryRow(durability, workers, rounds) {
  const servers = await serversFor(durability);
  const [redis] = servers;
  const sink = await startSink();
  const gateway = await startGateway(sink.url, redis.port, workers, durability);
  await drive(gateway, redis, 20);
  const results = [];
  for (let round = 0; round < rounds; round += 1) results.push(await drive(gateway, redis, 60));
  gateway.child.kill('SIGTERM');
  await once(gateway.child, 'exit');
  sink.child.kill('SIGTERM');
  for (const server of servers.reverse()) await server.stop();
  const middle = (pick) => median(results.map(pick));
  return [
    durability,
    `${workers}`,
    `${thousands(middle((one) => one.acknowledgedPerSecond))}`,
    `${thousands(middle((one) => one.perSecond))}`,
    `${thousands(middle((one) => one.perCpuSecond))}`,
    `${middle((one) => one.serverMicros).toFixed(1)} µs`,
  ];
}

export async function benchRedis({ rounds = 3, seconds = 1.5 } = {}) {
  const appends = [];
  for (const durability of ['redis', 'redis_fsync', 'redis_replica']) {
    for (const bytes of [2_048, 65_536]) {
      const runs = [];
      for (let round = 0; round < rounds; round += 1) runs.push(await appendRate(durability, bytes, seconds));
      const middle = (pick) => median(runs.map(pick));
      appends.push([
        durability,
        `${bytes / 1024} KiB`,
        `${thousands(middle((run) => run.perSecond))}/s`,
        `${Math.round((middle((run) => run.perSecond) * bytes) / 1e6)} MB/s`,
        `${middle((run) => run.client).toFixed(1)} µs`,
        `${middle((run) => run.server).toFixed(1)} µs`,
      ]);
    }
  }
  table(
    'Redis journal: append, 64 under way',
    ['durability', 'entry', 'entries', 'bytes', 'client CPU per entry', 'server CPU per entry'],
    appends,
  );
  const deliveries = [];
  for (const durability of ['redis', 'redis_fsync', 'redis_replica'])
    for (const workers of [1, 2]) deliveries.push(await deliveryRow(durability, workers, rounds));
  table(
    'Whole gateway over Redis: HTTP protobuf, LLM spans, 128 a request, upload to the sink',
    ['durability', 'workers', 'spans per second, acknowledged', 'delivered', 'spans per CPU-second of the workers', 'Redis CPU per span'],
    deliveries,
  );
}
