import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decompress } from 'fzstd';
import { type ReadPart, readMultipart } from './multipart.ts';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** As it came over the wire. */
  readonly body: Buffer;
  readonly text: string;
  readonly parts: readonly ReadPart[];
  readonly runIds: readonly string[];
}

export type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string }
  /** The connection breaks without an answer. */
  | 'reset'
  /** The runs are stored, and the connection breaks before the answer. */
  | 'store_and_reset'
  /** The runs are stored, and the answer breaks off behind its status. */
  | 'store_and_break_off'
  /** No answer until the server closes. */
  | 'hang';

/** What the server does with a request; `undefined` = what LangSmith does. */
export type Script = (request: Received, count: number) => Reply | undefined;

/** A server that answers as LangSmith does (202, 409 for what it has), unless its script says otherwise. */
export class LangSmithServer {
  readonly received: Received[] = [];
  readonly stored = new Set<string>();
  /** What it tells of runs that it is asked for. */
  readonly readable = new Map<string, object>();
  readonly feedback: string[] = [];
  readonly violations: string[] = [];
  info: unknown = { version: '0.12.0', instance_flags: {}, batch_ingest_config: {} };
  infoStatus = 200;
  infoRequests = 0;
  underWay = 0;
  underWayMax = 0;
  script: Script = () => undefined;
  /** So many requests are broken off when their first bytes arrive. */
  breakOff = 0;
  /** Answers wait for it. */
  held: Promise<void> = Promise.resolve();
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path.endsWith('/info')) {
      this.infoRequests += 1;
      response.writeHead(this.infoStatus, { 'content-type': 'application/json' }).end(JSON.stringify(this.info));
      return;
    }
    if (request.method === 'GET') {
      const run = this.readable.get(path.replace(/^.*\/runs\/|\?.*$/g, ''));
      response.writeHead(run ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(run ?? {}));
      return;
    }
    this.underWay += 1;
    this.underWayMax = Math.max(this.underWayMax, this.underWay);
    response.on('close', () => {
      this.underWay -= 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
      if (this.breakOff === 0) continue;
      this.breakOff -= 1;
      request.socket.destroy();
      return;
    }
    const received = this.#read(request, path, Buffer.concat(chunks));
    this.received.push(received);
    await this.held;
    const reply = this.script(received, this.received.length) ?? this.#store(received);
    if (reply === 'hang') return;
    if (reply === 'store_and_reset') this.#store(received);
    if (reply === 'store_and_break_off') {
      this.#store(received);
      response.writeHead(202, { 'content-length': '100' }).write('{', () => request.socket.destroy());
      return;
    }
    if (typeof reply === 'string') {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(reply.text ?? '{}');
  }

  #read(request: IncomingMessage, path: string, body: Buffer): Received {
    const { headers } = request;
    if (headers['transfer-encoding'] !== undefined) this.violations.push('the body is chunked');
    if (headers['content-length'] !== String(body.length)) this.violations.push('Content-Length is wrong');
    const plain = unpack(body, headers['content-encoding']);
    let parts: ReadPart[] = [];
    let runIds: string[] = [];
    try {
      if (path.endsWith('/runs/multipart')) {
        parts = readMultipart(plain, headers['content-type'] ?? '');
        runIds = parts.filter(({ name }) => /^post\.[^.]+$/.test(name)).map(({ name }) => name.slice(5));
      } else if (path.endsWith('/runs/batch')) runIds = JSON.parse(plain.toString()).post.map((run: { id: string }) => run.id);
    } catch (error) {
      this.violations.push(String(error));
    }
    return { method: request.method ?? '', path, headers, body, text: plain.toString(), parts, runIds };
  }

  #store({ path, runIds, text }: Received): Reply {
    if (path.endsWith('/feedback')) {
      this.feedback.push(text);
      return { status: 200 };
    }
    if (runIds.some((id) => this.stored.has(id)))
      return { status: 409, text: '{"error":"Conflict: payload already received: payloads already received"}' };
    for (const id of runIds) this.stored.add(id);
    return { status: 202 };
  }
}

function unpack(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'zstd' ? Buffer.from(decompress(body)) : body;
}
