/** The built program near its memory limit: it refuses what comes with an error that clients retry, and takes it again once memory is free. */
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { transcodeTraces } from '../../src/otlp/otlp.ts';
import { temporaryDirectory, until } from '../e2e/harness.ts';
import { Program } from './program.ts';

const mebibyte = 2 ** 20;
const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
let directory: ReturnType<typeof temporaryDirectory>;
let program: Program | undefined;
const sockets: Socket[] = [];

beforeEach(() => (directory = temporaryDirectory()));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await program?.kill();
  directory.remove();
});

const configuration = (limitMebibytes: number): string =>
  JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' }, grpc: { endpoint: '127.0.0.1:0' } } } },
    processors: {
      memory_limiter: { check_interval: '10ms', limit_mib: limitMebibytes, spike_limit_mib: 1, min_gc_interval_when_soft_limited: '100ms' },
    },
    exporters: { nop: null },
    service: {
      telemetry: { metrics: { level: 'none' }, logs: { encoding: 'json' } },
      pipelines: { traces: { receivers: ['otlp'], processors: ['memory_limiter'], exporters: ['nop'] } },
    },
  });

const span = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 'n', startTimeUnixNano: '1', endTimeUnixNano: '2' };
const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
const headers = { 'content-type': 'application/json' };

const overHttp = (): Promise<Response> => fetch(`http://${program?.address('http')}/v1/traces`, { method: 'POST', headers, body });

/** The code of the answer. */
function overGrpc(): Promise<grpc.status> {
  const client = new grpc.Client(String(program?.address('grpc')), grpc.credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  const message = Buffer.from(transcodeTraces(Buffer.from(body) as never));
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, same, same, message, (error) => {
      client.close();
      resolve(error?.code ?? grpc.status.OK);
    });
  });
}

function residentMebibytes(): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${program?.pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** A request of which all but the last byte is sent: the program must hold it. */
function slowRequest(mebibytes: number): void {
  const [host = '', port] = String(program?.address('http')).split(':');
  const socket = connect(Number(port), host);
  sockets.push(socket);
  const length = mebibytes * mebibyte;
  socket.write(`POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${length}\r\n\r\n`);
  socket.write(Buffer.alloc(length - 1));
}

test('above the limit it refuses over HTTP and gRPC with errors that clients retry, and takes data again when memory is free', async () => {
  const file = join(directory.path, 'gateway.yaml');
  writeFileSync(file, configuration(100_000));
  program = await Program.run(file);
  for (let request = 0; request < 50; request++) expect((await overHttp()).status).toBe(200);
  expect(await overGrpc()).toBe(grpc.status.OK);

  const limit = Math.ceil(residentMebibytes()) + 100;
  writeFileSync(file, configuration(limit));
  program.signal('SIGHUP');
  await program.appears('Configuration reloaded.');
  expect((await overHttp()).status).toBe(200);

  for (let request = 0; request < 4; request++) slowRequest(60);
  await until(
    async () => (await overHttp()).status === 503,
    () => `${residentMebibytes()} of ${limit} MiB`,
  );
  const refused = await overHttp();
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.text()).toContain('data refused due to high memory usage');
  expect(await overGrpc()).toBe(grpc.status.UNAVAILABLE);
  expect(
    JSON.stringify(program.logged('degraded').concat(program.logged('memory use is above its soft limit; data is refused'))),
  ).toContain('limitBytes');

  for (const socket of sockets.splice(0)) socket.destroy();
  await until(
    async () => (await overHttp()).status === 200,
    () => `${residentMebibytes()} of ${limit} MiB`,
  );
  expect(await overGrpc()).toBe(grpc.status.OK);
}, 60_000);
