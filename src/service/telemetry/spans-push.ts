/**
 * Sends the gateway's own spans over OTLP/HTTP, as `service::telemetry::traces` says. States: stopped, sending. Spans wait in memory, up to a number, and
 * what cannot be sent is given up: they explain, and nobody counts on them. A gateway that stops sends once more, if there is time.
 */
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { BasicTracerProvider, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { OwnTraces, SpanPush } from '../../config/span-processors-schema.ts';
import type { Observer } from '../../model/observer.ts';
import type { Startable } from '../part.ts';
import { codeOf, endpointOf, exporterOptions, lastPushMs } from './own-otlp.ts';
import { markedIds, type OwnSpan, type OwnSpans } from './own-spans.ts';

export interface SpansPushDeps {
  /** For logs and health. */
  readonly id: string;
  readonly observer: Observer;
  readonly ownSpans: OwnSpans;
  /** Attributes of the gateway. */
  readonly resource: ReadonlyMap<string, string>;
}

export class SpansPush implements Startable {
  readonly #traces: OwnTraces;
  readonly #deps: SpansPushDeps;
  #provider: BasicTracerProvider | undefined;
  #end: (() => void) | undefined;

  constructor(traces: OwnTraces, deps: SpansPushDeps) {
    this.#traces = traces;
    this.#deps = deps;
  }

  async start(): Promise<void> {
    // Loaded only where it is wanted: it is large.
    const [sdk, { OTLPTraceExporter: Exporter }, { resourceFromAttributes }, { SpanStatusCode }] = await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-proto'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/api'),
    ]);
    const { ratio, pushes } = this.#traces;
    const { resource, ownSpans } = this.#deps;
    const processorOf = (push: SpanPush, at: number) => {
      const endpoint = endpointOf(push.otlp, '/v1/traces');
      const exporter = this.#telling(new Exporter(exporterOptions(push.otlp, endpoint)), endpoint, `${this.#deps.id}::processors::${at}`);
      return new sdk.BatchSpanProcessor(exporter, {
        scheduledDelayMillis: push.delayMs,
        exportTimeoutMillis: push.timeoutMs,
        maxQueueSize: push.queueMax,
        maxExportBatchSize: push.batchMax,
      });
    };
    const provider = new sdk.BasicTracerProvider({
      resource: resourceFromAttributes(Object.fromEntries(resource)),
      idGenerator: markedIds,
      sampler: new sdk.AlwaysOnSampler(),
      spanProcessors: pushes.map(processorOf),
    });
    const tracer = provider.getTracer('spanway');
    this.#provider = provider;
    this.#end = ownSpans.recordTo({
      wants: () => Math.random() < ratio,
      record: ({ name, ms, attributes, error }: OwnSpan) => {
        const endedAtMs = Date.now();
        const span = tracer.startSpan(name, { root: true, startTime: endedAtMs - ms, attributes });
        if (error !== '') span.setStatus({ code: SpanStatusCode.ERROR, message: error });
        span.end(endedAtMs);
      },
    });
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#end?.();
    const provider = this.#provider;
    if (!provider) return;
    this.#provider = undefined;
    const waitMs = Math.min(lastPushMs, Math.max(0, deadlineMs - Date.now()));
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, waitMs);
    });
    await Promise.race([provider.shutdown().catch(() => {}), over]);
    clearTimeout(timer);
  }

  /** The exporter, but health tells how it fares. */
  #telling(exporter: OTLPTraceExporter, { origin: endpoint }: URL, key: string): SpanExporter {
    const { observer } = this.#deps;
    return {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          if (result.error)
            observer.degraded(key, 'Spans of this gateway itself cannot be sent and are given up.', { endpoint, ...codeOf(result.error) });
          else observer.healthy(key);
          done(result);
        }),
      forceFlush: () => exporter.forceFlush(),
      shutdown: () => exporter.shutdown(),
    };
  }
}
