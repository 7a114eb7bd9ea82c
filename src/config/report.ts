import { type Problem, type ProblemOptions, problemAt } from './problem.ts';
import type { Place, Source } from './tree.ts';

interface Finding {
  readonly place: Place;
  readonly path: string;
  readonly sentence: string;
  readonly options: ProblemOptions;
}

/** More problems than this help nobody, and a hostile file must not make a long report. */
const problemsMax = 100;

/** Collects what is wrong and what is doubtful, so that all of it is told at once. */
export class Report {
  readonly #errors: Finding[] = [];
  readonly #warnings: Finding[] = [];
  #omitted = 0;

  get failed(): boolean {
    return this.#errors.length > 0;
  }

  error(place: Place, path: string, sentence: string, options: ProblemOptions = {}): void {
    if (this.#errors.length < problemsMax) this.#errors.push({ place, path, sentence, options });
    else this.#omitted += 1;
  }

  warn(place: Place, path: string, sentence: string, options: ProblemOptions = {}): void {
    if (this.#warnings.length < problemsMax) this.#warnings.push({ place, path, sentence, options });
  }

  /** In the order of the text, at most 100. */
  problems(): Problem[] {
    const problems = inOrder(this.#errors);
    const last = this.#errors.at(-1);
    if (last && this.#omitted > 0) problems.push(problemAt(last.place, '', `and ${this.#omitted} more problems`, { missing: true }));
    return problems;
  }

  warnings(): Problem[] {
    return inOrder(this.#warnings);
  }
}

function inOrder(findings: readonly Finding[]): Problem[] {
  const rank = new Map<Source, number>();
  for (const { place } of findings) if (!rank.has(place.source)) rank.set(place.source, rank.size);
  const orderOf = ({ place }: Finding) => rank.get(place.source) as number;
  return [...findings]
    .sort((one, other) => orderOf(one) - orderOf(other) || one.place.offset - other.place.offset)
    .map(({ place, path, sentence, options }) => problemAt(place, path, sentence, options));
}
