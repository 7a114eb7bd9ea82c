/** The settings of `service` beside extensions and pipelines (`telemetry` is the Collector's; `reload`, `workers` and `compat` are ours). */
import { z } from 'zod';
import { texts } from './fields.ts';
import { telemetry } from './telemetry-schema.ts';

export const reload = z.strictObject({
  watch: z.boolean().default(false).describe('Reload when a file of the configuration changes. SIGHUP always reloads.'),
  on_error: z.enum(['keep_running']).default('keep_running').describe('A configuration that is refused leaves the running one in place.'),
});

const workersMax = 256;

export const workers = z
  .union([z.int().min(1).max(workersMax), z.literal('auto')], { error: `expected a number from 1 to ${workersMax}, or "auto"` })
  .describe('Processes that share the work; `auto` is one per CPU core.');

export const compat = z.strictObject({
  ignore_unsupported: texts
    .default([])
    .describe(
      'Types of the Collector that do not exist here, e.g. `jaeger`: their components are left out, with a warning, instead of refused.',
    ),
});

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
  compat: compat.prefault({}),
});

export type { Telemetry } from './telemetry-schema.ts';
export type Reload = z.output<typeof reload>;
export type Workers = z.output<typeof workers>;
