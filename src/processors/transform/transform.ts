/** `transform`: changes data by OTTL statements. Within a group every record sees all statements before the next record does. Read this file first. */
import type { Batch, Signal } from '../../model/batch.ts';
import type { PipelineDeps, Processor, ProcessorFactory } from '../../model/component.ts';
import type { ErrorMode } from '../../ottl/ottl.ts';
import { type CompiledTexts, compileTexts, newEvaluation, propagating } from '../statements/compile.ts';
import { contextOf, type Texts } from '../statements/contexts.ts';
import { forEachRecord } from '../statements/walk.ts';
import { type Settings, type StatementGroup, type Statements, schema } from './schema.ts';

export const transform = {
  kind: 'processor',
  type: 'transform',
  aliases: [],
  summary: 'Changes data by statements of the OpenTelemetry Transformation Language (OTTL).',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: PipelineDeps): Processor => {
    const { error_mode, trace_statements, log_statements } = config as Settings;
    const groups = {
      traces: compileGroups(trace_statements, 'traces', error_mode, deps),
      logs: compileGroups(log_statements, 'logs', error_mode, deps),
    };
    return {
      drops: 'none',
      mutates: true,
      process: (batch) => {
        propagating(() => runGroups(batch, groups[batch.signal], deps));
        return batch;
      },
    };
  },
} as const satisfies ProcessorFactory;

function runGroups(batch: Batch, groups: readonly CompiledTexts[], deps: PipelineDeps): void {
  const evaluation = newEvaluation(deps, batch.caller);
  for (const { context, conditions, statements } of groups) {
    forEachRecord(batch, context, evaluation, () => {
      if (conditions.length === 0 || conditions.test(evaluation)) statements.run(evaluation);
    });
  }
}

function compileGroups(given: Statements, signal: Signal, errorMode: ErrorMode, deps: PipelineDeps): readonly CompiledTexts[] {
  return mergePlain(given, signal).map((group) => compileTexts(group, signal, group.error_mode ?? errorMode, deps));
}

/** Plain statements of one context that follow each other are one group: the records are walked once, and share their cache as in the Collector. */
function mergePlain(given: Statements, signal: Signal): readonly (Texts & Pick<StatementGroup, 'error_mode'>)[] {
  const groups: (Texts & Pick<StatementGroup, 'error_mode'>)[] = [];
  let plain: { readonly context: string | undefined; readonly statements: string[] } | undefined;
  for (const one of given) {
    if (typeof one !== 'string') {
      plain = undefined;
      groups.push(one);
      continue;
    }
    const context = contextOf({ statements: [one] }, signal);
    if (plain?.context === context) {
      plain?.statements.push(one);
      continue;
    }
    plain = { context, statements: [one] };
    groups.push({ statements: plain.statements });
  }
  return groups;
}
