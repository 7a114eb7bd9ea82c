import type { Signal } from '../../model/batch.ts';
import { transformFunctions } from '../../ottl/functions/functions.ts';
import { type ContextName, parseConditions, parseStatements, StatementError } from '../../ottl/ottl.ts';
import { contextOf, contextsOf, type Texts } from './contexts.ts';

/** Tells of a wrong text: its field, its position there, and what is wrong. */
export type TextProblem = (field: 'statements' | 'conditions', index: number, message: string) => void;

/** What texts without a context are mostly about. */
const usual: readonly ContextName[] = ['span', 'log'];

/** Reports every text that is wrong, with a caret under the place. `contexts`: those that the setting takes, all of the signal if absent. */
export function checkTexts(
  texts: Texts,
  signal: Signal,
  problem: TextProblem,
  contexts: readonly ContextName[] = contextsOf[signal],
): void {
  const { statements = [] } = texts;
  const first = statements.length > 0 ? 'statements' : 'conditions';
  let context: ContextName | undefined;
  // A text that does not parse says so, whatever its context.
  if (!attempt('statements', problem, () => contextOf({ statements }, signal))) return;
  if (!attempt('conditions', problem, () => (context = contextOf(texts, signal)))) return;
  if (context === undefined) {
    explainMissing(texts, first, contexts, problem);
    return;
  }
  if (!contexts.includes(context)) {
    problem(first, 0, `context "${context}" is not available here (contexts here: [${contexts.join(' ')}])`);
    return;
  }
  compileIn(context, texts, problem);
}

function compileIn(context: ContextName, { context: named, statements = [], conditions = [] }: Texts, problem: TextProblem): void {
  const options = { context, functions: transformFunctions, unprefixed: named !== undefined };
  attempt('statements', problem, () => parseStatements(statements, options));
  attempt('conditions', problem, () => parseConditions(conditions, options));
}

/** No context fits: says what the one that fits best finds fault with; if that is nothing, the texts mention none. */
function explainMissing(texts: Texts, first: 'statements' | 'conditions', contexts: readonly ContextName[], problem: TextProblem): void {
  let fewest: Parameters<TextProblem>[] | undefined;
  for (const context of [...usual, ...contexts]) {
    if (!contexts.includes(context)) continue;
    const found: Parameters<TextProblem>[] = [];
    compileIn(context, texts, (...one) => found.push(one));
    if (fewest === undefined || found.length < fewest.length) fewest = found;
  }
  for (const one of fewest ?? []) problem(...one);
  if (fewest?.length !== 0) return;
  const example = `{context: ${contexts.find((one) => usual.includes(one)) ?? contexts[0]}, ${first}: […]}`;
  problem(first, 0, `cannot tell the context: nothing of one is mentioned\n  name it: ${example} (contexts here: [${contexts.join(' ')}])`);
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
