/** `nop`: takes data and does nothing. For tests of what stands before it. */
import { z } from 'zod';
import { unjournaled } from '../../journal/unjournaled.ts';
import { itemCount } from '../../model/batch.ts';
import type { Deps, Exporter } from '../../model/component.ts';

export const nopExporter = {
  kind: 'exporter',
  type: 'nop',
  aliases: [],
  summary: 'Takes data and does nothing.',
  signals: ['traces', 'logs'],
  stability: 'stable',
  schema: z.strictObject({}),
  create: (_config: unknown, _deps: Deps): Exporter => ({
    start: async () => {},
    consume: async (batch) => unjournaled(itemCount(batch)),
    stop: async () => {},
  }),
} as const;
