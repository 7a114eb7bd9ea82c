import { z } from 'zod';

const digits = { error: 'must be from 1 to 14' };
const percentageMin = 100 * 2 ** -56;

/** The Collector keeps percentages as 32-bit floats, and its decisions rest on that. */
const percentage = z
  .number()
  .superRefine((given, context) => {
    if (given < 0) context.addIssue({ code: 'custom', message: `sampling rate is negative: ${given}%` });
    else if (given > 0 && given < percentageMin) context.addIssue({ code: 'custom', message: `sampling rate is too small: ${given}%` });
  })
  .transform((given) => Math.min(100, Math.fround(given)));

export const schema = z.strictObject({
  sampling_percentage: percentage.prefault(0).describe('How much is kept, in percent. 100 or more keeps all, 0 keeps nothing.'),
  mode: z
    .enum(['hash_seed', 'equalizing', 'proportional'])
    .default('hash_seed')
    .describe(
      '`hash_seed` decides by a hash of the trace id. `proportional` keeps this part of what arrives, `equalizing` brings what arrives down to this part; both decide by the randomness of the trace id or tracestate.',
    ),
  hash_seed: z.int().min(0).max(0xffffffff).default(0).describe('Seed of the hash; replicas that shall agree need the same one.'),
  fail_closed: z.boolean().default(true).describe('Drops what cannot be decided (bad tracestate, no trace id); otherwise it is kept.'),
  sampling_precision: z
    .int()
    .min(1, digits)
    .max(14, digits)
    .default(4)
    .describe('Hex digits of the threshold that is written to the tracestate.'),
  attribute_source: z
    .enum(['traceID', 'record'])
    .default('traceID')
    .describe('Logs: whether the trace id or the attribute `from_attribute` is hashed.'),
  from_attribute: z.string().default('').describe('Logs: attribute to hash where there is no trace id.'),
  sampling_priority: z.string().default('').describe('Logs: attribute whose number is the least percentage to keep the record with.'),
});

export type Settings = z.output<typeof schema>;
