import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { type Bytes, bytes } from '../../../model/bytes.ts';
import type { Destination, Outcome } from '../../../model/destination.ts';
import type { Secret } from '../../../model/secret.ts';
import type { ClientTls } from '../../client-tls/client-tls.ts';
import { Connections } from './connections.ts';
import { type Answer, outcomeOf, outcomeOfError, type Path } from './outcome.ts';

export interface ClientConfig {
  /** Base URL as `normalizeEndpoint` gives it. */
  readonly endpoint: string;
  readonly connectionsMax: number;
  /** One request from being queued for a connection to the end of its answer. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  /** The user's own headers, names in lower case. They cannot replace those that the protocol needs. */
  readonly headers: ReadonlyMap<string, Secret>;
  readonly tls?: ClientTls;
}

export interface Reply extends Answer {
  /** The server's time, to the second; `undefined` if it does not tell. */
  readonly dateMs: number | undefined;
}

export interface Message {
  readonly path: Path;
  readonly contentType: string;
  readonly encoding: 'zstd' | 'gzip' | 'identity';
  readonly body: Bytes;
}

/** Of an answer this much is kept, and past the second mark the connection is given up. */
const textBytesMax = 4_096;
const readBytesMax = 262_144;
const connectTimeoutMsMax = 10_000;

const reservedHeaders = new Set([
  'accept',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-api-key',
  'x-tenant-id',
]);

const accountHeaders = ['x-api-key', 'x-tenant-id'] as const;

/**
 * HTTP to one endpoint over kept-alive connections. Bodies go out whole with a Content-Length, because proxies in front of self-hosted
 * LangSmiths reject chunked ones (langsmith-ingest §2.5). `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of the environment hold. Never rejects: every way to fail is an `Outcome`.
 */
export class Client {
  readonly #agent: Dispatcher;
  readonly #connections: Connections;
  readonly #origin: string;
  readonly #basePath: string;
  readonly #config: ClientConfig;

  constructor(config: ClientConfig) {
    const url = new URL(config.endpoint);
    this.#config = config;
    this.#basePath = url.pathname === '/' ? '' : url.pathname;
    this.#origin = url.origin;
    this.#connections = new Connections({ ...config.tls, timeout: Math.min(config.timeoutMs, connectTimeoutMsMax) });
    this.#agent = new EnvHttpProxyAgent({
      connections: config.connectionsMax,
      connect: this.#connections.connect,
      ...(config.tls ? { requestTls: config.tls } : {}),
      headersTimeout: config.timeoutMs,
      bodyTimeout: config.timeoutMs,
    });
  }

  async send(message: Message, destination: Destination, stop: AbortSignal, now: () => number): Promise<Outcome> {
    const headers = this.#headers(destination);
    headers['content-type'] = message.contentType;
    if (message.encoding !== 'identity') headers['content-encoding'] = message.encoding;
    const answer = await this.#request(
      { method: 'POST', path: message.path, headers, body: message.body },
      stop,
      this.#config.timeoutMs,
      textBytesMax,
    );
    if (typeof answer === 'string') return outcomeOfFailure(answer);
    return outcomeOf({ ...answer, text: withoutSecrets(answer.text, destination) }, message.path, now());
  }

  /** The text of `GET /info`; `undefined` if there was no proper answer. */
  async info(destination: Destination, stop: AbortSignal, timeoutMs: number): Promise<string | undefined> {
    const answer = await this.get('/info', destination, stop, timeoutMs);
    return typeof answer === 'string' || answer.status !== 200 ? undefined : answer.text;
  }

  /** What is at a path below the base URL, or the code of the error that came instead of an answer. */
  get(path: string, destination: Destination, stop: AbortSignal, timeoutMs: number): Promise<Reply | string> {
    return this.#request({ method: 'GET', path, headers: this.#headers(destination), body: null }, stop, timeoutMs, readBytesMax);
  }

  /** Whether the bodies of all requests that were answered are known to be out of this process. */
  get sentAll(): boolean {
    return this.#connections.sentAll;
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  #headers(destination: Destination): Record<string, string> {
    const headers: Record<string, string> = Object.create(null);
    for (const [name, value] of destination.headers ?? this.#config.headers) if (!reservedHeaders.has(name)) headers[name] = value.reveal();
    headers.accept = 'application/json';
    headers['user-agent'] = this.#config.userAgent;
    if (!destination.apiKey.empty) headers['x-api-key'] = destination.apiKey.reveal();
    if (destination.workspaceId !== '') headers['x-tenant-id'] = destination.workspaceId;
    // Who sets headers by caller may mean these, too; a header of the configuration does not.
    for (const name of accountHeaders) {
      const own = destination.headers?.get(name);
      if (own) headers[name] = own.reveal();
    }
    return headers;
  }

  /** The answer, or the code of the error that came instead of one. */
  async #request(
    options: Pick<Dispatcher.RequestOptions, 'method' | 'path' | 'headers'> & { body: Bytes | null },
    stop: AbortSignal,
    timeoutMs: number,
    keepBytes: number,
  ): Promise<Reply | string> {
    const aborter = new AbortController();
    const abort = (): void => aborter.abort();
    const timer = setTimeout(abort, timeoutMs);
    stop.addEventListener('abort', abort, { once: true });
    if (stop.aborted) abort();
    try {
      const response = await this.#agent.request({
        ...options,
        origin: this.#origin,
        path: this.#basePath + options.path,
        signal: aborter.signal,
      });
      const text = await readText(response.body, keepBytes);
      const retryAfter = response.headers['retry-after'];
      const dateMs = Date.parse(`${response.headers.date ?? ''}`);
      return {
        status: response.statusCode,
        retryAfter: typeof retryAfter === 'string' ? retryAfter : retryAfter?.[0],
        text,
        dateMs: Number.isNaN(dateMs) ? undefined : dateMs,
      };
    } catch (error) {
      if (aborter.signal.aborted) return stop.aborted ? 'STOPPED' : 'TIMEOUT';
      return codeOf(error);
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', abort);
    }
  }
}

/** The status has been said when the body comes, so a body that breaks off takes nothing back. */
async function readText(body: AsyncIterable<Uint8Array>, keepBytes: number): Promise<string> {
  const kept: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      if (size < keepBytes) kept.push(chunk.subarray(0, keepBytes - size));
      size += chunk.byteLength;
      if (size > readBytesMax) break;
    }
  } catch {
    return '';
  }
  return kept.length === 0 ? '' : bytes.concat(kept, Math.min(size, keepBytes)).utf8Slice();
}

function outcomeOfFailure(code: string): Outcome {
  // A key or header that HTTP cannot carry fails before anything is sent, and will each time.
  if (code === 'UND_ERR_INVALID_ARG')
    return {
      kind: 'refused',
      status: 0,
      text: 'the API key or a header holds a character that HTTP does not allow; runs are kept until that is corrected',
    };
  return outcomeOfError(code);
}

function codeOf(error: unknown): string {
  if (error instanceof Error) {
    if ('code' in error && typeof error.code === 'string') return error.code;
    return error.name;
  }
  return 'UNKNOWN';
}

/** A server that quotes a key in its answer must not bring it into a dead letter. */
function withoutSecrets(text: string, { apiKey, headers }: Destination): string {
  let clean = text;
  for (const secret of [apiKey, ...(headers?.values() ?? [])]) if (!secret.empty) clean = clean.replaceAll(secret.reveal(), '[REDACTED]');
  return clean;
}
