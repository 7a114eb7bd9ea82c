/** `service::telemetry::traces`: spans of what the gateway does itself, and where they are sent. The Collector's keys. */
import { z } from 'zod';
import { endpointIssue, milliseconds, type OwnOtlp, ownOtlpFields, spokenProtocol } from './own-otlp-schema.ts';

const usualRatio = 0.01;

const otlp = z.strictObject(ownOtlpFields('URL of the receiver; `/v1/traces` is added if it has no path.'));

const exporter = z.strictObject({ otlp: otlp.optional(), console: z.unknown().optional().describe('Without effect.') });

const batch = z.strictObject({
  schedule_delay: milliseconds(5_000, 1).describe('Time between two pushes.'),
  export_timeout: milliseconds(30_000, 1).describe('How long a push may take, with all its tries.'),
  max_queue_size: z.int().min(1).max(65_536).default(2_048).describe('So many spans wait at most; one more is left out.'),
  max_export_batch_size: z.int().min(1).max(65_536).default(512).describe('So many spans go with one push.'),
  exporter,
});

const usualBatch = batch.omit({ exporter: true }).parse({});

const processor = z.strictObject({
  batch: batch.optional().describe('Sends spans over OTLP/HTTP.'),
  simple: z.strictObject({ exporter }).optional().describe('The same as `batch` with its defaults.'),
});

const nothing = z.strictObject({}).nullable();

const rootSampler = {
  always_on: nothing.optional().describe('Every request.'),
  always_off: nothing.optional().describe('None.'),
  trace_id_ratio_based: z
    .strictObject({ ratio: z.number().min(0).max(1) })
    .optional()
    .describe('This share of them, 0 to 1.'),
};

const sampler = z
  .strictObject({
    ...rootSampler,
    parent_based: z
      .strictObject({ root: z.strictObject(rootSampler).optional() })
      .optional()
      .describe('The same as its `root`: the spans have no parents.'),
  })
  .optional()
  .describe(`Which requests are traced: ${usualRatio} of them if not said.`);

export const traces = z
  .strictObject({
    level: z.enum(['none', 'basic', 'normal', 'detailed']).default('normal').describe('`none` turns the spans off.'),
    processors: z.array(processor).max(16).default([]).describe('Where spans of its own are sent; nowhere if not said.'),
    sampler,
    propagators: z.array(z.string()).optional().describe("Without effect: the gateway takes no part in its clients' traces."),
    limits: z.unknown().optional().describe('Without effect: its spans are small.'),
  })
  .superRefine(({ processors }, context) => {
    for (const [at, given] of processors.entries())
      for (const kind of ['batch', 'simple'] as const) {
        const message = endpointIssue(given[kind]?.exporter.otlp);
        if (message === undefined) continue;
        context.addIssue({ code: 'custom', path: ['processors', at, kind, 'exporter', 'otlp', 'endpoint'], message });
      }
  })
  .transform(({ level, processors, sampler: given }): OwnTraces => {
    const ratio = ratioOf({ ...given?.parent_based?.root, ...given });
    return { ratio, pushes: level === 'none' || ratio === 0 ? [] : processors.flatMap(pushesOf) };
  })
  .prefault({})
  .describe('Spans of what the gateway does itself: a request that it takes, a batch that it sends.');

/** One that has an effect. */
export interface SpanPush {
  readonly delayMs: number;
  readonly timeoutMs: number;
  readonly queueMax: number;
  readonly batchMax: number;
  readonly otlp: OwnOtlp;
}

export interface OwnTraces {
  /** Of the requests and batches that are traced, 0 to 1. */
  readonly ratio: number;
  readonly pushes: readonly SpanPush[];
}

function ratioOf(given: Pick<NonNullable<z.output<typeof sampler>>, keyof typeof rootSampler>): number {
  if (given.always_off !== undefined) return 0;
  return given.always_on === undefined ? (given.trace_id_ratio_based?.ratio ?? usualRatio) : 1;
}

function pushesOf({ batch: written, simple }: z.output<typeof processor>): readonly SpanPush[] {
  const given = written ?? (simple && { ...usualBatch, ...simple });
  const { otlp: to } = given?.exporter ?? {};
  if (!given || to?.protocol !== spokenProtocol) return [];
  const { schedule_delay: delayMs, export_timeout: timeoutMs, max_queue_size: queueMax, max_export_batch_size } = given;
  return [{ delayMs, timeoutMs, queueMax, batchMax: Math.min(max_export_batch_size, queueMax), otlp: to }];
}
