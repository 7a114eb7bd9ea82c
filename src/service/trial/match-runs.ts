import { type Difference, differences } from './differences.ts';
import type { Json } from './trial.ts';

/** What is wrong with one run. */
export interface RunFinding {
  /** The run's name or id; '' if it has none. */
  readonly run: string;
  readonly kind: 'differs' | 'missing' | 'unexpected';
  readonly differences: readonly Difference[];
}

/**
 * Finds for each expected run one that came, in any order; every run must be expected. The most particular expectations choose first, so that a
 * vague one does not take what only another one fits. What finds no match is compared with the run that it differs from least.
 */
export function matchRuns(expected: readonly Json[], received: readonly Json[]): RunFinding[] {
  const left = new Set(received);
  const open: Json[] = [];
  for (const wanted of [...expected].sort((one, other) => JSON.stringify(other).length - JSON.stringify(one).length)) {
    const found = [...left].find((run) => differences(wanted, run, 'partial').length === 0);
    if (found) left.delete(found);
    else open.push(wanted);
  }
  const findings = open.map((wanted): RunFinding => {
    const nearest = nearestTo(wanted, left);
    if (!nearest) return { run: nameOf(wanted), kind: 'missing', differences: [] };
    left.delete(nearest);
    return { run: nameOf(nearest), kind: 'differs', differences: differences(wanted, nearest, 'partial') };
  });
  return [...findings, ...[...left].map((run): RunFinding => ({ run: nameOf(run), kind: 'unexpected', differences: [] }))];
}

/** The same id or name counts for more than any number of other fields. */
function nearestTo(wanted: Json, runs: ReadonlySet<Json>): Json | undefined {
  let nearest: Json | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const run of runs) {
    const isSame = ['id', 'name'].some((key) => wanted[key] !== undefined && wanted[key] === run[key]);
    const count = differences(wanted, run, 'partial').length + (isSame ? 0 : 1_000_000);
    if (count < fewest) {
      nearest = run;
      fewest = count;
    }
  }
  return nearest;
}

function nameOf(run: Json): string {
  const name = run.name ?? run.id ?? '';
  return typeof name === 'string' ? name : '';
}
