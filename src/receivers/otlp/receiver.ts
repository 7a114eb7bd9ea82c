/**
 * The `otlp` receiver. Read this file first: a request comes in over HTTP (`http.ts`) or gRPC (`grpc/server.ts`), is let in (`entrance.ts`), read and
 * decompressed within limits (`body.ts`, `encoding.ts`), decoded and handed on (`export.ts`), and answered by one table (`answer.ts`).
 */
import type { Server } from 'node:net';
import { hostAndPort } from '../../config/fields.ts';
import type { AllowanceOf, Authenticate, Consume, Deps, Receiver } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import type { Finding } from '../../model/finding.ts';
import { type GrpcConfig, type HttpConfig, type ReceiverConfig, receiverSchema } from './config.ts';
import { Entrance } from './entrance.ts';
import { examineAddress } from './examine.ts';
import { Exports } from './export.ts';
import { GrpcServer } from './grpc/server.ts';
import { HttpServer } from './http.ts';
import { InFlight } from './in-flight.ts';
import { Listener } from './listener.ts';

export interface OtlpReceiverDeps extends Deps {
  readonly consumeTraces: Consume | undefined;
  readonly consumeLogs: Consume | undefined;
  authenticator(extensionId: string): Authenticate;
  limiter(extensionId: string): AllowanceOf;
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
  readonly #inFlight: InFlight;
  readonly #addresses: { http?: Address; grpc?: Address } = {};
  readonly #listeners: { http?: Listener; grpc?: Listener } = {};

  constructor(config: ReceiverConfig, deps: OtlpReceiverDeps) {
    const { http, grpc } = config.protocols;
    this.#id = deps.id;
    this.#config = config;
    this.#inFlight = new InFlight(http?.max_in_flight_bytes ?? defaultInFlightBytes);
    const shared = {
      ...deps,
      exports: new Exports({ ...deps, acceptUnsupported: config.unsupported_signals === 'accept_and_drop' }),
      inFlight: this.#inFlight,
    };
    this.#http = http ? new HttpServer(http, { ...shared, entrance: entranceOf('http', http, deps) }) : undefined;
    this.#grpc = grpc ? new GrpcServer(grpc, { ...shared, entrance: entranceOf('grpc', grpc, deps) }) : undefined;
  }

  /** Where it really listens, once it does. */
  addresses(): { readonly http?: Address; readonly grpc?: Address } {
    return this.#addresses;
  }

  /** Bytes of requests under way. */
  get heldBytes(): number {
    return this.#inFlight.bytes;
  }

  async examine(): Promise<readonly Finding[]> {
    const { http, grpc } = this.#config.protocols;
    const findings = [
      grpc ? examineAddress('grpc', grpc.endpoint, grpc.tls !== undefined) : [],
      http ? examineAddress('http', http.endpoint, http.tls !== undefined) : [],
    ];
    return (await Promise.all(findings)).flat();
  }

  /**
   * Goes on with the ports of a receiver that it follows, where both have the same endpoint: what connects from now on is served here. Before the
   * own start, and before the other's stop, which finishes what is connected there.
   */
  takeOver(former: Receiver): void {
    if (!(former instanceof OtlpReceiver)) return;
    this.#inFlight.follow(former.#inFlight);
    for (const transport of ['http', 'grpc'] as const) {
      const { [transport]: listener } = former.#listeners;
      const server = this.#server(transport);
      if (!listener || !server || this.#endpoint(transport) !== former.#endpoint(transport)) continue;
      listener.switchTo(server);
      this.#listeners[transport] = listener;
      this.#addresses[transport] = former.#addresses[transport] as Address;
      delete former.#listeners[transport];
      if (transport === 'http') this.#http?.follow(former.#http as HttpServer);
      else this.#grpc?.follow(former.#grpc as GrpcServer);
    }
  }

  async start(): Promise<void> {
    for (const transport of ['grpc', 'http'] as const) {
      const server = this.#server(transport);
      if (!server) continue;
      if (!this.#listeners[transport]) await this.#listen(transport, server);
      (transport === 'http' ? this.#http : this.#grpc)?.start();
    }
  }

  /** Certificates that changed are in force from now on, for new connections. */
  lookAtFiles(): void {
    this.#http?.lookAtFiles();
    this.#grpc?.lookAtFiles();
  }

  async stop(deadlineMs: number): Promise<void> {
    const { http, grpc } = this.#addresses;
    const isFollowed = http !== undefined && this.#listeners.http === undefined;
    this.#listeners.http?.close();
    this.#listeners.grpc?.close();
    await Promise.all([http && this.#http?.stop(deadlineMs, isFollowed), grpc && this.#grpc?.stop(deadlineMs)]);
  }

  async #listen(transport: 'http' | 'grpc', server: Server): Promise<void> {
    const endpoint = this.#endpoint(transport) as string;
    const { host, port } = hostAndPort(endpoint);
    const listener = new Listener(server);
    // As Go does: of the addresses of localhost the one of IPv4, which every client tries.
    const bound = listener.bind(host === 'localhost' ? '127.0.0.1' : host, port);
    this.#addresses[transport] = { host, port: await bound.catch((error: Error) => this.#failed(endpoint, error)) };
    this.#listeners[transport] = listener;
  }

  #endpoint(transport: 'http' | 'grpc'): string | undefined {
    return this.#config.protocols[transport]?.endpoint;
  }

  #server(transport: 'http' | 'grpc'): Server | undefined {
    return transport === 'http' ? this.#http?.server : this.#grpc?.server;
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

function entranceOf(transport: 'http' | 'grpc', config: HttpConfig | GrpcConfig, deps: OtlpReceiverDeps): Entrance {
  return new Entrance(transport, {
    id: deps.id,
    authenticate: config.auth && deps.authenticator(config.auth.authenticator),
    allowances: config.middlewares.map(({ id }) => deps.limiter(id)),
    includeMetadata: config.include_metadata,
    now: () => deps.clock.now(),
  });
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
