/**
 * OTLP over HTTP: routes, methods, types, and the answers of the Collector's table. On `node:http` itself: a framework costs more than decoding.
 * Source: OTLP specification 1.11, "OTLP/HTTP"; texts of the plain answers as in the Collector's otlpreceiver.
 */
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { asBytes } from '../../model/bytes.ts';
import type { Deps } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { free } from '../../model/free.ts';
import { exportResponse, statusMessage } from '../../otlp/otlp.ts';
import { codesOf, retryAfterMs, textOf } from './answer.ts';
import { type BodyLimits, readBody } from './body.ts';
import type { HttpConfig } from './config.ts';
import { Connections } from './connections.ts';
import { corsHeaders } from './cors.ts';
import { decodeBody } from './encoding.ts';
import type { Entrance, Metadata, Visitor } from './entrance.ts';
import type { Encoding, ExportSignal, Exports } from './export.ts';
import type { InFlight } from './in-flight.ts';
import { ServerTls } from './tls/server-tls.ts';

export interface HttpDeps extends Deps {
  readonly exports: Exports;
  readonly entrance: Entrance;
  readonly inFlight: InFlight;
}

const contentTypes: Readonly<Record<Encoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };
const headerBytesMax = 32 * 1_024;
/** Node leaves further ones out, and one of them might be the key. */
const headersMax = 256;
/** Kept connections to a port that lives on may bring one more request: their clients cannot know that this server leaves. */
const lingerMs = 1_000;

export class HttpServer {
  readonly #config: HttpConfig;
  readonly #bodyLimits: BodyLimits;
  readonly #deps: HttpDeps;
  readonly #routes: ReadonlyMap<string, ExportSignal>;
  readonly #extraHeaders: readonly (readonly [string, string])[];
  readonly #server: Server;
  readonly #tls: ServerTls | undefined;
  readonly #connections: Connections;
  #stopping = false;
  #leaving = false;

  constructor(config: HttpConfig, deps: HttpDeps) {
    this.#config = config;
    this.#bodyLimits = { bytesMax: config.max_request_body_size, idleMs: config.body_idle_timeout };
    this.#deps = deps;
    this.#routes = routes(config);
    this.#extraHeaders = Object.entries(config.response_headers);
    const options = {
      maxHeaderSize: headerBytesMax,
      headersTimeout: config.read_header_timeout,
      requestTimeout: config.read_timeout,
      keepAliveTimeout: config.idle_timeout,
      handshakeTimeout: config.read_header_timeout,
      connectionsCheckingInterval: 1_000,
    };
    const listener = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response);
    this.#tls = config.tls && new ServerTls(config.tls, 'http', deps);
    const secure = this.#tls && createHttps({ ...options, ...this.#tls.options }, listener);
    this.#server = secure ?? createHttp(options, listener);
    this.#server.maxHeadersCount = headersMax;
    this.#connections = new Connections(this.#server, config, deps);
    if (secure) this.#tls?.start(secure);
    else allowHalfOpen(this.#server);
    // The body of a request that is refused anyway need not be sent.
    this.#server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      if (this.#plainRefusal(request) === undefined && Number(request.headers['content-length'] ?? 0) <= config.max_request_body_size)
        response.writeContinue();
      listener(request, response);
    });
  }

  get server(): Server {
    return this.#server;
  }

  /** Takes over the port of another one, whose connections count here while they last. */
  follow(former: HttpServer): void {
    this.#connections.follow(former.#connections);
  }

  lookAtFiles(): void {
    this.#tls?.look();
  }

  /** Its listener is another object, but Node checks the timeouts of connections from this event on. */
  start(): void {
    this.#server.emit('listening');
  }

  /**
   * Requests under way are finished; kept connections are closed with their next answer. At the deadline everything is closed. If another server
   * follows on the same port, what still comes here is served, too.
   */
  async stop(deadlineMs: number, isFollowed = false): Promise<void> {
    const { clock } = this.#deps;
    this.#leaving = true;
    this.#stopping = !isFollowed;
    this.#tls?.stop();
    const none = this.#connections.none();
    if (isFollowed) await Promise.race([none, clock.sleep(Math.min(lingerMs, deadlineMs - clock.now()))]);
    this.#server.close();
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), Math.max(0, deadlineMs - clock.now()));
    await none;
    clearTimeout(timer);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { cors, keep_alives_enabled: keepAlive } = this.#config;
    for (const [name, value] of this.#extraHeaders) response.setHeader(name, value);
    if (!keepAlive) response.setHeader('connection', 'close');
    if (cors) {
      for (const [name, value] of corsHeaders(cors, request.headers)) response.setHeader(name, value);
      if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined)
        return void response.writeHead(204).end();
    }
    const encoding: Encoding = mediaType(request) === contentTypes.json ? 'json' : 'protobuf';
    try {
      const visitor = await this.#deps.entrance.enter(() => metadataOf(request), request.socket.remoteAddress ?? '');
      const refusal = this.#plainRefusal(request);
      if (refusal) return this.#refuse(request, response, refusal.status, refusal.text);
      if (this.#stopping)
        throw new Fault('GW_RECEIVE_STOPPING', 'cannot take the request: the gateway is stopping', { retryAfterMs: 1_000 });
      const signal = this.#routes.get(pathOf(request)) as ExportSignal;
      this.#send(response, 200, contentTypes[encoding], await this.#export(request, signal, encoding, visitor));
    } catch (error) {
      await this.#fail(request, response, encoding, Fault.of(error));
    }
  }

  /** The answer to a request whose data is held. */
  async #export(request: IncomingMessage, signal: ExportSignal, encoding: Encoding, visitor: Visitor): Promise<Uint8Array> {
    const { bytesMax } = this.#bodyLimits;
    const announced = request.headers['content-length'];
    visitor.spend('requests', 1);
    visitor.spend('bytes', announced === undefined ? 0 : Math.min(Number(announced), bytesMax));
    const hold = this.#deps.inFlight.open(visitor.caller.address);
    try {
      const raw = await readBody(request, this.#bodyLimits, hold);
      if (announced === undefined) visitor.spend('bytes', raw.length);
      const body = await decodeBody(raw, (request.headers['content-encoding'] ?? '').trim().toLowerCase(), bytesMax, hold);
      const { rejected, message } = await this.#deps.exports.export(signal, asBytes(body), encoding, visitor);
      // All of it is held elsewhere. After a failure some pipeline may still be reading it.
      free(asBytes(body));
      free(asBytes(raw));
      return exportResponse(signal, { rejected, message }, encoding);
    } finally {
      hold.close();
    }
  }

  async #fail(request: IncomingMessage, response: ServerResponse, encoding: Encoding, fault: Fault): Promise<void> {
    // The end of a body that came with the head is seen at the end of this turn of the event loop.
    if (!request.complete) await nextTurn();
    // A client that went away reads nothing.
    if (request.destroyed && !request.complete) return;
    const { http, grpc } = codesOf(fault);
    const status = fault.kind === 'too_large' ? this.#config.oversize_status : http;
    const retryMs = retryAfterMs(fault);
    if (retryMs !== undefined) response.setHeader('retry-after', Math.ceil(retryMs / 1_000));
    if (fault.challenge !== undefined) response.setHeader('www-authenticate', fault.challenge);
    discard(request, response);
    this.#send(response, status, contentTypes[encoding], statusMessage(grpc, textOf(fault), retryMs, encoding));
  }

  #refuse(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
    if (status === 405) response.setHeader('allow', 'POST');
    discard(request, response);
    this.#send(response, status, 'text/plain; charset=utf-8', Buffer.from(text));
  }

  #send(response: ServerResponse, status: number, contentType: string, body: Uint8Array): void {
    // A connection that is kept would hold up the stop.
    if (this.#leaving) response.setHeader('connection', 'close');
    response.writeHead(status, { 'content-type': contentType, 'content-length': body.length });
    // A text goes out together with the head; Latin-1 leaves every byte as it is.
    response.end(asBytes(body).latin1Slice(), 'latin1');
  }

  /** Answers that are plain text because they come before any encoding is agreed on. */
  #plainRefusal(request: IncomingMessage): { status: number; text: string } | undefined {
    if (request.rawHeaders.length >= 2 * headersMax) return { status: 431, text: '431 too many request headers' };
    const signal = this.#routes.get(pathOf(request));
    if (signal === undefined || !this.#deps.exports.takes(signal)) return { status: 404, text: '404 page not found' };
    if (request.method !== 'POST') return { status: 405, text: '405 method not allowed, supported: [POST]' };
    const type = mediaType(request);
    if (type !== contentTypes.protobuf && type !== contentTypes.json) {
      return { status: 415, text: '415 unsupported media type, supported: [application/json, application/x-protobuf]' };
    }
    return undefined;
  }
}

