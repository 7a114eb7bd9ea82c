/**
 * OTLP over HTTP: routes, methods, types, and the answers of the Collector's table. On `node:http` itself: a framework costs more than decoding.
 * Source: OTLP specification 1.11, "OTLP/HTTP"; texts of the plain answers as in the Collector's otlpreceiver.
 */
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Caller } from '../../model/batch.ts';
import { asBytes } from '../../model/bytes.ts';
import type { Authenticate } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { exportResponse, statusMessage } from '../../otlp/otlp.ts';
import { codesOf, retryAfterMs, textOf } from './answer.ts';
import { type InFlight, readBody } from './body.ts';
import type { HttpConfig } from './config.ts';
import { corsHeaders } from './cors.ts';
import { decodeBody } from './encoding.ts';
import type { Encoding, ExportSignal, Exports } from './export.ts';
import { tlsOptions } from './tls.ts';

export interface HttpDeps {
  readonly id: string;
  readonly exports: Exports;
  readonly authenticate: Authenticate | undefined;
  readonly inFlight: InFlight;
  readonly now: () => number;
}

const contentTypes: Readonly<Record<Encoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };
const headerBytesMax = 32 * 1_024;

export class HttpServer {
  readonly #config: HttpConfig;
  readonly #deps: HttpDeps;
  readonly #routes: ReadonlyMap<string, ExportSignal>;
  readonly #server: Server;
  #stopping = false;

  constructor(config: HttpConfig, deps: HttpDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#routes = routes(config);
    const options = {
      maxHeaderSize: headerBytesMax,
      headersTimeout: config.read_header_timeout,
      requestTimeout: config.read_timeout,
      keepAliveTimeout: config.idle_timeout,
      connectionsCheckingInterval: 1_000,
    };
    const listener = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response);
    this.#server = config.tls ? createHttps({ ...options, ...tlsOptions(config.tls) }, listener) : createHttp(options, listener);
    this.#server.maxConnections = config.max_connections;
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

  /** Requests under way are finished; kept connections are closed with their next answer. At the deadline everything is closed. */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), Math.max(0, deadlineMs - this.#deps.now()));
    await closed;
    clearTimeout(timer);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { cors, response_headers: extra, keep_alives_enabled: keepAlive } = this.#config;
    for (const [name, value] of Object.entries(extra)) response.setHeader(name, value);
    if (!keepAlive) response.setHeader('connection', 'close');
    if (cors) {
      for (const [name, value] of corsHeaders(cors, request.headers)) response.setHeader(name, value);
      if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined)
        return void response.writeHead(204).end();
    }
    const encoding: Encoding = mediaType(request) === contentTypes.json ? 'json' : 'protobuf';
    try {
      const caller = await this.#caller(request);
      const refusal = this.#plainRefusal(request);
      if (refusal) return this.#refuse(request, response, refusal.status, refusal.text);
      if (this.#stopping)
        throw new Fault('GW_RECEIVE_STOPPING', 'cannot take the request: the gateway is stopping', { retryAfterMs: 1_000 });
      const signal = this.#routes.get(pathOf(request)) as ExportSignal;
      const size = this.#config.max_request_body_size;
      const raw = await readBody(request, size, this.#deps.inFlight);
      try {
        const body = await decodeBody(raw, (request.headers['content-encoding'] ?? '').trim().toLowerCase(), size);
        const { rejected, message } = await this.#deps.exports.export(signal, asBytes(body), encoding, caller);
        this.#send(response, 200, contentTypes[encoding], exportResponse(signal, { rejected, message }, encoding));
      } finally {
        this.#deps.inFlight.release(raw.length);
      }
    } catch (error) {
      this.#fail(request, response, encoding, Fault.of(error));
    }
  }

  #fail(request: IncomingMessage, response: ServerResponse, encoding: Encoding, fault: Fault): void {
    // A client that went away reads nothing.
    if (request.destroyed && !request.complete) return;
    const { http, grpc } = codesOf(fault);
    const status = fault.kind === 'too_large' ? this.#config.oversize_status : http;
    const retryMs = retryAfterMs(fault);
    if (retryMs !== undefined) response.setHeader('retry-after', Math.ceil(retryMs / 1_000));
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
    if (this.#stopping) response.setHeader('connection', 'close');
    response.writeHead(status, { 'content-type': contentType, 'content-length': body.length });
    response.end(body);
  }

  /** Answers that are plain text because they come before any encoding is agreed on. */
  #plainRefusal(request: IncomingMessage): { status: number; text: string } | undefined {
    const signal = this.#routes.get(pathOf(request));
    if (signal === undefined || !this.#deps.exports.takes(signal)) return { status: 404, text: '404 page not found' };
    if (request.method !== 'POST') return { status: 405, text: '405 method not allowed, supported: [POST]' };
    const type = mediaType(request);
    if (type !== contentTypes.protobuf && type !== contentTypes.json) {
      return { status: 415, text: '415 unsupported media type, supported: [application/json, application/x-protobuf]' };
    }
    return undefined;
  }

  async #caller(request: IncomingMessage): Promise<Caller> {
    const headers = new Map<string, readonly string[]>();
    for (const [name, values] of Object.entries(request.headersDistinct)) if (values) headers.set(name, values);
    const auth = this.#deps.authenticate ? await this.#deps.authenticate(headers) : undefined;
    return {
      receiver: this.#deps.id,
      transport: 'http',
      address: request.socket.remoteAddress ?? '',
      metadata: this.#config.include_metadata ? headers : new Map(),
      receivedAtMs: this.#deps.now(),
      ...(auth ? { auth } : {}),
    };
  }
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
