import { z } from 'zod';
import { duration } from '../../config/fields.ts';

const mebibytes = z.int().nonnegative().default(0);
const percentage = z.int().min(0).max(100).default(0);
const pause = (limit: string): string =>
  `Above the ${limit} limit garbage is collected before data is refused, but not more often than this.`;
const pauseMax = (limit: string): string =>
  `Above the ${limit} limit the pause doubles with each collection that does not help, up to this.`;

export const schema = z
  .strictObject({
    check_interval: duration.prefault('0s').describe('How often memory use is measured. Required.'),
    limit_mib: mebibytes.describe('Hard limit in MiB of the process, its buffers included.'),
    spike_limit_mib: mebibytes.describe(
      'What may come in between two checks; data is refused above limit - spike. 0: a fifth of the limit.',
    ),
    limit_percentage: percentage.describe("Hard limit in percent of the cgroup's or machine's memory, where limit_mib is not given."),
    spike_limit_percentage: percentage.describe('Like spike_limit_mib, in percent.'),
    min_gc_interval_when_soft_limited: duration.prefault('10s').describe(pause('soft')),
    min_gc_interval_when_hard_limited: duration.prefault('0s').describe(pause('hard')),
    max_gc_interval_when_soft_limited: duration.prefault('30s').describe(pauseMax('soft')),
    max_gc_interval_when_hard_limited: duration.prefault('30s').describe(pauseMax('hard')),
  })
  .superRefine((given, context) => {
    const problem = (field: keyof typeof given, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (given.check_interval === 0) problem('check_interval', 'must be greater than zero');
    if (given.limit_mib === 0 && given.limit_percentage === 0)
      problem('limit_mib', 'either limit_mib or limit_percentage must be greater than zero');
    if (given.limit_mib > 0 && given.spike_limit_mib >= given.limit_mib) problem('spike_limit_mib', 'must be smaller than limit_mib');
    if (given.limit_mib === 0 && given.limit_percentage > 0 && given.spike_limit_percentage >= given.limit_percentage)
      problem('spike_limit_percentage', 'must be smaller than limit_percentage');
  });

export type Settings = z.output<typeof schema>;
