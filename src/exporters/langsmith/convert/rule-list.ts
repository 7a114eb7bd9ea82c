import type { Family, Slot } from './keys.ts';

/** The attributes that a rule reads. Without any of them it says nothing. */
export interface Reads {
  readonly slots?: readonly Slot[];
  readonly families?: readonly Family[];
}

let count = 0;

/** Rules in order. Which of them a span can have anything for follows from its keys, so its shape remembers that under the list's number. */
export class RuleList<Rule> {
  readonly number = count++;
  readonly rules: readonly Rule[];
  readonly #reads: readonly (Reads | undefined)[];

  /** `reads`: `undefined` for a rule that is asked of every span. For use while modules load. */
  constructor(rules: readonly Rule[], reads: (rule: Rule) => Reads | undefined) {
    this.rules = rules;
    this.#reads = rules.map(reads);
  }

  /** The rules for spans of which this is known. */
  among(hasSlot: (slot: Slot) => boolean, hasFamily: (family: Family) => boolean): readonly Rule[] {
    return this.rules.filter((_, at) => {
      const reads = this.#reads[at];
      return reads === undefined || reads.slots?.some(hasSlot) === true || reads.families?.some(hasFamily) === true;
    });
  }
}
