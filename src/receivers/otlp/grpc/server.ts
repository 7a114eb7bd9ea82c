/**
 * OTLP over gRPC, on `node:http2` itself. Read this file first: connections (`connection.ts`) bring calls (`call.ts`), each of one message
 * (`message.ts`), which are answered (`answer.ts`). A unary call is little on the wire, and the server of grpc-js keeps what is not whole yet out of sight:
 * neither its memory nor its time could be limited. Source: OTLP specification 1.11, "OTLP/gRPC"; gRPC over HTTP2.
 */
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2';
import type { Deps } from '../../../model/component.ts';
import type { GrpcConfig } from '../config.ts';
import { Connections } from '../connections.ts';
import { ServerTls } from '../tls/server-tls.ts';
import { type CallDeps, headerBytesMax, serveCall } from './call.ts';
import { Connection } from './connection.ts';

export interface GrpcDeps extends CallDeps, Deps {}

const lookMs = 1_000;
const headersMax = 256;
/** What a client may send before it hears of us again. Larger than HTTP/2's own, so that a distant client is not slowed down by the way. */
const streamWindowBytes = 2 ** 20;
const connectionWindowBytes = 4 * 2 ** 20;
/** Of one connection, in MB: what stands in Node's own queues. */
const sessionMemoryMax = 64;

export class GrpcServer {
  readonly #config: GrpcConfig;
  readonly #deps: GrpcDeps;
  readonly #server: Http2Server | Http2SecureServer;
  readonly #tls: ServerTls | undefined;
  readonly #open: Connections;
  readonly #connections = new Map<ServerHttp2Session, Connection>();
  #ticker: NodeJS.Timeout | undefined;

  constructor(config: GrpcConfig, deps: GrpcDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#tls = config.tls && new ServerTls(config.tls, 'grpc', deps);
    const options = optionsOf(config);
    const secure = this.#tls && createSecureServer({ ...options, ...this.#tls.options, handshakeTimeout: config.handshake_timeout });
    this.#server = secure ?? createServer(options);
    if (secure) this.#tls?.start(secure);
    this.#open = new Connections(this.#server, config, deps);
    this.#server.on('session', (session: ServerHttp2Session) => this.#accept(session));
    // Errors of a connection end that connection; nobody here could do more about them.
    this.#server.on('sessionError', () => {});
  }

  get server(): Http2Server | Http2SecureServer {
    return this.#server;
  }

  start(): void {
    this.#ticker = setInterval(() => {
      for (const connection of this.#connections.values()) connection.look();
    }, lookMs);
    this.#ticker.unref();
  }

  /** Takes over the port of another one, whose connections count here while they last. */
  follow(former: GrpcServer): void {
    this.#open.follow(former.#open);
  }

  lookAtFiles(): void {
    this.#tls?.look();
  }

  /** Calls under way are finished; at the deadline everything is closed. */
  async stop(deadlineMs: number): Promise<void> {
    clearInterval(this.#ticker);
    this.#tls?.stop();
    this.#server.close();
    for (const connection of this.#connections.values()) connection.close();
    const destroy = (): void => {
      for (const connection of this.#connections.values()) connection.destroy();
    };
    const timer = setTimeout(destroy, Math.max(0, deadlineMs - this.#deps.clock.now()));
    await this.#open.none();
    clearTimeout(timer);
  }

  #accept(session: ServerHttp2Session): void {
    const connection = new Connection(session, this.#config, () => this.#deps.clock.now());
    this.#connections.set(session, connection);
    session.setLocalWindowSize(connectionWindowBytes);
    session.once('close', () => this.#connections.delete(session));
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, rawHeaders: string[]) => {
      // A call that breaks off is seen by its 'close'.
      stream.on('error', () => {});
      connection.begun(stream);
      void serveCall(stream, headers, rawHeaders, this.#config, this.#deps);
    });
  }
}

function optionsOf({ max_concurrent_streams: maxConcurrentStreams }: GrpcConfig): ServerOptions {
  return {
    settings: { maxConcurrentStreams, initialWindowSize: streamWindowBytes, maxHeaderListSize: headerBytesMax, enablePush: false },
    maxHeaderListPairs: headersMax,
    maxSessionMemory: sessionMemoryMax,
  };
}
