/**
 * Numbers written in groups: `123-45-6789` has the shape `3-2-4`. All shapes of all detectors are one trie, which is walked once per number.
 *
 * An edge is a separator and the length of the group behind it: `separator * groupMax + length`.
 */
import { isAlphanumeric } from './characters.ts';
import type { Digits } from './digits.ts';

/** A longer group is in no shape. */
export const groupMax = 24;
/** None, the four of `separatorOf`, and brackets, which are in no shape. */
const separators = 6;
const width = separators * groupMax;

const separatorsOfAscii = new Uint8Array(128);
for (const [at, character] of [...' -./'].entries()) separatorsOfAscii[character.charCodeAt(0)] = at + 1;

/** Soft hyphen, zero width space, word joiner, byte order mark: what is copied from documents has them, and nobody sees them. */
const isWidthless = (code: number): boolean => code === 0xad || code === 0x200b || code === 0x2060 || code === 0xfeff;

/** Spaces are one separator, hyphens another, whatever their width. 0: none. */
export function separatorOf(code: number): number {
  if (code < 128) return separatorsOfAscii[code] as number;
  if (code === 0xa0 || code === 0x202f || code === 0x2009 || isWidthless(code)) return 1;
  return code === 0x2010 || code === 0x2011 ? 2 : 0;
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
const nodesMax = 256;

export class ShapeTrie {
  /** By node and edge, as one table. */
  readonly #next = new Uint8Array(nodesMax * width);
  readonly #found: Shaped[][] = [[]];

  add(shape: string, entry: Shaped): void {
    let node = 0;
    for (const [, separator = '', digits = ''] of shape.matchAll(/([ \-./]?)(\d+)/g)) {
      const edge = node * width + (separator === '' ? 0 : separatorOf(separator.charCodeAt(0))) * groupMax + Number(digits);
      if (this.#next[edge] === 0) this.#next[edge] = this.#found.push([]) - 1;
      node = this.#next[edge] as number;
    }
    if (this.#found.length > nodesMax) throw new RangeError('cannot add shape: too many nodes');
    (this.#found[node] as Shaped[]).push(entry);
  }

  /** Where a group of `length` digits behind `separator` leads from `node`, the root being 0. 0: no shape goes on so. */
  next(node: number, separator: number, length: number): number {
    return length < groupMax ? (this.#next[node * width + separator * groupMax + length] as number) : 0;
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
