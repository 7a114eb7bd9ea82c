import type { ContextName, Evaluation } from '../../ottl/ottl.ts';
import type { Matches } from './compile-route.ts';

/** One row of the table, compiled. */
export interface CompiledRow {
  /** `settled`: it is known to match. */
  readonly context: ContextName | 'settled';
  readonly matches: Matches;
  readonly pipelines: readonly string[];
  /** Whether later rows and the default get the data, too. */
  readonly copies: boolean;
}

/**
 * Answers the rows of one context once for everything inside it: what matches is settled, what does not goes. A settled row that moves the data
 * ends the list, so that later rows are never asked.
 */
export function settle(rows: readonly CompiledRow[], context: ContextName, evaluation: Evaluation): readonly CompiledRow[] {
  const left: CompiledRow[] = [];
  for (const row of rows) {
    const asked = row.context === context;
    if (asked && !row.matches(evaluation)) continue;
    const settled = asked || row.context === 'settled';
    left.push(asked ? { ...row, context: 'settled' } : row);
    if (settled && !row.copies) break;
  }
  return left;
}

/** The pipelines that one span or log record goes to, each once. */
export function targetsOf(rows: readonly CompiledRow[], evaluation: Evaluation, defaults: readonly string[]): Iterable<string> {
  const [first] = rows;
  if (first === undefined) return defaults;
  if (first.context === 'settled' && !first.copies) return first.pipelines;
  const targets = new Set<string>();
  for (const row of rows) {
    if (row.context !== 'settled' && !row.matches(evaluation)) continue;
    for (const pipeline of row.pipelines) targets.add(pipeline);
    if (!row.copies) return targets;
  }
  for (const pipeline of defaults) targets.add(pipeline);
  return targets;
}
