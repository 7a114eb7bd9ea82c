/**
 * The one pass over a text.
 *
 * Nearly every character is passed over by one look into a table of 128. What is left is a place where something may begin:
 * a number, the telling pair of characters of a literal (`k-` of `sk-`), or a character with a detector of its own (`@`).
 * At a place only the detectors of that place look, and each looks at a bounded number of characters: so the whole is linear.
 */
import type { Budget } from './budget.ts';
import { isAlphanumeric, isDigit, isLetter, isUpper, isWord } from './characters.ts';
import type { Detector, Range, Surroundings, WordDetector } from './detector.ts';
import { Hints } from './hint.ts';
import { type Find, mergeFinds } from './merge.ts';
import { pairOf } from './pairs.ts';
import { digitClass, type Literal, lettersMax, type Plan, planOf, type Stop } from './plan.ts';
import { digitsEnd, digitsOf, endsNumber, type Shaped, separatorOf, startsNumber } from './shapes.ts';

/** Steps of one look: a sticky pattern that fails soon, or a check of some twenty digits. */
const lookSteps = 16;
/** Steps of reading the words around a candidate. */
const hintSteps = 64;
/** Behind that many groups of digits a row of numbers goes on: only shapes are looked for in it, which costs little at every group. */
const chainMax = 4;
/** Numbers with fewer digits are nobody's. */
const digitsMin = 6;
const hyphen = 45;
const beyondAscii = 97;
const nothing: readonly Find[] = [];

export class Scan {
  readonly #plan: Plan;
  readonly #phoneRegions: readonly string[];
  #surroundings: Surroundings;
  #finds: Find[] = [];
  #steps = 0;
  /** How many groups of digits stand before the one at hand, one separator between each two. */
  #chain = 0;
  /** Where the last find ends: within it only shapes are looked for, which may lead on beyond its end. */
  #foundEnd = 0;

  constructor(detectors: readonly Detector[], phoneRegions: readonly string[]) {
    this.#plan = planOf(detectors);
    this.#phoneRegions = phoneRegions;
    this.#surroundings = { key: undefined, phoneRegions, hints: new Hints(undefined) };
  }

  run(text: string, key: string | undefined, budget: Budget): readonly Find[] | 'over_budget' {
    const limit = Math.min(budget.value, budget.batch);
    this.#steps = text.length;
    this.#chain = 0;
    this.#foundEnd = 0;
    if (this.#finds.length > 0) this.#finds = [];
    this.#surroundings = { key, phoneRegions: this.#phoneRegions, hints: new Hints(key) };
    if (this.#steps <= limit) {
      if (key !== undefined) this.#underKey(key, text);
      this.#walk(text, limit);
    }
    const spent = Math.min(this.#steps, limit);
    budget.value -= spent;
    budget.batch -= spent;
    if (this.#steps > limit) return 'over_budget';
    return this.#finds.length === 0 ? nothing : mergeFinds(this.#finds);
  }

  /** The hot loop: one load and one look into a table per character. */
  #walk(text: string, limit: number): void {
    const { classes, pairs, stops } = this.#plan;
    const length = text.length;
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code > 127) continue;
      const kind = classes[code] as number;
      if (kind === 0) continue;
      if (kind === digitClass) {
        at = this.#number(text, at) - 1;
      } else {
        const before = at === 0 ? 0 : text.charCodeAt(at - 1);
        // What is beyond ASCII counts as a letter, as `é` does before `@`.
        const index = pairs[pairOf(before > 127 ? beyondAscii : before, code)] as number;
        if (index === 0) continue;
        this.#stop(stops[index] as Stop, text, at);
      }
      if (this.#steps > limit) return;
    }
  }

  #stop({ literals, places }: Stop, text: string, at: number): void {
    for (let index = 0; index < literals.length; index += 1) this.#literal(literals[index] as Literal, text, at);
    for (let index = 0; index < places.length; index += 1) this.#look(places[index] as Stop['places'][number], text, at);
  }

