/** Clients that send without pause over HTTP and gRPC, as SDKs do: what was not acknowledged for a passing reason is sent again. */
import grpc from '@grpc/grpc-js';
import { transcodeTraces } from '../../src/otlp/otlp.ts';

export interface Targets {
  http(): string;
  grpc(): string;
}

export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

/** What became of one try: `again` is an answer or failure that the OTLP specification lets clients retry. */
type Answer = 'acknowledged' | 'again' | `failed: ${string}`;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
/** As the exporters of SDKs have it. */
const timeoutMs = 10_000;
const retryableHttp = new Set([429, 502, 503, 504]);
const retryableGrpc = new Set([
  grpc.status.UNAVAILABLE,
  grpc.status.RESOURCE_EXHAUSTED,
  grpc.status.CANCELLED,
  grpc.status.DEADLINE_EXCEEDED,
]);

function body({ traceId, spanId, parentSpanId }: SentSpan): Buffer {
  const times = { startTimeUnixNano: '1767225600000000000', endTimeUnixNano: '1767225601000000000' };
  const span = { traceId, spanId, ...(parentSpanId ? { parentSpanId } : {}), name: `span ${spanId}`, kind: 1, ...times };
  return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
}

async function sendHttp(url: string, span: SentSpan): Promise<Answer> {
  const request = {
    method: 'POST',
    body: body(span),
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  };
  const response = await fetch(`${url}/v1/traces`, request).catch(() => undefined);
  if (!response || retryableHttp.has(response.status)) return 'again';
  await response.arrayBuffer().catch(() => undefined);
  return response.ok ? 'acknowledged' : `failed: HTTP ${response.status}`;
}

const exportPath = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const identity = (bytes: Buffer): Buffer => bytes;

function sendGrpc(client: grpc.Client, span: SentSpan): Promise<Answer> {
  const message = Buffer.from(transcodeTraces(body(span) as never));
  return new Promise((resolve) => {
    client.makeUnaryRequest(exportPath, identity, identity, message, { deadline: Date.now() + timeoutMs }, (error) => {
      if (!error) resolve('acknowledged');
      else resolve(retryableGrpc.has(error.code) ? 'again' : `failed: gRPC ${error.code} ${error.details}`);
    });
  });
}

export class Load {
  readonly acknowledged: SentSpan[] = [];
  readonly failures: string[] = [];
  retries = 0;
  readonly #targets: Targets;
  readonly #clients: Promise<void>[] = [];
  #number = 1;
  #stopping = false;

  constructor(targets: Targets, clients: { readonly http: number; readonly grpc: number }) {
    this.#targets = targets;
    for (let client = 0; client < clients.http; client++) this.#clients.push(this.#loop((span) => sendHttp(targets.http(), span)));
    for (let client = 0; client < clients.grpc; client++) this.#clients.push(this.#grpcLoop());
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#clients);
  }

  async #grpcLoop(): Promise<void> {
    let address = this.#targets.grpc();
    const open = (): grpc.Client =>
      new grpc.Client(address, grpc.credentials.createInsecure(), {
        'grpc.initial_reconnect_backoff_ms': 100,
        'grpc.use_local_subchannel_pool': 1,
      });
    let client = open();
    await this.#loop((span) => {
      if (this.#targets.grpc() !== address) {
        client.close();
        address = this.#targets.grpc();
        client = open();
      }
      return sendGrpc(client, span);
    });
    client.close();
  }

  /** Traces of a root and a child, the child first and in a request of its own, so that swaps fall between the two. */
  async #loop(send: (span: SentSpan) => Promise<Answer>): Promise<void> {
    while (!this.#stopping) {
      const number = this.#number++;
      const traceId = hex(number, 32);
      const root = { traceId, spanId: hex(number * 2, 16) };
      await this.#deliver({ traceId, spanId: hex(number * 2 + 1, 16), parentSpanId: root.spanId }, send);
      await this.#deliver(root, send);
    }
  }

  async #deliver(span: SentSpan, send: (span: SentSpan) => Promise<Answer>): Promise<void> {
    for (;;) {
      const answer = await send(span);
      if (answer === 'acknowledged') return void this.acknowledged.push(span);
      if (answer !== 'again') return void this.failures.push(answer);
      this.retries += 1;
    }
  }
}
