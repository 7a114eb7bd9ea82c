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
    return isIn(hint, asked, text, Math.max(0, start - before), start) || isIn(hint, asked, text, end, Math.min(text.length, end + after));
  }

  /** Whether it may match around a candidate that begins at `start` and ends at `end` or before. */
  mayHave(hint: RegExp, text: string, start: number, end: number): boolean {
    const asked = this.#of(hint);
    return asked.isInKey || isIn(hint, asked, text, Math.max(0, start - before), Math.min(text.length, end + after));
  }

  /** Whether to ask costs little here, because it was asked near by. */
  isCheap(hint: RegExp, start: number): boolean {
    const asked = this.#asked?.get(hint);
    return asked !== undefined && start >= asked.from && start <= asked.to + candidateMax;
  }

  #of(hint: RegExp): Asked {
    this.#asked ??= new Map();
    let asked = this.#asked.get(hint);
    if (asked === undefined) {
      asked = { isInKey: this.#key !== undefined && hint.test(this.#key), foundFrom: -1, foundTo: 0, from: 0, to: 0 };
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
}

function isIn(hint: RegExp, asked: Asked, text: string, from: number, to: number): boolean {
  if (asked.foundFrom >= from && asked.foundTo <= to) return true;
  if (from < asked.from || from > asked.to + candidateMax) {
    if (isFound(hint, asked, text, from, to)) return true;
    asked.from = from;
    asked.to = to;
    return false;
  }
  if (to <= asked.to) return false;
  // What ends in the new part began at most so far before it.
  const newFrom = Math.max(asked.from, asked.to - hintMax);
  if (hasLetter(text, newFrom, to) && hint.test(text.slice(newFrom, to))) return isFound(hint, asked, text, from, to);
  asked.to = to;
  return false;
}

/** Every hint has a letter; among numbers there is mostly none. */
function hasLetter(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (text.charCodeAt(at) > 64) return true;
  return false;
}

function isFound(hint: RegExp, asked: Asked, text: string, from: number, to: number): boolean {
  const found = hasLetter(text, from, to) ? hint.exec(text.slice(from, to)) : null;
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
