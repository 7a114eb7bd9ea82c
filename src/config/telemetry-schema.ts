/** The settings of `service::telemetry`: the Collector's. What has no meaning here is taken, and `telemetry-without-effect.ts` says so at load. */
import { z } from 'zod';
import { duration } from './fields.ts';
import { prometheusDefault, pushReaders, readers } from './metric-readers-schema.ts';
import { traces } from './span-processors-schema.ts';

const sampling = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Off: every line is logged, however often it comes.'),
    tick: duration.prefault('10s').describe('Lines are counted for so long, by their sentence.'),
    initial: z.int().min(0).default(10).describe('So many of them are logged.'),
    thereafter: z
      .int()
      .min(0)
      .default(100)
      .describe('Of the rest every one with this number; 0 = none. How many were left out is said in the end.'),
  })
  .prefault({})
  .describe('Lines that repeat.');

const outputPaths = z
  .array(z.string().min(1))
  .min(1)
  .max(8)
  .default(['stderr'])
  .describe('Where lines go: `stdout`, `stderr` or the path of a file.');

const logs = z.strictObject({
  level: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['debug', 'info', 'warn', 'error']))
    .prefault('info')
    .describe('Least severe level that is logged: debug, info, warn or error.'),
  encoding: z.enum(['console', 'json']).default('console').describe('Readable text, or one JSON object per line.'),
  sampling,
  output_paths: outputPaths,
  initial_fields: z.record(z.string(), z.unknown()).default({}).describe('Fields of every line.'),
  error_output_paths: z.array(z.string()).optional().describe('Without effect: the logger has no errors of its own to tell.'),
  development: z.boolean().optional().describe('Without effect.'),
  disable_caller: z.boolean().optional().describe('Without effect: lines name no place in the code.'),
  disable_stacktrace: z.boolean().optional().describe('Without effect.'),
  processors: z.array(z.unknown()).optional().describe('Without effect: lines are not exported.'),
});

const metrics = z
  .strictObject({
    level: z.enum(['none', 'basic', 'normal', 'detailed']).default('normal').describe('`none` turns the metrics page and pushes off.'),
    readers: readers.optional(),
    views: z.array(z.unknown()).optional().describe('Without effect.'),
    address: z
      .string()
      .regex(/^[^:]*:\d{1,5}$/, 'expected "host:port"')
      .optional()
      .describe('Older way to write the one reader: `host:port`.'),
  })
  .transform(({ level, readers, address }) => {
    const pull = readers?.find((one) => one.pull)?.pull;
    const pushes = level === 'none' ? [] : pushReaders(readers);
    if (level === 'none' || (readers && !pull)) return { level, prometheus: undefined, pushes };
    const written = pull?.exporter.prometheus ?? prometheusDefault;
    if (pull || address === undefined) return { level, prometheus: written, pushes };
    const colon = address.lastIndexOf(':');
    return { level, prometheus: { ...written, host: address.slice(0, colon) || '::', port: Number(address.slice(colon + 1)) }, pushes };
  });

const value = z.union([z.string(), z.number(), z.boolean()]);

const resource = z
  .union([
    z.strictObject({
      attributes: z.array(z.strictObject({ name: z.string(), value: value.nullable(), type: z.string().optional() })),
      schema_url: z.string().optional(),
    }),
    z.record(z.string(), value.nullable()),
  ])
  .transform((given) =>
    'attributes' in given && Array.isArray(given.attributes)
      ? new Map(given.attributes.map((one): [string, string | number | boolean | null] => [one.name, one.value]))
      : new Map(Object.entries(given as Record<string, string | number | boolean | null>)),
  )
  .prefault({})
  .describe("Attributes of the gateway's own telemetry; null removes one.");

export const telemetry = z.strictObject({ logs: logs.prefault({}), metrics: metrics.prefault({}), traces, resource });

export type Telemetry = z.output<typeof telemetry>;
