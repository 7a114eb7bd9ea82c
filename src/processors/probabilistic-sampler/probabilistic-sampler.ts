/** `probabilistic_sampler`: keeps a part of all traces, by the same decision as the Collector's processor of that name. Read this file first. */
import type { PipelineDeps, Processor, ProcessorFactory } from '../../model/component.ts';
import { Decisions } from './decisions.ts';
import { sampleLogs } from './sample-logs.ts';
import { sampleSpans } from './sample-spans.ts';
import { createSampler } from './sampler.ts';
import { type Settings, schema } from './schema.ts';

export const probabilisticSampler = {
  kind: 'processor',
  type: 'probabilistic_sampler',
  aliases: [],
  summary: 'Keeps a part of all traces. The decision rests on the trace id, so all spans of a trace and all replicas agree.',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema,
  create: (config: unknown, { id, observer }: PipelineDeps): Processor => {
    const settings = config as Settings;
    const sampler = createSampler(settings);
    return {
      drops: 'sampled_out',
      mutates: true,
      process: (batch) => {
        const decisions = new Decisions(observer, id);
        if (batch.signal === 'traces') sampleSpans(batch, sampler, settings.hash_seed, decisions);
        else sampleLogs(batch, sampler, settings, decisions);
        decisions.tell(batch.signal);
        return batch;
      },
    };
  },
} as const satisfies ProcessorFactory;
