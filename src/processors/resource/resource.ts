/** `resource`: the same actions as `attributes`, on the attributes of resources. */
import { z } from 'zod';
import type { PipelineDeps, Processor, ProcessorFactory } from '../../model/component.ts';
import { action, compileActions } from '../attribute-actions/attribute-actions.ts';

const schema = z.strictObject({
  attributes: z.array(action).min(1, { error: 'must have at least one action' }).describe('What to do, in this order.'),
});

export const resourceProcessor = {
  kind: 'processor',
  type: 'resource',
  aliases: [],
  summary: 'Changes attributes of resources.',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema,
  create: (config: unknown, _deps: PipelineDeps): Processor => {
    const change = compileActions((config as z.output<typeof schema>).attributes);
    return {
      drops: 'none',
      mutates: true,
      process: (batch) => {
        const groups = batch.signal === 'traces' ? batch.resourceSpans : batch.resourceLogs;
        for (const { resource } of groups) change(resource.attributes, batch.caller);
        return batch;
      },
    };
  },
} as const satisfies ProcessorFactory;
