/**
 * Languages of digits as one automaton: whether digits are a word is told by one load per digit, for each of their beginnings on the way. A regular
 * expression takes fifty times as long, most of it to be called, and needs a string.
 */

import { PatternReader } from './digit-pattern.ts';

/** The words of `pattern` that have one of `lengths`. */
export interface Language {
  /** A regular expression of digits, `\d`, classes, groups that do not capture, `?` and counts: what numbering plans are written in. */
  readonly pattern: string;
  readonly lengths: readonly number[];
  /** What tells it from the other languages: a power of two, at most 128. */
  readonly bit: number;
}

/** State 0 accepts nothing any more. No word is longer than the longest of the languages' lengths. */
export interface DigitAutomaton {
  readonly start: number;
  /** The state behind a digit, by `10 * state + digit`. */
  readonly next: Uint16Array;
  /** By state: the bits of all languages that have the digits so far as a word. */
  readonly accepts: Uint8Array;
}

/** Throws a `SyntaxError` where a pattern has what no numbering plan has. */
export function digitAutomatonOf(languages: readonly Language[]): DigitAutomaton {
  const states = new States();
  let whole = 0;
  for (const { pattern, lengths, bit } of languages) {
    const words = new PatternReader(pattern, states).read()(states.state(bit, states.nowhere));
    whole = states.union(whole, states.ofLengths(words, lengths));
  }
  return states.automaton(whole);
}

/** States as they are made. A state never changes, and equal states are one: so what two states are together is found once. */
export class States {
  readonly nowhere: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  readonly #rows: (readonly number[])[] = [this.nowhere];
  readonly #accepts: number[] = [0];
  readonly #known = new Map<string, number>([[`0:${this.nowhere.join()}`, 0]]);
  readonly #unions = new Map<number, number>();

  state(accepts: number, row: readonly number[]): number {
    const key = `${accepts}:${row.join()}`;
    let state = this.#known.get(key);
    if (state === undefined) {
      state = this.#rows.push(row) - 1;
      this.#accepts.push(accepts);
      this.#known.set(key, state);
    }
    return state;
  }

  union(one: number, other: number): number {
    if (one === other || other === 0) return one;
    if (one === 0) return other;
    const pair = one < other ? one * 2 ** 24 + other : other * 2 ** 24 + one;
    let union = this.#unions.get(pair);
    if (union === undefined) {
      const row = this.#row(other);
      union = this.state(
        this.#accept(one) | this.#accept(other),
        this.#row(one).map((next, digit) => this.union(next, row[digit] as number)),
      );
      this.#unions.set(pair, union);
    }
    return union;
  }

  /** Of the words from `state` those that have one of `lengths`. */
  ofLengths(state: number, lengths: readonly number[]): number {
    const known = new Map<number, number>();
    const longest = Math.max(...lengths);
    const cut = (whole: number, depth: number): number => {
      if (whole === 0 || depth > longest) return 0;
      const key = whole * 32 + depth;
      let part = known.get(key);
      if (part === undefined) {
        const row = this.#row(whole).map((next) => cut(next, depth + 1));
        part = this.state(lengths.includes(depth) ? this.#accept(whole) : 0, row);
        known.set(key, part);
      }
      return part;
    };
    return cut(state, 0);
  }

  /** Only what is reached from `start`, in tables. */
  automaton(start: number): DigitAutomaton {
    const reached = new Map<number, number>([[0, 0]]);
    const order = [0];
    const numberOf = (state: number): number => {
      let number = reached.get(state);
      if (number === undefined) {
        number = order.push(state) - 1;
        reached.set(state, number);
      }
      return number;
    };
    const first = numberOf(start);
    const next: number[] = [];
    for (let at = 0; at < order.length; at += 1) for (const state of this.#row(order[at] as number)) next.push(numberOf(state));
    if (order.length > 65_536) throw new RangeError('cannot build automaton: too many states');
    return { start: first, next: Uint16Array.from(next), accepts: Uint8Array.from(order, (state) => this.#accept(state)) };
  }

  #row(state: number): readonly number[] {
    return this.#rows[state] as readonly number[];
  }

  #accept(state: number): number {
    return this.#accepts[state] as number;
  }
}
