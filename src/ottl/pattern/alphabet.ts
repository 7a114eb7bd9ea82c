import { codePointMax, contains, type Ranges, word } from './ranges.ts';

/** What stands before or after a position, as far as assertions ask. */
export const Neighbour = { textEdge: 0, newline: 1, word: 2, other: 3 } as const;

const newline: Ranges = [10, 10];

/**
 * Code points in classes that a program cannot tell apart. An engine then looks at a small number for each character; the same class always
 * has the same neighbour kind.
 */
export class Alphabet {
  /** Number of classes. */
  readonly size: number;
  /** First code point of each interval, rising, and the interval's class. */
  readonly #starts: Int32Array;
  readonly #classes: Int32Array;
  readonly #ascii = new Int32Array(128);
  readonly #neighbours: readonly number[];
  /** For each set of the program, 1 where it holds a class. */
  readonly members: readonly Uint8Array[];

  constructor(sets: readonly Ranges[]) {
    const cuts = new Set([0]);
    for (const ranges of [...sets, newline, word]) {
      for (let index = 0; index < ranges.length; index += 2) {
        cuts.add(ranges[index] as number);
        cuts.add((ranges[index + 1] as number) + 1);
      }
    }
    cuts.delete(codePointMax + 1);
    this.#starts = Int32Array.from(cuts).sort();
    const bySignature = new Map<string, number>();
    const samples: number[] = [];
    this.#classes = this.#starts.map((start) => {
      const signature = `${kindOf(start)}${sets.map((ranges) => (contains(ranges, start) ? 1 : 0)).join('')}`;
      const known = bySignature.get(signature);
      if (known !== undefined) return known;
      bySignature.set(signature, samples.length);
      return samples.push(start) - 1;
    });
    this.size = samples.length;
    this.#neighbours = samples.map(kindOf);
    this.members = sets.map((ranges) => Uint8Array.from(samples, (sample) => (contains(ranges, sample) ? 1 : 0)));
    for (let codePoint = 0; codePoint < 128; codePoint++) this.#ascii[codePoint] = this.#search(codePoint);
  }

  classOf(codePoint: number): number {
    return codePoint < 128 ? (this.#ascii[codePoint] as number) : this.#search(codePoint);
  }

  neighbourOf(characterClass: number): number {
    return this.#neighbours[characterClass] as number;
  }

  #search(codePoint: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= codePoint) low = middle;
      else high = middle - 1;
    }
    return this.#classes[low] as number;
  }
}

function kindOf(codePoint: number): number {
  if (codePoint === 10) return Neighbour.newline;
  return contains(word, codePoint) ? Neighbour.word : Neighbour.other;
}
