import type { Destination } from '../../../model/destination.ts';
import type { Encoding } from '../../compressor/compressor.ts';
import type { BatchLimits } from '../sealed-batch.ts';
import { Client, type ClientConfig } from './client.ts';
import { defaultInfo, parseInfo, type ServerInfo } from './info.ts';

export interface EndpointConfig extends ClientConfig {
  readonly compression: 'zstd' | 'gzip' | 'none';
  readonly operationsMax: number;
  readonly bytesMax: number;
}

const infoTimeoutMs = 5_000;
const infoFreshMs = 600_000;
const infoRetryMs = 60_000;

/**
 * One LangSmith: its connections, and what is known of it.
 *
 * `/info`: unknown → known (read again every 10 min) or failed (defaults; tried again after 1 min, what was known stays known).
 * Multipart: taken for granted → missing (404 on it; `/runs/batch` from then on) → taken for granted again if `/runs/batch` is not there either.
 */
export class Endpoint {
  readonly client: Client;
  readonly #config: EndpointConfig;
  readonly #now: () => number;
  readonly #stop: AbortSignal;
  #info: ServerInfo | undefined;
  #askAgainAtMs = 0;
  #asking: Promise<void> | undefined;
  #asked = false;
  multipartMissing = false;

  constructor(config: EndpointConfig, now: () => number, stop: AbortSignal) {
    this.client = new Client(config);
    this.#config = config;
    this.#now = now;
    this.#stop = stop;
  }

  get multipart(): boolean {
    return !this.multipartMissing && (this.#info ?? defaultInfo).multipart;
  }

  /** Waits for `/info` only before the very first send: then the question has been asked once, and answered or not. */
  async known(destination: Destination): Promise<void> {
    this.refresh(destination);
    if (!this.#asked) await this.#asking;
  }

  /** Asks `/info` again if it is time, without waiting for the answer. */
  refresh(destination: Destination): void {
    if (this.#asking || this.#now() < this.#askAgainAtMs) return;
    this.#askAgainAtMs = this.#now() + infoRetryMs;
    this.#asking = this.#ask(destination).finally(() => {
      this.#asking = undefined;
      this.#asked = true;
    });
  }

  limits(): BatchLimits {
    const info = this.#info ?? defaultInfo;
    return {
      operations: Math.min(this.#config.operationsMax, info.operationsMax),
      bytes: Math.min(this.#config.bytesMax, info.bytesMax),
      encoding: this.#sealedEncoding(),
    };
  }

  /** Whether a body may go out as it was sealed: never what `/info` does not allow. */
  takes(encoding: Encoding): boolean {
    const info = this.#info ?? defaultInfo;
    return encoding === 'identity' || (encoding === 'zstd' ? info.zstd : info.gzip);
  }

  /** While nothing is known of the server the journal decides, and it likes its bodies small: the body is unpacked again if it must be. */
  #sealedEncoding(): Encoding {
    const wanted = this.#config.compression;
    if (wanted === 'none') return 'identity';
    if (this.#info === undefined) return wanted;
    if (wanted === 'zstd' && this.#info.zstd) return 'zstd';
    return this.#info.gzip ? 'gzip' : 'identity';
  }

  async #ask(destination: Destination): Promise<void> {
    const text = await this.client.info(destination, this.#stop, infoTimeoutMs);
    const info = text === undefined ? undefined : parseInfo(text);
    if (!info) return;
    this.#info = info;
    this.#askAgainAtMs = this.#now() + infoFreshMs;
  }
}

/** Beyond this the one that was asked for longest ago is forgotten. Lanes may still use it; its idle connections end by themselves. */
const endpointsMax = 64;

/** The endpoints in use, by URL. */
export class Endpoints {
  readonly #config: Omit<EndpointConfig, 'endpoint'>;
  readonly #now: () => number;
  readonly #stop: AbortSignal;
  readonly #byUrl = new Map<string, Endpoint>();

  constructor(config: Omit<EndpointConfig, 'endpoint'>, now: () => number, stop: AbortSignal) {
    this.#config = config;
    this.#now = now;
    this.#stop = stop;
  }

  of(url: string): Endpoint {
    let endpoint = this.#byUrl.get(url);
    if (endpoint) this.#byUrl.delete(url);
    else endpoint = new Endpoint({ ...this.#config, endpoint: url }, this.#now, this.#stop);
    this.#byUrl.set(url, endpoint);
    if (this.#byUrl.size > endpointsMax) this.#forgetOldest();
    return endpoint;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byUrl.values()].map((endpoint) => endpoint.client.close()));
  }

  #forgetOldest(): void {
    for (const url of this.#byUrl.keys()) {
      this.#byUrl.delete(url);
      return;
    }
  }
}
