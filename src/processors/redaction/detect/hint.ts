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
  /** Made when first asked: most texts ask nothing. */
  #asked: Map<RegExp, Asked> | undefined;

  /** `key` is what the text stands under. */
  constructor(key: string | undefined) {
    this.#key = key !== undefined && key.length <= keyMax ? key : undefined;
  }

  /** Whether `hint` matches the key or the text around the candidate. */
  has(hint: RegExp, text: string, start: number, end: number): boolean {
    const asked = this.#of(hint);
    if (asked.isInKey) return true;
    // No hint has a digit, so that none is found across the candidate.
    return isIn(hint, asked, text, Math.max(0, start - before), Math.min(text.length, end + after));
  }

  #of(hint: RegExp): Asked {
    this.#asked ??= new Map();
    let asked = this.#asked.get(hint);
    if (asked === undefined) {
      asked = { isInKey: this.#key !== undefined && hint.test(this.#key), foundFrom: -1, foundTo: 0, from: 0, to: 0, letterAt: -1 };
      this.#asked.set(hint, asked);
    }
    return asked;
  }
}

/** What is known of one hint: whether the key has it, where it was found last, and a stretch of the text, `from` to `to`, that has it not. */
interface Asked {
  readonly isInKey: boolean;
  foundFrom: number;
  foundTo: number;
  from: number;
  to: number;
  /** Where the last letter of that stretch stands. Every hint has a letter; among numbers there is mostly none. */
  letterAt: number;
}

function isIn(hint: RegExp, asked: Asked, text: string, from: number, to: number): boolean {
  if (asked.foundFrom >= from && asked.foundTo <= to) return true;
  if (from < asked.from || from > asked.to + candidateMax) {
    const letterAt = lastLetter(text, from, to);
    if (letterAt !== -1 && isFound(hint, asked, text, from, to)) return true;
    asked.from = from;
    asked.to = to;
    asked.letterAt = letterAt;
    return false;
  }
  if (to <= asked.to) return false;
  // What ends in the new part began at most so far before it.
  const newFrom = Math.max(asked.from, asked.to - hintMax);
  const letterAt = lastLetter(text, asked.to, to);
  if (letterAt !== -1) asked.letterAt = letterAt;
  if (asked.letterAt >= newFrom && hint.test(text.slice(newFrom, to))) return isFound(hint, asked, text, from, to);
  asked.to = to;
  return false;
}

/** -1 if there is none. */
function lastLetter(text: string, from: number, to: number): number {
  for (let at = to - 1; at >= from; at -= 1) if (text.charCodeAt(at) > 64) return at;
  return -1;
}

function isFound(hint: RegExp, asked: Asked, text: string, from: number, to: number): boolean {
  const found = hint.exec(text.slice(from, to));
  if (found === null) return false;
  const foundFrom = from + found.index;
  const foundTo = foundFrom + found[0].length;
  // At the rim it might be part of another word, which the next window would show.
  if (foundFrom > from && foundTo < to) {
    asked.foundFrom = foundFrom;
    asked.foundTo = foundTo;
  }
  return true;
}
