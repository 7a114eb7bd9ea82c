// A load generator as a process of its own, so that what it costs is not counted as the gateway's. Bare sockets and requests that are composed
// beforehand: it spends a few microseconds per request beside the copying. One job per message from the parent, one answer per job.
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { compress as zstd } from '@cloudpss/zstd/wasm';
import * as grpc from '@grpc/grpc-js';
import { renew, template } from './templates.mjs';

const types = { protobuf: 'application/x-protobuf', json: 'application/json' };
const compressed = { gzip: (body) => gzipSync(body, { level: 1 }), zstd: (body) => Buffer.from(zstd(body, 3)) };
const headEnd = Buffer.from('\r\n\r\n');
const retryMs = 50;

/** One keep-alive connection that has one request under way. */
class HttpClient {
  #socket;
  #start;
  #head;
  #length;
  #answered;
  #received = Buffer.alloc(0);

  constructor({ port, encoding, compression }) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const compressed = compression ? `Content-Encoding: ${compression}\r\n` : '';
    this.#start = `POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${types[encoding]}\r\n${compressed}`;
    this.#socket.on('data', (chunk) => this.#take(chunk));
  }

  /** Resolves with whether it was taken. */
  send(body) {
    if (this.#length !== body.length) {
      this.#length = body.length;
      this.#head = Buffer.from(`${this.#start}Content-Length: ${body.length}\r\n\r\n`);
    }
    return new Promise((resolve) => {
      this.#answered = resolve;
      if (body.length < 16_384) this.#socket.write(Buffer.concat([this.#head, body]));
      else {
        this.#socket.cork();
        this.#socket.write(this.#head);
        this.#socket.write(body);
        this.#socket.uncork();
      }
    });
  }

  close() {
    this.#socket.destroy();
  }

  #take(chunk) {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf(headEnd);
    if (end < 0) return;
    const head = this.#received.latin1Slice(0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return;
    this.#received = Buffer.alloc(0);
    this.#answered(head.startsWith('HTTP/1.1 200'));
  }
}

class GrpcClient {
  #client;

  constructor({ port }) {
    this.#client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  }

  send(body) {
    const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
    const same = (bytes) => bytes;
    return new Promise((resolve) => this.#client.makeUnaryRequest(path, same, same, body, (error) => resolve(!error)));
  }

  close() {
    this.#client.close();
  }
}

/** `perSecond`: requests are due at that rate (latency counts from when one was due); without it each client sends as soon as it has its answer. */
async function drive({ kind, spans, requests, clients, encoding = 'protobuf', compression, transport = 'http', port, perSecond }) {
  const latencies = [];
  const start = performance.now();
  let sent = 0;
  let refused = 0;
  let bytes = 0;
  const client = async () => {
    const own = template(kind, spans, encoding);
    const connection = new (transport === 'grpc' ? GrpcClient : HttpClient)({ port, encoding, compression });
    while (sent < requests) {
      renew(own);
      const body = compression ? compressed[compression](own.body) : own.body;
      const due = perSecond === undefined ? performance.now() : start + (sent / perSecond) * 1_000;
      sent += 1;
      while (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      while (!(await connection.send(body))) {
        refused += 1;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
      bytes += body.length;
      latencies.push(performance.now() - due);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: clients }, client));
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  return { refused, bytes, seconds: (performance.now() - start) / 1_000, p50: at(0.5), p99: at(0.99) };
}

process.on('message', async (job) => process.send(await drive(job)));
