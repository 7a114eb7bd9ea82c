/** `service::telemetry::metrics::readers`: a page for Prometheus (`pull`), and pushes over OTLP (`periodic`). The Collector's keys. */
import { z } from 'zod';
import { headers, parseDuration, secret } from './fields.ts';

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

/** A number of milliseconds, as the Collector has it, or a duration. */
const milliseconds = (usual: number, least: number) =>
  z
    .union([z.number(), z.string()])
    .default(usual)
    .transform((given, context) => {
      const ms = typeof given === 'number' ? given : (parseDuration(given) ?? 0);
      if (ms < least)
        context.addIssue({ code: 'custom', message: `expected milliseconds, at least ${least}, or a duration such as "30s"` });
      return ms;
    });

const otlp = z.strictObject({
  protocol: z
    .enum(['http/protobuf', 'http/json', 'grpc', 'grpc/protobuf'])
    .default('http/protobuf')
    .describe('`http/protobuf`; a reader with another one has no effect.'),
  endpoint: z
    .string()
    .describe('URL of the receiver; `/v1/metrics` is added if it has no path. It must not be this gateway, which takes no metrics.'),
  headers: headers.prefault({}).describe('Sent with each push.'),
  headers_list: secret.prefault('').describe('The same as `name=value,name=value`.'),
  compression: z.enum(['none', 'gzip']).default('none').describe('`none` or `gzip`.'),
  timeout: milliseconds(10_000, 1).describe('How long a push may take.'),
  certificate: z.string().optional().describe('File with the certificate authority of the endpoint.'),
  client_certificate: z.string().optional().describe('File with the certificate that the gateway shows.'),
  client_key: z.string().optional().describe('File with its key.'),
  insecure: flag.optional().describe('Without effect: the endpoint says `http` or `https`.'),
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
      const { protocol, endpoint } = periodic?.exporter.otlp ?? {};
      if (protocol !== 'http/protobuf' || endpoint === undefined || isHttpUrl(endpoint)) continue;
      const path = [at, 'periodic', 'exporter', 'otlp', 'endpoint'];
      context.addIssue({ code: 'custom', path, message: 'expected a URL such as "https://collector:4318"' });
    }
  })
  .describe('Where Prometheus reads the metrics, localhost:8888 if not said, and where else they are sent.');

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Where the page is. */
export type PrometheusReader = z.output<typeof prometheus>;
/** A push. */
export interface PushReader {
  readonly intervalMs: number;
  readonly otlp: z.output<typeof otlp>;
}

export const prometheusDefault: PrometheusReader = prometheus.parse({});

/** Those that have an effect. */
export function pushReaders(given: z.output<typeof readers> | undefined): readonly PushReader[] {
  return (given ?? []).flatMap(({ periodic }) => {
    const { interval = 0, exporter } = periodic ?? {};
    return exporter?.otlp?.protocol === 'http/protobuf' ? [{ intervalMs: interval, otlp: exporter.otlp }] : [];
  });
}
