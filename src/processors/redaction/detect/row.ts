/**
 * A row of groups of digits with up to three separators or brackets between each two: `943 476 5918`, `(030) 90-18-20`. A number may begin with each of
 * its groups, so it is read once for all.
 *
 * States: empty (`#count` is 0), or standing at the group `#at`. What is longer than `rowMax` groups is read again from where its end is near.
 */
import { isDigit } from './characters.ts';
import { type Digits, digitsOfLength } from './digits.ts';
import { groupMax, separatorOf } from './shapes.ts';

const rowMax = 64;
/** No number has more groups. */
const numberMax = 8;
const gapMax = 3;
const point = 46;
const pointSeparator = separatorOf(point);
export const bracket = 5;
const isBracket = (code: number): boolean => code === 40 || code === 41;

export class Row {
  readonly #starts = new Uint32Array(rowMax);
  readonly #ends = new Uint32Array(rowMax);
  /** What stands before each group: the separator if it stands there alone, `bracket`, or 0 for several separators. */
  readonly #separators = new Uint8Array(rowMax + 1);
  /** How many digits, and points between them, there are before each group. */
  readonly #sizes = new Uint16Array(rowMax + 1);
  readonly #points = new Uint8Array(rowMax);
  /** All digits of the row. */
  readonly digits: Digits = new Uint8Array(rowMax * groupMax);
  #count = 0;
  #isWhole = true;
  #at = 0;
  /** How many groups of the row stood before the first that is kept. */
  #before = 0;

  /** Before another text. */
  clear(): void {
    this.#count = 0;
  }

  /** Where the group of digits ends that begins at `start`, 0 if it is not of this row or its end is not known. */
  endOf(start: number): number {
    if (this.#count === 0 || start > (this.#starts[this.#count - 1] as number)) return 0;
    this.#skipTo(start);
    return this.#starts[this.#at] === start && this.length(0) < groupMax ? this.end(0) : 0;
  }

  /** Goes to the group of digits that begins at `start`. Within a text, `start` only grows. */
  goTo(text: string, start: number): void {
    this.#skipTo(start);
    const at = this.#at;
    const isKept = at < this.#count && this.#starts[at] === start;
    if (isKept && (this.#isWhole || at + numberMax <= this.#count)) return;
    this.#before = isKept ? this.#before + at : 0;
    this.#read(text, start, isKept ? this.separator(0) : 0);
  }

  /** How many groups of the row stand before the one at hand. */
  place(): number {
    return this.#before + this.#at;
  }

  #skipTo(start: number): void {
    let at = this.#at;
    while (at < this.#count && (this.#starts[at] as number) < start) at += 1;
    this.#at = at;
  }

  /** The length of the group `further` behind the one at hand, 0 if there is none. A group that no number has is a little too short, but longer than any other. */
  length(further: number): number {
    const at = this.#at + further;
    return at < this.#count ? (this.#ends[at] as number) - (this.#starts[at] as number) : 0;
  }

  /** Where the group `further` behind the one at hand ends in the text. */
  end(further: number): number {
    return this.#ends[this.#at + further] as number;
  }

  /** What stands before it: a separator alone, `bracket`, or 0. */
  separator(further: number): number {
    return this.#separators[this.#at + further] as number;
  }

  /** How many points stand between the group at hand and the one `further` behind. */
  points(further: number): number {
    const at = this.#at + further;
    return at < this.#count ? (this.#points[at] as number) - (this.#points[this.#at] as number) : 0;
  }

  /** Where in `digits` the group `further` behind the one at hand begins. */
  from(further: number): number {
    return this.#sizes[this.#at + further] as number;
  }

  /** How many digits there are from the group at hand to the end of the row. */
  size(): number {
    return (this.#sizes[this.#count] as number) - (this.#sizes[this.#at] as number);
  }

  /** Whether `count` digits follow from the group at hand, one separator between each two groups; behind a bracket they need not. */
  hasDigits(count: number): boolean {
    const from = this.#sizes[this.#at] as number;
    for (let group = this.#at; group < this.#count; group += 1) {
      if ((this.#sizes[group + 1] as number) - from >= count) return true;
      const separator = group + 1 < this.#count ? (this.#separators[group + 1] as number) : 0;
      if (separator === 0 || separator === bracket) return separator === bracket;
    }
    return false;
  }

  /** The first `count` digits from the group at hand. */
  first(count: number): Digits {
    const first = digitsOfLength(count);
    const from = this.#sizes[this.#at] as number;
    for (let at = 0; at < count; at += 1) first[at] = this.digits[from + at] as number;
    return first;
  }

  /** `kept` is the separator before `start`. One loop over local names, as it reads each character of a list of numbers. */
  #read(text: string, start: number, kept: number): void {
    const starts = this.#starts;
    const ends = this.#ends;
    const sizes = this.#sizes;
    const { digits } = this;
    let count = 0;
    let points = 0;
    let size = 0;
    let at = start;
    this.#separators[0] = kept;
    for (;;) {
      starts[count] = at;
      this.#points[count] = points;
      let digit = text.charCodeAt(at) - 48;
      for (const sizeMax = size + groupMax; digit >= 0 && digit <= 9 && size < sizeMax; digit = text.charCodeAt(at) - 48) {
        digits[size] = digit;
        size += 1;
        at += 1;
      }
      const end = at;
      ends[count] = end;
      count += 1;
      sizes[count] = size;
      const separator = separatorOf(digit + 48);
      if (separator !== 0 && isDigit(text.charCodeAt(end + 1))) {
        at += 1;
        if (separator === pointSeparator) points += 1;
        this.#separators[count] = separator;
      } else {
        at = nextGroup(text, end);
        if (at === -1) break;
        for (let gap = end; gap < at; gap += 1) if (text.charCodeAt(gap) === point) points += 1;
        this.#separators[count] = isBracket(text.charCodeAt(end)) || text.charCodeAt(end + 1) === 40 ? bracket : 0;
      }
      if (count === rowMax) break;
    }
    this.#at = 0;
    this.#count = count;
    this.#isWhole = count < rowMax || at === -1;
  }
}

/** Whether the row goes on with four groups of up to three digits, and a point between each two. */
export const isQuad = (row: Row): boolean =>
  row.separator(1) === pointSeparator &&
  row.separator(2) === pointSeparator &&
  row.separator(3) === pointSeparator &&
  row.length(3) > 0 &&
  row.length(0) < 4 &&
  row.length(1) < 4 &&
  row.length(2) < 4 &&
  row.length(3) < 4;

/** Where the next group of digits begins behind separators and brackets, -1 if none follows. */
function nextGroup(text: string, end: number): number {
  for (let at = end; at <= end + gapMax; at += 1) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) return at === end ? -1 : at;
    if (separatorOf(code) === 0 && !isBracket(code)) return -1;
  }
  return -1;
}
