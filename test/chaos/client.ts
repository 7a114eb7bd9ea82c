/** Applications behind a load balancer that knows nothing: each request to any gateway, over HTTP or gRPC, again until it is acknowledged, as SDKs do. */
import grpc from '@grpc/grpc-js';
import { encode, type Forest } from './forest.ts';
import type { Random } from './random.ts';

export interface Target {
  readonly http: string;
  readonly grpc: string;
}

type Answer = 'acknowledged' | 'again' | `refused: ${string}`;

const timeoutMs = 2_000;
const clients = 12;
/** An exporter waits before it sends again. */
const pauseMs = 100;
const retryableHttp = new Set([429, 502, 503, 504]);
const retryableGrpc = new Set([
  grpc.status.CANCELLED,
  grpc.status.DEADLINE_EXCEEDED,
  grpc.status.RESOURCE_EXHAUSTED,
  grpc.status.UNAVAILABLE,
]);
const exportPath = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const identity = (bytes: Buffer): Buffer => bytes;

export interface ClientOptions {
  readonly encode?: typeof encode;
  /** Such that the nemesis meets a load that goes on, and a slow machine is not buried. */
  readonly spansPerSecond?: number;
}

export class Client {
  acknowledged = 0;
  retries = 0;
  /** Answers that an SDK may not try again after: there must be none. */
  readonly refusals: string[] = [];
  readonly #targets: readonly Target[];
  readonly #forest: Forest;
  readonly #random: Random;
  readonly #encode: typeof encode;
  readonly #spansPerSecond: number;
  readonly #channels = new Map<string, grpc.Client>();
  #requests: ReturnType<Forest['nextRequests']> = [];

  constructor(targets: readonly Target[], forest: Forest, random: Random, options: ClientOptions = {}) {
    this.#targets = targets;
    this.#forest = forest;
    this.#random = random;
    this.#encode = options.encode ?? encode;
    this.#spansPerSecond = options.spansPerSecond ?? 3_000;
  }

  /** Sends as long as `goOn` says so; resolves when every span of the forest is acknowledged. */
  async run(goOn: () => boolean): Promise<void> {
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (let request = this.#next(goOn); request; request = this.#next(goOn)) {
          await this.#deliver(this.#encode(request));
          this.acknowledged += request.length;
          await wait((this.acknowledged / this.#spansPerSecond) * 1_000 - (performance.now() - startedAt));
        }
      }),
    );
    for (const channel of this.#channels.values()) channel.close();
  }

  #next(goOn: () => boolean): ReturnType<Forest['nextRequests']>[number] | undefined {
    if (this.#requests.length === 0 && goOn()) this.#requests = this.#forest.nextRequests();
    return this.#requests.shift();
  }

  async #deliver(body: Buffer): Promise<void> {
    for (;;) {
      const target = this.#random.pick(this.#targets);
      const answer = await (this.#random.next() < 0.5 ? sendHttp(target.http, body) : this.#sendGrpc(target.grpc, body));
      if (answer === 'acknowledged') return;
      if (answer !== 'again') return void this.refusals.push(answer);
      this.retries += 1;
      await wait(pauseMs);
    }
  }

  #sendGrpc(address: string, body: Buffer): Promise<Answer> {
    const deadline = Date.now() + timeoutMs;
    return new Promise((resolve) => {
      this.#channel(address).makeUnaryRequest(exportPath, identity, identity, body, { deadline }, (error) => {
        if (!error) resolve('acknowledged');
        else resolve(retryableGrpc.has(error.code) ? 'again' : `refused: gRPC ${error.code} ${error.details}`);
      });
    });
  }

  #channel(address: string): grpc.Client {
    let channel = this.#channels.get(address);
    channel ??= new grpc.Client(address, grpc.credentials.createInsecure(), {
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 500,
    });
    this.#channels.set(address, channel);
    return channel;
  }
}

async function sendHttp(url: string, body: Buffer): Promise<Answer> {
  const headers = { 'content-type': 'application/x-protobuf' };
  try {
    const response = await fetch(`${url}/v1/traces`, { method: 'POST', body, headers, signal: AbortSignal.timeout(timeoutMs) });
    await response.arrayBuffer();
    if (response.ok) return 'acknowledged';
    return retryableHttp.has(response.status) ? 'again' : `refused: HTTP ${response.status}`;
  } catch {
    return 'again';
  }
}
