import { Endpoint, type EndpointConfig } from './endpoint.ts';

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
