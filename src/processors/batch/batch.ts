/**
 * `batch`: takes the Collector's settings and hands data through as it comes. The Collector's processor answers its clients and then holds the
 * data in memory, where a crash loses it. Here batches are made behind the journal, by the exporter (`batch` in its settings), so that nothing is acknowledged before it is held.
 */
import { z } from 'zod';
import { duration, texts } from '../../config/fields.ts';
import type { Processor, ProcessorFactory } from '../../model/component.ts';

const noEffect = 'Has no effect here.';

const schema = z
  .strictObject({
    timeout: duration.prefault('200ms').describe(noEffect),
    send_batch_size: z.int().nonnegative().default(8192).describe(noEffect),
    send_batch_max_size: z.int().nonnegative().default(0).describe(`${noEffect} At least send_batch_size, or 0.`),
    metadata_keys: texts.default([]).describe(`${noEffect} What came with the request always travels with its data.`),
    metadata_cardinality_limit: z.int().nonnegative().default(1000).describe(noEffect),
  })
  .superRefine(({ send_batch_size, send_batch_max_size, metadata_keys }, context) => {
    const problem = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (send_batch_max_size > 0 && send_batch_max_size < send_batch_size)
      problem('send_batch_max_size', 'must be greater than or equal to send_batch_size');
    const seen = new Set<string>();
    for (const key of metadata_keys.map((one) => one.toLowerCase())) {
      if (seen.has(key)) problem('metadata_keys', `duplicate entry "${key}" (case-insensitive)`);
      seen.add(key);
    }
  });

export const batchProcessor = {
  kind: 'processor',
  type: 'batch',
  aliases: [],
  summary:
    'Hands data through. Batches are made behind the journal, by the exporter: what the Collector holds in memory here would be acknowledged before it is safe.',
  signals: ['traces', 'logs'],
  stability: 'stable',
  schema,
  create: (): Processor => ({ drops: 'none', mutates: false, process: (batch) => batch }),
} as const satisfies ProcessorFactory;