  #underKey(key: string, text: string): void {
    for (const { detector, rank } of this.#plan.under) {
      this.#steps += lookSteps;
      this.#add(detector.under?.(key, text), detector.name, rank);
    }
  }

  #look({ detector, rank }: Stop['places'][number] | Plan['numbers'][number], text: string, at: number): void {
    this.#steps += detector.cost;
    this.#add(detector.find(text, at, this.#surroundings), detector.name, rank);
  }

  #literal({ detector, rank, literal, offset }: Literal, text: string, at: number): void {
    const start = at - offset;
    this.#steps += 1;
    if (!text.startsWith(literal, start)) return;
    if (isWord(literal.charCodeAt(0)) && isWithin(text, start)) return;
    this.#steps += lookSteps;
    this.#match(detector, rank, text, detector.isLabel ? start + literal.length : start);
  }

  #match(detector: Literal['detector'] | WordDetector, rank: number, text: string, start: number): void {
    const { pattern, isValid } = detector;
    pattern.lastIndex = start;
    if (!pattern.test(text)) return;
    const end = pattern.lastIndex;
    this.#steps += end - start;
    if (isValid !== undefined && !isValid(text.slice(start, end))) return;
    if ('letters' in detector && !this.#hinted(detector.hint, text, start, end)) return;
    this.#found(start, end, detector.name, rank);
  }

  #hinted(hint: RegExp | undefined, text: string, start: number, end: number): boolean {
    if (hint === undefined) return true;
    this.#steps += hintSteps;
    return this.#surroundings.hints.has(hint, text, start, end);
  }

  /** A digit that no digit comes before stands at `at`. Returns where the walk goes on. */
  #number(text: string, at: number): number {
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end += 1;
    if (isWord(text.charCodeAt(at - 1))) {
      this.#word(text, at, end);
      return pastWord(text, end);
    }
    for (const number of this.#plan.anyNumbers) this.#look(number, text, at);
    this.#wordApart(text, at);
    if (end - at < digitsMin && !goesOn(text, end)) return pastWord(text, end);
    return this.#grouped(text, at, end);
  }

  /** Letters come directly before the digit at `at`: `DE89…`, `ABCPE1234F`. */
  #word(text: string, at: number, end: number): void {
    let start = at;
    while (at - start <= lettersMax && isLetter(text.charCodeAt(start - 1))) start -= 1;
    if (isWord(text.charCodeAt(start - 1)) || end === start) return;
    this.#words(at - start, text, start);
  }

  /** Capital letters and a space or hyphen come before: `AB 12 34 56 C`, `X-1234567-L`. */
  #wordApart(text: string, at: number): void {
    const separator = separatorOf(text.charCodeAt(at - 1));
    if ((separator !== 1 && separator !== 2) || !isUpper(text.charCodeAt(at - 2))) return;
    const end = at - 1;
    let start = end;
    while (end - start <= lettersMax && isLetter(text.charCodeAt(start - 1))) start -= 1;
    if (!isWord(text.charCodeAt(start - 1))) this.#words(end - start, text, start);
  }

  #words(letters: number, text: string, start: number): void {
    for (const { detector, rank } of this.#plan.words[letters] ?? []) {
      this.#steps += lookSteps;
      this.#match(detector, rank, text, start);
    }
  }

  #grouped(text: string, at: number, end: number): number {
    const { numbers } = this.#plan;
    this.#steps += lookSteps;
    this.#chain =
      at > this.#foundEnd + 1 && isDigit(text.charCodeAt(at - 2)) && separatorOf(text.charCodeAt(at - 1)) !== 0 ? this.#chain + 1 : 0;
    const isTable = this.#chain > chainMax;
    if (!isTable && at >= this.#foundEnd)
      for (let index = 0; index < numbers.length; index += 1) this.#look(numbers[index] as Plan['numbers'][number], text, at);
    if (!startsNumber(text, at)) return pastWord(text, end);
    if (!isTable) this.#words(0, text, at);
    return pastWord(text, this.#shapes(text, at, end));
  }

  /** Reads group by group as long as a shape goes on so. Returns where the longest that was found ends, or else the first group. */
  #shapes(text: string, start: number, firstEnd: number): number {
    const { shapes } = this.#plan;
    let found = firstEnd;
    let end = firstEnd;
    let node = shapes.next(0, 0, end - start);
    while (node !== 0) {
      if (this.#shapedAny(shapes.found(node), text, start, end)) found = end;
      const separator = separatorOf(text.charCodeAt(end));
      if (separator === 0) break;
      const group = end + 1;
      end = digitsEnd(text, group);
      node = shapes.next(node, separator, end - group);
    }
    return found;
  }

  #shapedAny(candidates: readonly Shaped[], text: string, start: number, end: number): boolean {
    if (candidates.length === 0 || !endsNumber(text, end)) return false;
    const digits = digitsOf(text, start, end);
    let isFound = false;
    for (let index = 0; index < candidates.length; index += 1)
      if (this.#shaped(candidates[index] as Shaped, digits, text, start, end)) isFound = true;
    return isFound;
  }

  #shaped({ detector, rank, hinted }: Shaped, digits: string, text: string, start: number, end: number): boolean {
    this.#steps += lookSteps;
    if (!detector.isValid(digits)) return false;
    if (hinted && !this.#hinted(detector.hint, text, start, end)) return false;
    this.#found(start, end, detector.name, rank);
    return true;
  }

  #add(range: Range | undefined, detector: string, rank: number): void {
    if (range !== undefined) this.#found(range.start, range.end, detector, rank);
  }

  #found(start: number, end: number, detector: string, rank: number): void {
    this.#finds.push({ start, end, detector, rank });
    this.#foundEnd = end;
  }
}

/** Whether a separator and another digit follow; `(0)` and `) ` stand between groups of phone numbers. */
function goesOn(text: string, end: number): boolean {
  const code = text.charCodeAt(end);
  if (code === 41) return true;
  if (separatorOf(code) === 0) return false;
  const next = text.charCodeAt(end + 1);
  return isDigit(next) || next === 40 || isUpper(next);
}

/** Whether a word or a token goes on at `start`. */
const isWithin = (text: string, start: number): boolean => {
  const before = text.charCodeAt(start - 1);
  return before === hyphen || isWord(before);
};

function pastWord(text: string, from: number): number {
  let end = from;
  while (isAlphanumeric(text.charCodeAt(end))) end += 1;
  return end;
}
