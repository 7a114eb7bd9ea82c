// The whole gateway in a process of its own: OTLP/HTTP in, disk journal with sync, trees, upload to the sink. Linux only (it reads /proc).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { median, table, thousands } from './measure.mjs';
import { request } from './payload.mjs';

const here = (path) => new URL(path, import.meta.url).pathname;
const ticksPerSecond = 100;

export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

const peakMiB = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export async function startSink() {
  const child = spawn('node', [here('sink-process.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(createInterface(child.stdout), 'line');
  return { child, url };
}

async function startGateway(sinkUrl, directory) {
  const [httpPort, metricsPort] = [await freePort(), await freePort()];
  const config = JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${httpPort}` } } } },
    exporters: { langsmith: { endpoint: sinkUrl, api_key: 'bench', sending_queue: { queue_size: '8GiB' } } },
    extensions: { file_storage: { directory } },
    service: {
      extensions: ['file_storage'],
      telemetry: {
        logs: { level: 'warn' },
        metrics: { readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port: metricsPort } } } }] },
      },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['langsmith'] } },
    },
  });
  const child = spawn('node', [here('../dist/main.js'), 'run', '--config', `yaml:${config}`], { stdio: ['ignore', 'inherit', 'inherit'] });
  const metric = async (name) => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  };
  for (;;) {
    const up = await metric('spanway_waiting_items').then(
      () => true,
      () => false,
    );
    if (up) return { child, httpPort, metric };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

export function post(port, body) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const sending = http.request(
      {
        agent,
        port,
        host: '127.0.0.1',
        path: '/v1/traces',
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length },
      },
      (answer) => {
        answer.resume().on('end', () => resolve({ status: answer.statusCode, ms: performance.now() - start }));
      },
    );
    sending.on('error', reject).end(body);
  });
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** Sends `requests` bodies with `clients` at a time, waits until everything is delivered. */
async function drive(gateway, kind, spansPerRequest, requests, clients) {
  const bodies = Array.from({ length: requests }, () => request(kind, spansPerRequest));
  const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
  const latencies = [];
  const pid = gateway.child.pid;
  const [cpu, start, before] = [cpuSeconds(pid), performance.now(), await gateway.metric('spanway_delivered_items')];
  let refused = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let body = bodies.pop(); body; body = bodies.pop()) {
        for (;;) {
          const { status, ms } = await post(gateway.httpPort, body);
          if (status === 200) {
            latencies.push(ms);
            break;
          }
          refused += 1;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    }),
  );
  const acknowledged = (performance.now() - start) / 1000;
  const spans = requests * spansPerRequest;
  while ((await gateway.metric('spanway_delivered_items')) - before < spans) await new Promise((resolve) => setTimeout(resolve, 20));
  const elapsed = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    spans,
    perCpuSecond: spans / (cpuSeconds(pid) - cpu),
    perSecond: spans / elapsed,
    acknowledgedPerSecond: spans / acknowledged,
    bytesPerSpan: bytes / spans,
    p50: at(latencies, 0.5),
    p99: at(latencies, 0.99),
    refused,
  };
}

export async function benchGateway({ rounds = 3 } = {}) {
  const rows = [];
  for (const [kind, spansPerRequest, requests] of [
    ['small', 128, 400],
    ['llm', 128, 120],
    ['indexed', 128, 120],
  ]) {
    const directory = mkdtempSync(join(tmpdir(), 'spanway-bench-'));
    const sink = await startSink();
    const gateway = await startGateway(sink.url, directory);
    await drive(gateway, kind, spansPerRequest, Math.floor(requests / 4), 8);
    const results = [];
    for (let round = 0; round < rounds; round += 1) results.push(await drive(gateway, kind, spansPerRequest, requests, 8));
    const gentle = await drive(gateway, kind, spansPerRequest, Math.floor(requests / 4), 1);
    const middle = (pick) => median(results.map(pick));
    rows.push([
      `${kind}, ${Math.round(results[0].bytesPerSpan)} B`,
      `${thousands(middle((one) => one.perCpuSecond))}`,
      `${thousands(middle((one) => one.perSecond))}`,
      `${gentle.p50.toFixed(1)} / ${gentle.p99.toFixed(1)} ms`,
      `${middle((one) => one.p50).toFixed(1)} / ${middle((one) => one.p99).toFixed(1)} ms`,
      `${Math.round(peakMiB(gateway.child.pid))} MiB`,
    ]);
    gateway.child.kill('SIGTERM');
    await once(gateway.child, 'exit');
    sink.child.kill('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  }
  table(
    'Whole gateway: HTTP protobuf, 128 spans a request, disk journal with sync, trees, upload to the sink',
    [
      'spans',
      'spans per CPU-second of the gateway',
      'spans per second, delivered',
      'acknowledgement p50 / p99, one client',
      'p50 / p99, eight clients',
      'peak RSS',
    ],
    rows,
  );
}
