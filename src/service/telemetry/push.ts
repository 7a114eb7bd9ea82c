/**
 * Sends the metrics over OTLP/HTTP, as `service::telemetry::metrics::readers` says. States: stopped, pushing; a push that fails is given up, because
 * the next one holds all of its numbers. There is never more than one on the way. A gateway that stops sends once more, if there is time.
 */
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { PushReader } from '../../config/metric-readers-schema.ts';
import type { Observer } from '../../model/observer.ts';
import type { Startable } from '../part.ts';
import type { MetricsData } from './metrics.ts';
import { toResourceMetrics } from './metrics-as-otlp.ts';
import { codeOf, endpointOf, exporterOptions, lastPushMs } from './own-otlp.ts';

export interface PushDeps {
  /** For logs and health. */
  readonly id: string;
  readonly observer: Observer;
  readonly startedAtMs: number;
  data(): Promise<MetricsData>;
  /** Attributes of the gateway. */
  resource(): ReadonlyMap<string, string>;
  /** Whether the gateway itself listens there. */
  isOwn(endpoint: URL): boolean;
}

export class MetricsPush implements Startable {
  readonly #reader: PushReader;
  readonly #deps: PushDeps;
  readonly #endpoint: URL;
  #exporter: PushMetricExporter | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pushing: Promise<void> | undefined;

  constructor(reader: PushReader, deps: PushDeps) {
    this.#reader = reader;
    this.#deps = deps;
    this.#endpoint = endpointOf(reader.otlp, '/v1/metrics');
  }

  async start(): Promise<void> {
    // Loaded only where it is wanted: it is large.
    const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto');
    const { otlp, intervalMs } = this.#reader;
    this.#exporter = new OTLPMetricExporter(exporterOptions(otlp, this.#endpoint));
    this.#timer = setInterval(() => void this.#push(), intervalMs);
    this.#timer.unref();
  }

  async stop(deadlineMs: number): Promise<void> {
    clearInterval(this.#timer);
    const exporter = this.#exporter;
    if (!exporter) return;
    const waitMs = Math.min(lastPushMs, Math.max(0, deadlineMs - Date.now()));
    const over = new Promise<void>((resolve) => setTimeout(resolve, waitMs));
    await Promise.race([this.#last(), over]);
    this.#exporter = undefined;
    await Promise.race([exporter.shutdown().catch(() => {}), over]);
  }

  async #last(): Promise<void> {
    await this.#pushing;
    await this.#push();
  }

  /** Joins the push that is on the way, if there is one. Never rejects. */
  #push(): Promise<void> {
    this.#pushing ??= this.#send().finally(() => {
      this.#pushing = undefined;
    });
    return this.#pushing;
  }

  async #send(): Promise<void> {
    const { id, observer, data, resource, startedAtMs, isOwn } = this.#deps;
    const exporter = this.#exporter;
    if (!exporter) return;
    const endpoint = this.#endpoint.origin;
    if (isOwn(this.#endpoint))
      return observer.degraded(id, 'The metrics of this gateway are not sent to itself, because it takes no metrics.', { endpoint });
    const metrics = toResourceMetrics(await data(), resource(), startedAtMs, Date.now());
    const error = await new Promise<Error | undefined>((resolve) => exporter.export(metrics, ({ error }) => resolve(error)));
    // Without the error's text: it may quote the answer.
    if (error) observer.degraded(id, 'The metrics of this gateway cannot be sent; it tries again.', { endpoint, ...codeOf(error) });
    else observer.healthy(id);
  }
}
