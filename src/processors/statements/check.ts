import type { Signal } from '../../model/batch.ts';
import { transformFunctions } from '../../ottl/functions/functions.ts';
import { type ContextName, parseConditions, parseStatements, StatementError } from '../../ottl/ottl.ts';
import { contextOf, contextsOf, type Texts } from './contexts.ts';

/** Tells of a wrong text: its field, its position there, and what is wrong. */
export type TextProblem = (field: 'statements' | 'conditions', index: number, message: string) => void;

/** Reports every text that is wrong, with a caret under the place. `contexts`: those that the setting takes, all of the signal if absent. */
export function checkTexts(
  texts: Texts,
  signal: Signal,
  problem: TextProblem,
  contexts: readonly ContextName[] = contextsOf[signal],
): void {
  const { statements = [], conditions = [] } = texts;
  const first = statements.length > 0 ? 'statements' : 'conditions';
  let context: ContextName | undefined;
  // A text that does not parse says so, whatever its context.
  if (!attempt('statements', problem, () => contextOf({ statements }, signal))) return;
  if (!attempt('conditions', problem, () => (context = contextOf(texts, signal)))) return;
  if (context === undefined) {
    problem(first, 0, `cannot tell the context: no one context has everything that is mentioned (contexts here: [${contexts.join(' ')}])`);
    return;
  }
  if (!contexts.includes(context)) {
    problem(first, 0, `context "${context}" is not available here (contexts here: [${contexts.join(' ')}])`);
    return;
  }
  const options = { context, functions: transformFunctions, unprefixed: texts.context !== undefined };
  attempt('statements', problem, () => parseStatements(statements, options));
  attempt('conditions', problem, () => parseConditions(conditions, options));
}

function attempt(field: 'statements' | 'conditions', problem: TextProblem, work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    for (const { index, text } of error.problems) problem(field, index, text);
    return false;
  }
}
