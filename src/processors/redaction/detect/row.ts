/**
 * A row of groups of digits with one separator between each two: `943 476 5918`. A number may begin with each of its groups, so it is read once for all.
 *
 * States: empty (`#count` is 0), or standing at the group `#at`. What is longer than `rowMax` groups is read again from where its end is near.
 */
import { isDigit } from './characters.ts';
import { type Digits, digitsOfLength } from './digits.ts';
import { separatorOf } from './shapes.ts';

const rowMax = 24;
/** No shape has more groups. */
const shapeMax = 6;

export class Row {
  readonly #starts = new Uint32Array(rowMax);
  readonly #ends = new Uint32Array(rowMax);
  /** Before each group. */
  readonly #separators = new Uint8Array(rowMax);
  #count = 0;
  #isWhole = true;
  #at = 0;

  /** Before another text. */
  clear(): void {
    this.#count = 0;
  }

  /** Goes to the group of digits between `start` and `end`. Within a text, `start` only grows. */
  goTo(text: string, start: number, end: number): void {
    let at = this.#at;
    while (at < this.#count && (this.#starts[at] as number) < start) at += 1;
    this.#at = at;
    if (at >= this.#count || this.#starts[at] !== start || !(this.#isWhole || at + shapeMax <= this.#count)) this.#read(text, start, end);
  }

  /** The length of the group `further` behind the one at hand, 0 if there is none. */
  length(further: number): number {
    const at = this.#at + further;
    return at < this.#count ? (this.#ends[at] as number) - (this.#starts[at] as number) : 0;
  }

  end(further: number): number {
    return this.#ends[this.#at + further] as number;
  }

  separator(further: number): number {
    return this.#separators[this.#at + further] as number;
  }

  /** The digits from the group at hand to the one `further` behind it. */
  digits(text: string, further: number, count: number): Digits {
    const digits = digitsOfLength(count);
    let size = 0;
    for (let group = this.#at; group <= this.#at + further; group += 1) {
      const end = this.#ends[group] as number;
      for (let at = this.#starts[group] as number; at < end; at += 1, size += 1) digits[size] = text.charCodeAt(at) - 48;
    }
    return digits;
  }

  #read(text: string, start: number, firstEnd: number): void {
    this.#at = 0;
    this.#count = 1;
    this.#starts[0] = start;
    this.#ends[0] = firstEnd;
    let end = firstEnd;
    for (;;) {
      const separator = separatorOf(text.charCodeAt(end));
      this.#isWhole = separator === 0 || !isDigit(text.charCodeAt(end + 1));
      if (this.#isWhole || this.#count === rowMax) return;
      this.#separators[this.#count] = separator;
      this.#starts[this.#count] = end + 1;
      end += 2;
      while (isDigit(text.charCodeAt(end))) end += 1;
      this.#ends[this.#count] = end;
      this.#count += 1;
    }
  }
}
