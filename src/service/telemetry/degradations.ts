/**
 * States that an operator should know of, by key, as several tell them: while a reload is under way, two instances of one component run side by side,
 * and what the one says is over may not be over for the other.
 */

/** A state that an operator should know of. */
export interface Degradation {
  readonly sentence: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly sinceMs: number;
}

/** How many different states one teller has; there are a handful per component. */
const degradationsMax = 1_000;

/** Those of one teller. */
export class Degradations {
  readonly #own = new Map<string, Degradation>();
  /** Of all tellers, the newest last. */
  readonly #all: Set<ReadonlyMap<string, Degradation>>;
  #isOver = false;

  /** Another teller beside those of `others`. */
  constructor(others?: Degradations) {
    this.#all = others ? others.#all : new Set();
  }

  /** Whether this is news. */
  add(key: string, degradation: Degradation): boolean {
    const known = this.#own.get(key);
    if (this.#isOver || known?.sentence === degradation.sentence) return false;
    if (!known && this.#own.size >= degradationsMax) return false;
    this.#own.set(key, degradation);
    this.#all.add(this.#own);
    return true;
  }

  /** Whether there was such a state. */
  delete(key: string): boolean {
    return this.#own.delete(key);
  }

  /** What this teller told goes with it; what it still tells is not heard. */
  end(): void {
    this.#isOver = true;
    this.#all.delete(this.#own);
  }

  /** Of all tellers; where two tell of one key, the newer one's. */
  all(): ReadonlyMap<string, Degradation> {
    return new Map([...this.#all].flatMap((one) => [...one]));
  }
}
