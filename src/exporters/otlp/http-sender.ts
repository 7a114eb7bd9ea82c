import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Signal } from '../../model/batch.ts';
import { asBytes, type Bytes, bytes, noBytes } from '../../model/bytes.ts';
import type { Clock } from '../../model/clock.ts';
import { decodeLogs, decodeTraces, logsJson, readPartialSuccess, readStatus, tracesJson } from '../../otlp/otlp.ts';
import { clientTls } from '../client-tls/client-tls.ts';
import { type Codec, createCompressor } from '../compressor/compressor.ts';
import type { Headers } from '../sealing/caller-headers.ts';
import { userAgent } from '../user-agent.ts';
import { signalUrl } from './endpoint-url.ts';
import type { ExportRequest } from './entry.ts';
import { answerOfHttp, answerOfNetwork } from './http-answer.ts';
import { nobody } from './requests.ts';
import { type Answer, answerTo, type HeadersOf, notUnsealed, type Sender, serverText } from './sender.ts';
import type { HttpSettings } from './settings.ts';

/** Past this the rest of an answer is not read. */
const readBytesMax = 65_536;
const connectTimeoutMsMax = 10_000;
const reservedHeaders = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'transfer-encoding',
]);

/** OTLP over HTTP, with kept-alive connections. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of the environment hold. */
export class HttpSender implements Sender {
  readonly endpoint: string;
  readonly #settings: HttpSettings;
  readonly #clock: Clock;
  readonly #urls: Readonly<Record<Signal, URL | undefined>>;
  readonly #headersOf: HeadersOf;
  readonly #agent: Dispatcher;
  readonly #compressor: Codec = createCompressor();

  /** Throws `GW_START_FAILED` if a TLS file cannot be read. */
  constructor(settings: HttpSettings, clock: Clock, headersOf: HeadersOf) {
    this.#settings = settings;
    this.#clock = clock;
    this.#urls = { traces: signalUrl(settings, 'traces'), logs: signalUrl(settings, 'logs') };
    const { origin, pathname } = (this.#urls.traces ?? this.#urls.logs) as URL;
    this.endpoint = origin + pathname;
    this.#headersOf = headersOf;
    const { timeout } = settings;
    const tls = clientTls(settings.tls);
    this.#agent = new EnvHttpProxyAgent({
      connections: settings.sending_queue.num_consumers,
      connect: { ...tls, timeout: Math.min(timeout, connectTimeoutMsMax) },
      requestTls: tls,
      headersTimeout: timeout,
      bodyTimeout: timeout,
    });
  }

  takes(signal: Signal): boolean {
    return this.#urls[signal] !== undefined;
  }

  async send(request: ExportRequest, stop: AbortSignal): Promise<Answer> {
    const { compression } = this.#settings;
    const given = this.#headersOf(request);
    if (!given) return notUnsealed;
    const aborter = new AbortController();
    const abort = (): void => aborter.abort();
    const timer = setTimeout(abort, this.#settings.timeout);
    stop.addEventListener('abort', abort, { once: true });
    if (stop.aborted) abort();
    try {
      const plain = this.#settings.encoding === 'json' ? jsonOf(request) : request.body;
      const body = await this.#compressor.compress(plain, compression === 'none' ? 'identity' : compression);
      const { origin, pathname, search } = this.#urls[request.signal] as URL;
      const response = await this.#agent.request({
        origin,
        path: pathname + search,
        method: 'POST',
        headers: allHeaders(this.#settings, given),
        body,
        signal: aborter.signal,
      });
      return answerTo(request, this.#answer(response.statusCode, response.headers, await readBody(response.body), given));
    } catch (error) {
      return answerTo(request, failureOf(error, aborter.signal.aborted));
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#agent.destroy(), this.#compressor.close()]);
  }

  #answer(status: number, headers: Readonly<Record<string, string | string[] | undefined>>, body: Bytes, given: Headers): Answer {
    const json = /json/.test(`${headers['content-type'] ?? ''}`);
    if (status >= 200 && status < 300) {
      const { rejected, message } = readPartialSuccess(body, json ? 'json' : 'protobuf');
      return { kind: 'delivered', status, rejected, text: serverText(message, given) };
    }
    const protobuf = /protobuf/.test(`${headers['content-type'] ?? ''}`);
    const text = (protobuf ? readStatus(body)?.message : undefined) ?? body.utf8Slice();
    const { 'retry-after': retryAfter } = headers;
    return answerOfHttp(status, serverText(text, given), typeof retryAfter === 'string' ? retryAfter : undefined, this.#clock.now());
  }
}

function allHeaders({ encoding, compression }: HttpSettings, headers: Headers): Record<string, string> {
  const all: Record<string, string> = Object.create(null);
  all['user-agent'] = userAgent;
  for (const [name, value] of headers) if (!reservedHeaders.has(name)) all[name] = value.reveal();
  all['content-type'] = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
  if (compression !== 'none') all['content-encoding'] = compression;
  return all;
}

function jsonOf({ signal, body }: ExportRequest): Bytes {
  return bytes.from(signal === 'traces' ? tracesJson(decodeTraces(body, nobody).batch) : logsJson(decodeLogs(body, nobody).batch));
}

/** The status has been said when the body comes, so a body that breaks off takes nothing back. */
async function readBody(body: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > readBytesMax) break;
    }
  } catch {
    return noBytes;
  }
  return asBytes(bytes.concat(chunks, size));
}

function failureOf(error: unknown, timedOut: boolean): Answer {
  if (timedOut) return answerOfNetwork('TIMEOUT');
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  // A header that HTTP cannot carry fails before anything is sent, and will each time.
  if (code === 'UND_ERR_INVALID_ARG') return { kind: 'refused', status: 0, text: 'a header holds a character that HTTP does not allow' };
  return answerOfNetwork(code);
}
