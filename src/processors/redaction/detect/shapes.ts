/**
 * Numbers written in groups: `123-45-6789` has the shape `3-2-4`. All shapes of all detectors are one trie, which is walked once per number.
 *
 * An edge is a separator and the length of the group behind it: `separator * groupMax + length`.
 */
import { isAlphanumeric, isDigit } from './characters.ts';
import type { NumberDetector } from './detector.ts';

const groupMax = 24;
/** No shape is longer. */
const digitsMax = 20;
const separators = 5;
const width = separators * groupMax;

/** Digits of a number and where its groups end. One instance is reused for every number. */
export class Groups {
  count = 0;
  /** How many digits all groups have, and where the last one ends. */
  digits = 0;
  end = 0;
  readonly edges = new Uint8Array(8);
  readonly ends = new Uint32Array(8);

  /** Reads the groups from `at`, where a digit stands. */
  read(text: string, at: number): void {
    let position = at;
    let separator = 0;
    this.count = 0;
    this.digits = 0;
    this.end = at;
    while (this.count < this.ends.length && this.digits < digitsMax) {
      let end = position;
      while (isDigit(text.charCodeAt(end))) end += 1;
      const length = end - position;
      if (length === 0 || length >= groupMax) break;
      this.edges[this.count] = separator * groupMax + length;
      this.ends[this.count] = end;
      this.count += 1;
      this.digits += length;
      this.end = end;
      separator = separatorOf(text.charCodeAt(end));
      if (separator === 0) break;
      position = end + 1;
    }
  }
}

/** Spaces are one separator, hyphens another, whatever their width. 0: none. */
export function separatorOf(code: number): number {
  if (code === 32 || code === 0xa0 || code === 0x202f || code === 0x2009) return 1;
  if (code === 45 || code === 0x2010 || code === 0x2011) return 2;
  if (code === 46) return 3;
  if (code === 47) return 4;
  return 0;
}

export interface Shaped {
  readonly detector: NumberDetector;
  readonly rank: number;
  readonly hinted: boolean;
}

const none: readonly Shaped[] = [];

export class ShapeTrie {
  readonly #next: Int16Array[] = [new Int16Array(width)];
  readonly #found: Shaped[][] = [[]];

  add(shape: string, entry: Shaped): void {
    let node = 0;
    for (const [, separator = '', digits = ''] of shape.matchAll(/([ \-./]?)(\d+)/g)) {
      const edge = (separator === '' ? 0 : separatorOf(separator.charCodeAt(0))) * groupMax + Number(digits);
      const edges = this.#next[node] as Int16Array;
      if (edges[edge] === 0) {
        edges[edge] = this.#next.length;
        this.#next.push(new Int16Array(width));
        this.#found.push([]);
      }
      node = edges[edge] as number;
    }
    (this.#found[node] as Shaped[]).push(entry);
  }

  next(node: number, edge: number): number {
    return (this.#next[node] as Int16Array)[edge] as number;
  }

  found(node: number): readonly Shaped[] {
    return this.#found[node] ?? none;
  }
}

/** The digits of `text` between `start` and `end`. */
export function digitsOf(text: string, start: number, end: number): string {
  let digits = '';
  for (let at = start; at < end; at += 1) if (isDigit(text.charCodeAt(at))) digits += text[at];
  return digits;
}

/** Whether a number may begin at `at`: not inside a word, a version, a price or a longer number. */
export function startsNumber(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  if (before === 36 || before === 0x20ac || before === 0xa3 || before === 0xa5) return false;
  if (before === 45 || before === 46 || before === 44 || before === 47) return !isAlphanumeric(text.charCodeAt(at - 2));
  return !isAlphanumeric(before) && before !== 95;
}

/** Whether a number may end before `end`: nothing there goes on with it. */
export function endsNumber(text: string, end: number): boolean {
  const after = text.charCodeAt(end);
  if (isAlphanumeric(after) || after === 95 || after === 0x25) return false;
  if (after === 45 || after === 46 || after === 44 || after === 47) return !isAlphanumeric(text.charCodeAt(end + 1));
  return true;
}
