import type { Caller, Signal } from '../../model/batch.ts';
import type { PipelineDeps } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { transformFunctions } from '../../ottl/functions/functions.ts';
import {
  type CompileOptions,
  type ConditionSequence,
  type ContextName,
  type ErrorMode,
  Evaluation,
  OttlError,
  parseConditions,
  parseStatements,
  type StatementSequence,
} from '../../ottl/ottl.ts';
import { contextOf, type Texts } from './contexts.ts';

export interface CompiledTexts {
  readonly context: ContextName;
  readonly statements: StatementSequence;
  readonly conditions: ConditionSequence;
}

/** Compiles texts that the settings' schema has checked. Errors that `ignore` passes over are logged, by position: a text may hold what was expanded into it. */
export function compileTexts(texts: Texts, signal: Signal, errorMode: ErrorMode, { id, observer }: PipelineDeps): CompiledTexts {
  const { statements = [], conditions = [] } = texts;
  const context = contextOf(texts, signal) ?? 'resource';
  const report =
    (all: readonly string[]): NonNullable<CompileOptions['report']> =>
    (error, text) =>
      observer.log('warn', 'an OTTL statement failed and was passed over', {
        component: id,
        context,
        position: all.indexOf(text) + 1,
        reason: error.reason,
      });
  const options = { context, functions: transformFunctions, unprefixed: texts.context !== undefined, errorMode };
  return {
    context,
    statements: parseStatements(statements, { ...options, report: report(statements) }),
    conditions: parseConditions(conditions, { ...options, report: report(conditions) }),
  };
}

export function newEvaluation({ clock, random }: PipelineDeps, caller: Caller): Evaluation {
  return new Evaluation({ now: () => BigInt(Math.trunc(clock.now())) * 1_000_000n, random }, caller);
}

/** Runs `work` on a batch; an error of `error_mode: propagate` refuses it. */
export function propagating<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OttlError)) throw error;
    throw new Fault('GW_PROCESS_FAILED', `cannot process data: ${error.reason}`, { cause: error, hint: 'error_mode is "propagate"' });
  }
}
