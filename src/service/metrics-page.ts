import type { PrometheusReader } from '../config/metric-readers-schema.ts';
import { startAdminServer } from '../extensions/admin-server.ts';
import type { Startable } from './part.ts';
import { exposition } from './telemetry/exposition.ts';
import type { MetricsData } from './telemetry/metrics.ts';

/** The Prometheus page of `service::telemetry::metrics`. */
export class MetricsPage implements Startable {
  readonly #reader: PrometheusReader;
  readonly #data: () => Promise<MetricsData>;
  #server: Awaited<ReturnType<typeof startAdminServer>> | undefined;

  constructor(reader: PrometheusReader, data: () => Promise<MetricsData>) {
    this.#reader = reader;
    this.#data = data;
  }

  /** Where it really listens, once it does. */
  get port(): number | undefined {
    return this.#server?.port;
  }

  async start(): Promise<void> {
    const { host, port, spelling } = this.#reader;
    const contentType = 'text/plain; version=0.0.4; charset=utf-8';
    const page = async () => ({ status: 200, contentType, body: exposition(await this.#data(), spelling) });
    this.#server = await startAdminServer('the metrics page', host, port, new Map([['/metrics', page]]));
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }
}
