/**
 * `filter`: drops data for which a condition holds, and counts it. What becomes empty goes, too. Children of a dropped span stay: the batch tells of it, so
 * that an exporter that builds trees hangs them on the nearest ancestor that stays. Read this file first.
 */
import type { LeftOutSpan, LogRecord, Resource, Span } from '../../model/batch.ts';
import type { PipelineDeps, Processor, ProcessorFactory } from '../../model/component.ts';
import { dropEmptyGroups, keepLogRecords, keepSpans } from '../keep.ts';
import { createMatcher } from '../match/match.ts';
import { newEvaluation, propagating } from '../statements/compile.ts';
import { compileConditions, dropByConditions } from './drop-conditions.ts';
import { type Settings, schema } from './schema.ts';

export const filter = {
  kind: 'processor',
  type: 'filter',
  aliases: [],
  summary: 'Drops spans, span events and log records by OTTL conditions.',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: PipelineDeps): Processor => {
    const settings = config as Settings;
    const conditions = { traces: compileConditions(settings, 'traces', deps), logs: compileConditions(settings, 'logs', deps) };
    const spans = settings.spans && createMatcher(settings.spans.include, settings.spans.exclude);
    const logRecords = settings.logs && createMatcher(settings.logs.include, settings.logs.exclude);
    return {
      drops: 'filtered',
      mutates: true,
      process: (batch) => {
        const gone: LeftOutSpan[] = [];
        const leftOut = (item: Span | LogRecord, rule: string, resource: Resource): false => {
          deps.observer.leftOut?.(deps.id, item, rule);
          if (batch.signal === 'traces') gone.push({ span: item as Span, resource });
          return false;
        };
        if (batch.signal === 'traces' && spans) keepSpans(batch, (...of) => spans.span(...of) || leftOut(of[0], 'spans', of[2]));
        if (batch.signal === 'logs' && logRecords) keepLogRecords(batch, logRecords.log);
        propagating(() => dropByConditions(batch, conditions[batch.signal], newEvaluation(deps, batch.caller), leftOut));
        dropEmptyGroups(batch);
        if (batch.signal === 'traces' && gone.length > 0) batch.leftOut = [...(batch.leftOut ?? []), ...gone];
        return batch;
      },
    };
  },
} as const satisfies ProcessorFactory;
