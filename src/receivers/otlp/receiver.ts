/**
 * The `otlp` receiver. Read this file first: a request comes in over HTTP (`http.ts`) or gRPC (`grpc.ts`), is read and decompressed within limits
 * (`body.ts`, `encoding.ts`), decoded and handed on (`export.ts`), and answered by one table (`answer.ts`).
 */
import type { AddressInfo } from 'node:net';
import { hostAndPort } from '../../config/fields.ts';
import type { Authenticate, Consume, Deps, Receiver } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { InFlight } from './body.ts';
import { type ReceiverConfig, receiverSchema } from './config.ts';
import { Exports } from './export.ts';
import { GrpcServer } from './grpc.ts';
import { HttpServer } from './http.ts';

export interface OtlpReceiverDeps extends Deps {
  readonly consumeTraces: Consume | undefined;
  readonly consumeLogs: Consume | undefined;
  authenticator(extensionId: string): Authenticate;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

const defaultInFlightBytes = 512 * 2 ** 20;

export class OtlpReceiver implements Receiver {
  readonly #id: string;
  readonly #config: ReceiverConfig;
  readonly #http: HttpServer | undefined;
  readonly #grpc: GrpcServer | undefined;
  readonly #addresses: { http?: Address; grpc?: Address } = {};

  constructor(config: ReceiverConfig, deps: OtlpReceiverDeps) {
    const { http, grpc } = config.protocols;
    this.#id = deps.id;
    this.#config = config;
    const shared = {
      id: deps.id,
      exports: new Exports({ ...deps, acceptUnsupported: config.unsupported_signals === 'accept_and_drop' }),
      inFlight: new InFlight(http?.max_in_flight_bytes ?? defaultInFlightBytes),
      now: () => deps.clock.now(),
    };
    const authenticate = (protocol: typeof http | typeof grpc): Authenticate | undefined =>
      protocol?.auth ? deps.authenticator(protocol.auth.authenticator) : undefined;
    this.#http = http ? new HttpServer(http, { ...shared, authenticate: authenticate(http) }) : undefined;
    this.#grpc = grpc ? new GrpcServer(grpc, { ...shared, authenticate: authenticate(grpc) }) : undefined;
  }

  /** Where it really listens, once it does. */
  addresses(): { readonly http?: Address; readonly grpc?: Address } {
    return this.#addresses;
  }

  async start(): Promise<void> {
    const { http, grpc } = this.#config.protocols;
    if (grpc && this.#grpc) {
      const { host } = hostAndPort(grpc.endpoint);
      const port = await this.#grpc
        .listen(grpc.endpoint.startsWith(':') ? `[::]${grpc.endpoint}` : grpc.endpoint)
        .catch((error: Error) => this.#failed(grpc.endpoint, error));
      this.#addresses.grpc = { host, port };
    }
    if (http && this.#http) {
      const { host, port } = hostAndPort(http.endpoint);
      const { server } = this.#http;
      const bound = new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
      server.listen(port, host);
      await bound.catch((error: Error) => this.#failed(http.endpoint, error));
      this.#addresses.http = { host, port: (server.address() as AddressInfo).port };
    }
  }

  async stop(deadlineMs: number): Promise<void> {
    await Promise.all([this.#http && this.#addresses.http ? this.#http.stop(deadlineMs) : undefined, this.#grpc?.stop(deadlineMs)]);
  }

  #failed(endpoint: string, error: Error): never {
    const inUse = error.message.includes('EADDRINUSE') || (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const reason = inUse ? 'bind: address already in use' : error.message;
    throw new Fault('GW_START_FAILED', `failed to start "${this.#id}" receiver: listen tcp ${endpoint}: ${reason}`, {
      cause: error,
      ...(inUse ? { hint: 'another process listens there: stop it, or configure another endpoint' } : {}),
    });
  }
}

export const otlpReceiver = {
  kind: 'receiver',
  type: 'otlp',
  aliases: [],
  summary: 'Takes OTLP over HTTP (protobuf and JSON) and gRPC.',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema: receiverSchema,
  create: (config: unknown, deps: OtlpReceiverDeps): OtlpReceiver => new OtlpReceiver(config as ReceiverConfig, deps),
} as const;