/**
 * A client may close its half of the connection when it has asked: it still reads. Node answers it only where server (by a property that its types do not
 * know) and connection allow that. With TLS there is no such half.
 */
function allowHalfOpen(server: Server): void {
  Object.assign(server, { httpAllowHalfOpen: true });
  server.prependListener('connection', (socket) => {
    socket.allowHalfOpen = true;
  });
}

/** Read here and not as `headersDistinct`: that is a table of its own, made of these. */
function metadataOf({ rawHeaders }: IncomingMessage): Metadata {
  const metadata = new Map<string, string[]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    const values = metadata.get(name);
    if (values) values.push(rawHeaders[at + 1] as string);
    else metadata.set(name, [rawHeaders[at + 1] as string]);
  }
  return metadata;
}

function routes(config: HttpConfig): ReadonlyMap<string, ExportSignal> {
  const table = new Map<string, ExportSignal>();
  for (const path of config.extra_trace_paths) table.set(bare(path), 'traces');
  for (const prefix of ['/otel', '/api/v1/otel', '/api/public/otel'])
    for (const signal of ['logs', 'metrics'] as const) table.set(`${prefix}/v1/${signal}`, signal);
  table.set(bare(config.traces_url_path), 'traces');
  table.set(bare(config.logs_url_path), 'logs');
  table.set(bare(config.metrics_url_path), 'metrics');
  return table;
}

/** Without query and trailing slash. */
function bare(path: string): string {
  const query = path.indexOf('?');
  const text = query === -1 ? path : path.slice(0, query);
  return text.length > 1 && text.endsWith('/') ? text.slice(0, -1) : text;
}

function pathOf(request: IncomingMessage): string {
  return bare(request.url ?? '/');
}

function mediaType(request: IncomingMessage): string {
  const type = request.headers['content-type'] ?? '';
  const semicolon = type.indexOf(';');
  return (semicolon === -1 ? type : type.slice(0, semicolon)).trim().toLowerCase();
}

/** An answer before the body was read: the connection cannot be used again, so that a client cannot make us read what we refused. */
function discard(request: IncomingMessage, response: ServerResponse): void {
  if (!request.complete) {
    response.setHeader('connection', 'close');
    request.resume();
  }
}
