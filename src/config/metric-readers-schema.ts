/** `service::telemetry::metrics::readers`: a page for Prometheus (`pull`), and pushes over OTLP (`periodic`). The Collector's keys. */
import { z } from 'zod';
import { endpointIssue, milliseconds, type OwnOtlp, ownOtlpFields, spokenProtocol } from './own-otlp-schema.ts';

const flag = z.boolean();

const prometheus = z
  .strictObject({
    host: z.string().default('localhost').describe('Address to listen on.'),
    port: z.int().min(0).max(65_535).default(8888).describe('Port to listen on; 0 takes any free one.'),
    without_type_suffix: flag.default(true).describe('Off: names of counters end with `_total`.'),
    without_units: flag.default(true).describe('Off: names end with their unit, `_seconds` or `_bytes`.'),
    without_scope_info: flag.optional().describe('Without effect: there is no scope.'),
    with_resource_constant_labels: z.unknown().optional().describe('Without effect: `target_info` has the resource.'),
  })
  .transform(({ host, port, without_type_suffix, without_units }) => ({
    host,
    port,
    spelling: { typeSuffix: !without_type_suffix, units: !without_units },
  }));

const otlp = z.strictObject({
  ...ownOtlpFields('URL of the receiver; `/v1/metrics` is added if it has no path. It must not be this gateway, which takes no metrics.'),
  temporality_preference: z.literal('cumulative').optional().describe('Sums are cumulative.'),
  default_histogram_aggregation: z.literal('explicit_bucket_histogram').optional().describe('Histograms have explicit buckets.'),
});

const periodic = z.strictObject({
  interval: milliseconds(60_000, 100).describe('Time between two pushes.'),
  timeout: milliseconds(30_000, 1).describe('Without effect: the timeout of the exporter counts.'),
  exporter: z.strictObject({ otlp: otlp.optional(), console: z.unknown().optional().describe('Without effect.') }),
});

const reader = z.strictObject({
  pull: z.strictObject({ exporter: z.strictObject({ prometheus: prometheus.nullable().prefault({}) }) }).optional(),
  periodic: periodic.optional().describe('Sends the metrics over OTLP/HTTP.'),
});

export const readers = z
  .array(reader)
  .max(16)
  .superRefine((given, context) => {
    if (given.filter(({ pull }) => pull).length > 1) context.addIssue({ code: 'custom', message: 'only one pull reader is supported' });
    for (const [at, { periodic }] of given.entries()) {
      const message = endpointIssue(periodic?.exporter.otlp);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [at, 'periodic', 'exporter', 'otlp', 'endpoint'], message });
    }
  })
  .describe('Where Prometheus reads the metrics, localhost:8888 if not said, and where else they are sent.');

/** Where the page is. */
export type PrometheusReader = z.output<typeof prometheus>;
/** A push. */
export interface PushReader {
  readonly intervalMs: number;
  readonly otlp: OwnOtlp;
}

export const prometheusDefault: PrometheusReader = prometheus.parse({});

/** Those that have an effect. */
export function pushReaders(given: z.output<typeof readers> | undefined): readonly PushReader[] {
  return (given ?? []).flatMap(({ periodic }) => {
    const { interval = 0, exporter } = periodic ?? {};
    return exporter?.otlp?.protocol === spokenProtocol ? [{ intervalMs: interval, otlp: exporter.otlp }] : [];
  });
}
