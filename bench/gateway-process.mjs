// A gateway, its load generator and its destination, each in a process of its own. Linux only (it reads /proc).
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const here = (path) => new URL(path, import.meta.url).pathname;
const ticksPerSecond = 100;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

export const peakMiB = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export async function startSink() {
  const child = fork(here('sink-process.mjs'), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const [url] = await once(createInterface(child.stdout), 'line');
  return { child, url };
}

/** The load generator. `send`: see `load-process.mjs`. */
export function startLoad(execPrefix = []) {
  const child = fork(here('load-process.mjs'), { execArgv: execPrefix });
  return {
    child,
    send: async (job) => {
      child.send(job);
      const [result] = await once(child, 'message');
      return result;
    },
  };
}

/** A gateway with the disk journal. `processors`: by id, in their order. `nodeOptions`: for profiles. */
export async function startGateway(sinkUrl, options = {}) {
  for (let attempt = 1; ; attempt += 1) {
    const gateway = await tryGateway(sinkUrl, options);
    if (gateway) return gateway;
    // Somebody else may have taken a port meanwhile.
    if (attempt === 3) throw new Error('the gateway does not start');
  }
}

async function tryGateway(
  sinkUrl,
  { workers = 1, processors = {}, nodeOptions = [], main = here('../dist/main.js'), env = {}, prefix = [], ipc = false },
) {
  const directory = mkdtempSync(join(tmpdir(), 'spanway-bench-'));
  const [httpPort, grpcPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  const config = JSON.stringify({
    receivers: {
      otlp: {
        protocols: {
          http: { endpoint: `127.0.0.1:${httpPort}`, max_request_body_size: '64MiB' },
          grpc: { endpoint: `127.0.0.1:${grpcPort}` },
        },
      },
    },
    processors,
    exporters: { langsmith: { endpoint: sinkUrl, api_key: 'bench', sending_queue: { queue_size: '8GiB' } } },
    extensions: { file_storage: { directory } },
    service: {
      extensions: ['file_storage'],
      workers,
      telemetry: {
        logs: { level: 'warn' },
        metrics: { readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port: metricsPort } } } }] },
      },
      pipelines: { traces: { receivers: ['otlp'], processors: Object.keys(processors), exporters: ['langsmith'] } },
    },
  });
  const command = [...prefix, process.execPath, ...nodeOptions, main, 'run', '--config', `yaml:${config}`];
  const child = spawn(command[0], command.slice(1), {
    stdio: ['ignore', 'inherit', 'inherit', ...(ipc ? ['ipc'] : [])],
    env: { ...process.env, ...env },
  });
  const metric = async (name) => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  };
  const serves = () =>
    Promise.all([metric('spanway_waiting_items'), fetch(`http://127.0.0.1:${httpPort}`)]).then(
      () => true,
      () => false,
    );
  while (!(await serves())) {
    if (child.exitCode !== null) return undefined;
    await pause(50);
  }
  return {
    child,
    httpPort,
    grpcPort,
    metric,
    /** Since the last call, in ms; with `loop-delay.mjs` and `ipc`. */
    loopDelay: async () => {
      child.send('delay');
      return (await once(child, 'message'))[0];
    },
    /** Of the process, or of its workers. */
    pids: () => {
      const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
      return workers === 1 ? [child.pid] : children.split(' ').map(Number);
    },
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A gateway with its load generator and its destination, all of which are gone afterwards. */
export async function withGateway(options, use) {
  const sink = await startSink();
  const load = startLoad();
  const gateway = await startGateway(sink.url, options);
  try {
    return await use(gateway, load, sink);
  } finally {
    await gateway.stop();
    load.child.kill();
    sink.child.kill();
  }
}

/** Sends a job and waits until all of it is delivered. Spans per CPU-second are of the gateway alone. */
export async function drive(gateway, load, job) {
  const cpu = () => gateway.pids().reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const [cpuBefore, deliveredBefore, start] = [cpu(), await gateway.metric('spanway_delivered_items'), performance.now()];
  const result = await load.send({ port: job.transport === 'grpc' ? gateway.grpcPort : gateway.httpPort, ...job });
  const spans = job.requests * job.spans;
  while ((await gateway.metric('spanway_delivered_items')) - deliveredBefore < spans) await pause(20);
  const seconds = (performance.now() - start) / 1_000;
  const cpuUsed = cpu() - cpuBefore;
  return { ...result, spans, perCpuSecond: spans / cpuUsed, perSecond: spans / seconds, bytesPerSpan: result.bytes / spans };
}

/** Before so many spans the compiler has not seen everything, and what it has not compiled costs twice as much. */
const warmSpans = 60_000;

export async function warm(gateway, load, job) {
  for (let spans = 0; spans < warmSpans; spans += job.requests * job.spans) await drive(gateway, load, job);
}

/** The same job at half of what was reached, with requests enough for a p99. */
export const atHalf = (job, spansPerSecond) => ({
  ...job,
  requests: Math.max(300, job.requests / 2),
  perSecond: spansPerSecond / job.spans / 2,
});

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

export function post(port, body) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const sending = http.request({ agent, port, host: '127.0.0.1', path: '/v1/traces', method: 'POST', headers }, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode, ms: performance.now() - start }));
    });
    sending.on('error', reject).end(body);
  });
}
