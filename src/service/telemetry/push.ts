/**
 * Sends the metrics over OTLP/HTTP, as `service::telemetry::metrics::readers` says. States: stopped, pushing; a push that fails is given up, because
 * the next one holds all of its numbers. There is never more than one on the way. A gateway that stops sends once more, if there is time.
 */
import { readFileSync } from 'node:fs';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { PushReader } from '../../config/metric-readers-schema.ts';
import { userAgent } from '../../exporters/user-agent.ts';
import type { Observer } from '../../model/observer.ts';
import type { Startable } from '../part.ts';
import type { MetricsData } from './metrics.ts';
import { toResourceMetrics } from './metrics-as-otlp.ts';

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

/** A gateway that stops does not wait longer for its metrics. */
const lastPushMs = 2_000;

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
    this.#endpoint = new URL(reader.otlp.endpoint);
    if (this.#endpoint.pathname === '/') this.#endpoint.pathname = '/v1/metrics';
  }

  async start(): Promise<void> {
    // Loaded only where it is wanted: it is large.
    const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto');
    const { otlp, intervalMs } = this.#reader;
    const { certificate, client_certificate, client_key, compression, timeout } = otlp;
    this.#exporter = new OTLPMetricExporter({
      url: this.#endpoint.href,
      headers: headersOf(otlp),
      timeoutMillis: timeout,
      compression: compression as never,
      userAgent,
      httpAgentOptions: {
        ...(certificate !== undefined && { ca: readFileSync(certificate) }),
        ...(client_certificate !== undefined && { cert: readFileSync(client_certificate) }),
        ...(client_key !== undefined && { key: readFileSync(client_key) }),
      },
    });
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

function headersOf({ headers, headers_list: list }: PushReader['otlp']): Record<string, string> {
  const all: Record<string, string> = Object.create(null);
  for (const pair of list.reveal().split(',')) {
    const equals = pair.indexOf('=');
    if (equals > 0) all[pair.slice(0, equals).trim().toLowerCase()] = pair.slice(equals + 1).trim();
  }
  for (const [name, value] of headers) all[name] = value.reveal();
  return all;
}

function codeOf(error: Error): { readonly code?: string | number } {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? { code } : {};
}
