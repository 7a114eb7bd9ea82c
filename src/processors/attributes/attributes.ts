/** `attributes`: inserts, changes, removes, hashes and splits the attributes of spans and log records. */
import { z } from 'zod';
import type { PipelineDeps, Processor, ProcessorFactory } from '../../model/component.ts';
import { action, compileActions } from '../attribute-actions/attribute-actions.ts';
import { createMatcher, matchSettings } from '../match/match.ts';

const schema = z.strictObject({
  actions: z.array(action).min(1, { error: 'must have at least one action' }).describe('What to do, in this order.'),
  include: matchSettings.optional().describe('Only for these spans or log records.'),
  exclude: matchSettings.optional().describe('Not for these, even if they are included.'),
});

export const attributesProcessor = {
  kind: 'processor',
  type: 'attributes',
  aliases: [],
  summary: 'Changes attributes of spans and log records.',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema,
  create: (config: unknown, _deps: PipelineDeps): Processor => {
    const { actions, include, exclude } = config as z.output<typeof schema>;
    const change = compileActions(actions);
    const matches = createMatcher(include, exclude);
    return {
      drops: 'none',
      mutates: true,
      process: (batch) => {
        if (batch.signal === 'traces') {
          for (const { resource, scopeSpans } of batch.resourceSpans) {
            for (const { scope, spans } of scopeSpans) {
              for (const span of spans) if (matches.span(span, scope, resource)) change(span.attributes, batch.caller);
            }
          }
        } else {
          for (const { resource, scopeLogs } of batch.resourceLogs) {
            for (const { scope, logRecords } of scopeLogs) {
              for (const record of logRecords) if (matches.log(record, scope, resource)) change(record.attributes, batch.caller);
            }
          }
        }
        return batch;
      },
    };
  },
} as const satisfies ProcessorFactory;
