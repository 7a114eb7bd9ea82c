import { startAdminServer } from '../extensions/admin-server.ts';
import type { Startable } from './part.ts';

/** The Prometheus page of `service::telemetry::metrics`. */
export class MetricsPage implements Startable {
  readonly #host: string;
  readonly #port: number;
  readonly #text: () => Promise<string>;
  #server: Awaited<ReturnType<typeof startAdminServer>> | undefined;

  constructor({ host, port }: { readonly host: string; readonly port: number }, text: () => Promise<string>) {
    this.#host = host;
    this.#port = port;
    this.#text = text;
  }

  /** Where it really listens, once it does. */
  get port(): number | undefined {
    return this.#server?.port;
  }

  async start(): Promise<void> {
    const page = async () => ({ status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body: await this.#text() });
    this.#server = await startAdminServer('the metrics page', this.#host, this.#port, new Map([['/metrics', page]]));
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }
}
