/** `debug`: writes what passes by to stderr. The only component that shows payload, and only because somebody configured it. */
import { z } from 'zod';
import { unjournaled } from '../../journal/unjournaled.ts';
import { type Batch, itemCount } from '../../model/batch.ts';
import type { Deps, Exporter } from '../../model/component.ts';
import { logsJson, tracesJson } from '../../otlp/otlp.ts';

const schema = z.strictObject({
  verbosity: z
    .enum(['basic', 'normal', 'detailed'])
    .default('basic')
    .describe('`basic` counts, `normal` names each item, `detailed` shows everything as OTLP/JSON.'),
});

export const debugExporter = {
  kind: 'exporter',
  type: 'debug',
  aliases: [],
  summary: 'Writes what passes by to stderr.',
  signals: ['traces', 'logs'],
  stability: 'stable',
  schema,
  create: (config: unknown, deps: Deps): Exporter => {
    const { verbosity } = config as z.output<typeof schema>;
    return {
      start: async () => {},
      consume: async (batch) => {
        const items = itemCount(batch);
        if (items === 0) return unjournaled(0);
        deps.observer.log('info', 'data passed the debug exporter', { exporter: deps.id, signal: batch.signal, items });
        if (verbosity !== 'basic') process.stderr.write(`${(verbosity === 'normal' ? names(batch) : [text(batch)]).join('\n')}\n`);
        return unjournaled(items);
      },
      stop: async () => {},
    };
  },
} as const;

function names(batch: Batch): string[] {
  if (batch.signal === 'logs')
    return batch.resourceLogs.flatMap(({ scopeLogs }) =>
      scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ eventName, traceId }) => `log ${eventName} ${traceId}`)),
    );
  return batch.resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map(({ name, traceId, spanId }) => `span ${name} ${traceId} ${spanId}`)),
  );
}

function text(batch: Batch): string {
  return batch.signal === 'traces' ? tracesJson(batch) : logsJson(batch);
}
