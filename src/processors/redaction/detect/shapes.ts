/**
 * Numbers written in groups: `123-45-6789` has the shape `3-2-4`. All shapes of all detectors are one trie, which is walked once per number.
 *
 * An edge is a separator and the length of the group behind it: `separator * groupMax + length`.
 */
import { isAlphanumeric } from './characters.ts';
import type { Digits } from './digits.ts';

/** A longer group is in no shape. */
export const groupMax = 24;
const separators = 5;
const width = separators * groupMax;

/** Spaces are one separator, hyphens another, whatever their width. 0: none. */
export function separatorOf(code: number): number {
  if (code === 32 || code === 0xa0 || code === 0x202f || code === 0x2009) return 1;
  if (code === 45 || code === 0x2010 || code === 0x2011) return 2;
  if (code === 46) return 3;
  if (code === 47) return 4;
  return 0;
}

/** A detector that knows a shape. */
export interface Shaped {
  readonly name: string;
  readonly rank: number;
  readonly isValid: (digits: Digits) => boolean;
  /** Asked where this shape is found only beside a hint. */
  readonly hint: RegExp | undefined;
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

  /** Where a group of `length` digits behind `separator` leads from `node`, the root being 0. 0: no shape goes on so. */
  next(node: number, separator: number, length: number): number {
    return length < groupMax ? ((this.#next[node] as Int16Array)[separator * groupMax + length] as number) : 0;
  }

  found(node: number): readonly Shaped[] {
    return this.#found[node] ?? none;
  }
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
