/** Reads a regular expression of digits, backwards: from the state behind it to the state before it. */
import type { States } from './digit-automaton.ts';

/** What a part of a pattern is: the state before it, given the one behind it. */
type Part = (behind: number) => number;

export class PatternReader {
  readonly #pattern: string;
  readonly #states: States;
  #at = 0;

  constructor(pattern: string, states: States) {
    this.#pattern = pattern;
    this.#states = states;
  }

  read(): Part {
    const whole = this.#choice();
    return this.#at === this.#pattern.length ? whole : this.#fail();
  }

  #choice(): Part {
    const choices = [this.#sequence()];
    while (this.#skip('|')) choices.push(this.#sequence());
    return (behind) => choices.reduce((union, choice) => this.#states.union(union, choice(behind)), 0);
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#pattern.length && !this.#sees('|') && !this.#sees(')')) parts.push(this.#counted());
    return (behind) => parts.reduceRight((state, part) => part(state), behind);
  }

  #counted(): Part {
    const atom = this.#atom();
    const [least, most] = this.#count();
    return (behind) => {
      let state = behind;
      for (let times = least; times < most; times += 1) state = this.#states.union(behind, atom(state));
      for (let times = 0; times < least; times += 1) state = atom(state);
      return state;
    };
  }

  #count(): readonly [least: number, most: number] {
    if (this.#skip('?')) return [0, 1];
    if (!this.#skip('{')) return [1, 1];
    const end = this.#pattern.indexOf('}', this.#at);
    const [least = Number.NaN, most = least] = this.#pattern.slice(this.#at, end).split(',').map(Number);
    if (end === -1 || !(least <= most && most > 0 && most < 32)) this.#fail();
    this.#at = end + 1;
    return [least, most];
  }

  #atom(): Part {
    if (this.#skip('(?:')) {
      const choice = this.#choice();
      return this.#skip(')') ? choice : this.#fail();
    }
    if (this.#skip('\\d')) return this.#oneOf(() => true);
    if (!this.#skip('[')) {
      const wanted = this.#digit();
      return this.#oneOf((digit) => digit === wanted);
    }
    const wanted = this.#class();
    return this.#oneOf((digit) => wanted.has(digit));
  }

  #oneOf(isWanted: (digit: number) => boolean): Part {
    return (behind) =>
      this.#states.state(
        0,
        this.#states.nowhere.map((nowhere, digit) => (isWanted(digit) ? behind : nowhere)),
      );
  }

  #class(): ReadonlySet<number> {
    const wanted = new Set<number>();
    while (!this.#skip(']')) {
      const from = this.#digit();
      const to = this.#skip('-') ? this.#digit() : from;
      for (let digit = from; digit <= to; digit += 1) wanted.add(digit);
    }
    return wanted;
  }

  #digit(): number {
    const digit = this.#pattern.charCodeAt(this.#at) - 48;
    this.#at += 1;
    return digit >= 0 && digit <= 9 ? digit : this.#fail();
  }

  #sees(text: string): boolean {
    return this.#pattern.startsWith(text, this.#at);
  }

  #skip(text: string): boolean {
    const isThere = this.#sees(text);
    if (isThere) this.#at += text.length;
    return isThere;
  }

  #fail(): never {
    throw new SyntaxError(`cannot read pattern of digits: ${this.#pattern} at ${this.#at}`);
  }
}
