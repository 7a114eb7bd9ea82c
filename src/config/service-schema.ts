/** The settings of `service` beside extensions and pipelines (`telemetry` is the Collector's; `reload` and `workers` are ours). */
import { z } from 'zod';
import { texts } from './fields.ts';

const logs = z.strictObject({
  level: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['debug', 'info', 'warn', 'error']))
    .prefault('info')
    .describe('Least severe level that is logged: debug, info, warn or error.'),
  encoding: z.enum(['console', 'json']).default('console').describe('Readable text, or one JSON object per line.'),
});

const prometheus = z.strictObject({
  host: z.string().default('localhost').describe('Address to listen on.'),
  port: z.int().min(0).max(65_535).default(8888).describe('Port to listen on; 0 takes any free one.'),
});

const reader = z.strictObject({
  pull: z.strictObject({ exporter: z.strictObject({ prometheus: prometheus.nullable().prefault({}) }) }),
});

const metrics = z
  .strictObject({
    level: z.enum(['none', 'basic', 'normal', 'detailed']).default('normal').describe('`none` turns the metrics page off.'),
    readers: z
      .array(reader)
      .max(1, 'only one reader is supported')
      .optional()
      .describe('Where Prometheus reads the metrics; localhost:8888 if not said.'),
    address: z
      .string()
      .regex(/^[^:]*:\d{1,5}$/, 'expected "host:port"')
      .optional()
      .describe('Older way to write the one reader: `host:port`.'),
  })
  .transform(({ level, readers, address }) => {
    if (level === 'none' || readers?.length === 0) return { level, prometheus: undefined };
    const written = readers?.[0]?.pull.exporter.prometheus;
    if (written || address === undefined) return { level, prometheus: written ?? { host: 'localhost', port: 8888 } };
    const colon = address.lastIndexOf(':');
    return { level, prometheus: { host: address.slice(0, colon) || '::', port: Number(address.slice(colon + 1)) } };
  });

const resource = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).nullable())
  .transform((given) => new Map(Object.entries(given)))
  .prefault({})
  .describe("Attributes of the gateway's own telemetry; null removes one.");

export const telemetry = z.strictObject({ logs: logs.prefault({}), metrics: metrics.prefault({}), resource });

export const reload = z.strictObject({
  watch: z.boolean().default(false).describe('Reload when a file of the configuration changes. SIGHUP always reloads.'),
  on_error: z.enum(['keep_running']).default('keep_running').describe('A configuration that is refused leaves the running one in place.'),
});

const workersMax = 256;

export const workers = z
  .union([z.int().min(1).max(workersMax), z.literal('auto')], { error: `expected a number from 1 to ${workersMax}, or "auto"` })
  .describe('Processes that share the work; `auto` is one per CPU core.');

/** The whole of `service`: for the JSON Schema and the reference. Pipelines and extensions are checked against the components by `check.ts`. */
export const service = z.strictObject({
  extensions: texts.optional().describe('Extensions to start, in this order.'),
  pipelines: z
    .record(
      z.string(),
      z.strictObject({
        receivers: texts.describe('Where data comes from: receivers and connectors.'),
        processors: texts.optional().describe('In the order in which they work.'),
        exporters: texts.describe('Where data goes: exporters and connectors.'),
      }),
    )
    .describe('`traces`, `logs`, or one of these with a name: `traces/audit`.'),
  telemetry: telemetry.prefault({}),
  reload: reload.prefault({}),
  workers: workers.default(1),
});

export type Telemetry = z.output<typeof telemetry>;
export type Reload = z.output<typeof reload>;
export type Workers = z.output<typeof workers>;
