/** Words around a candidate that say what it is. */

const before = 48;
const after = 16;
/** No hint is longer. */
const hintMax = 24;
/** Longer than what is hinted at. */
const candidateMax = 64;
const keyMax = 256;

/**
 * Of one text. Where numbers stand close together, their surroundings overlap; so it is kept, by hint, where it was looked for in vain, and only what
 * is new is looked through.
 */
export class Hints {
  readonly #key: string | undefined;
  readonly #clear = new Map<RegExp, { readonly from: number; to: number }>();

  /** `key` is what the text stands under. */
  constructor(key: string | undefined) {
    this.#key = key !== undefined && key.length <= keyMax ? key : undefined;
  }

  /** Whether `hint` matches the key or the text around the candidate. */
  has(hint: RegExp, text: string, start: number, end: number): boolean {
    if (this.#key !== undefined && hint.test(this.#key)) return true;
    return this.#isIn(hint, text, Math.max(0, start - before), start) || this.#isIn(hint, text, end, Math.min(text.length, end + after));
  }

  /** Whether to ask costs little here, because it was asked near by. */
  isCheap(hint: RegExp, start: number): boolean {
    const clear = this.#clear.get(hint);
    return clear !== undefined && start >= clear.from && start <= clear.to + candidateMax;
  }

  #isIn(hint: RegExp, text: string, from: number, to: number): boolean {
    const clear = this.#clear.get(hint);
    if (clear === undefined || from < clear.from || from > clear.to + candidateMax) {
      if (hint.test(text.slice(from, to))) return true;
      this.#clear.set(hint, { from, to });
      return false;
    }
    if (to <= clear.to) return false;
    // What ends in the new part began at most so far before it.
    if (hint.test(text.slice(Math.max(clear.from, clear.to - hintMax), to))) return hint.test(text.slice(from, to));
    clear.to = to;
    return false;
  }
}
