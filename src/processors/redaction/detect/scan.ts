/**
 * The one pass over a text.
 *
 * Nearly every character is passed over by one look into a table of 128. What is left is a place where something may begin:
 * a number, the telling pair of characters of a literal (`k-` of `sk-`), or a character with a detector of its own (`@`).
 * At a place only the detectors of that place look, and each looks at a bounded number of characters: so the whole is linear.
 */
import type { Budget } from './budget.ts';
import { isAlphanumeric, isDigit, isLetter, isUpper, isWord } from './characters.ts';
import type { Detector, Range, Surroundings } from './detector.ts';
import { Finds } from './finds.ts';
import { Hints } from './hint.ts';
import { pairOf } from './pairs.ts';
import { digitClass, type Literal, type Look, lettersMax, type Match, type Plan, planOf, type Stop, wordIndex } from './plan.ts';
import { bracket, isQuad, Row } from './row.ts';
import { endsNumber, type Shaped, separatorOf, startsNumber } from './shapes.ts';

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

/** UTF-16 indexes; `detector` is a name. */
export interface Find {
  readonly start: number;
  readonly end: number;
  readonly detector: string;
}

const nothing: readonly Find[] = [];

export class Scan {
  readonly #plan: Plan;
  readonly #names: readonly string[];
  readonly #phoneRegions: readonly string[];
  readonly #row = new Row();
  #surroundings: Surroundings;
  readonly #finds = new Finds();
  #steps = 0;
  /** The place in the row behind which there was no find and one separator between each two groups. */
  #chainStart = 0;
  /** Where the last find ends: within it only shapes are looked for, which may lead on beyond its end. */
  #foundEnd = 0;

  constructor(detectors: readonly Detector[], phoneRegions: readonly string[]) {
    this.#plan = planOf(detectors);
    this.#names = detectors.map(({ name }) => name);
    this.#phoneRegions = phoneRegions;
    this.#surroundings = { key: undefined, phoneRegions, hints: new Hints(undefined), row: this.#row };
  }

  run(text: string, key: string | undefined, budget: Budget): readonly Find[] | 'over_budget' {
    const limit = Math.min(budget.value, budget.batch);
    this.#steps = text.length;
    this.#chainStart = 0;
    this.#foundEnd = 0;
    this.#row.clear();
    this.#finds.clear();
    this.#surroundings = { key, phoneRegions: this.#phoneRegions, hints: new Hints(key), row: this.#row };
    if (this.#steps <= limit) {
      if (key !== undefined) this.#underKey(key, text);
      this.#walk(text, limit);
    }
    const spent = Math.min(this.#steps, limit);
    budget.value -= spent;
    budget.batch -= spent;
    if (this.#steps > limit) return 'over_budget';
    return this.#settled();
  }

  #settled(): readonly Find[] {
    const finds = this.#finds;
    if (finds.count === 0) return nothing;
    finds.settle();
    const settled: Find[] = [];
    for (let at = 0; at < finds.count; at += 1)
      settled.push({ start: finds.start(at), end: finds.end(at), detector: this.#names[finds.rank(at)] as string });
    return settled;
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
    for (let index = 0; index < places.length; index += 1) this.#look(places[index] as Look, text, at);
  }

  #underKey(key: string, text: string): void {
    for (const { detector, rank } of this.#plan.under) {
      this.#steps += lookSteps;
      this.#add(detector.under?.(key, text), rank);
    }
  }

  #look(look: Look, text: string, at: number): void {
    this.#steps += look.cost;
    this.#add(look.find(text, at, this.#surroundings), look.rank);
  }

  #literal(literal: Literal, text: string, at: number): void {
    const start = at - literal.offset;
    this.#steps += 1;
    if (!text.startsWith(literal.literal, start) || (literal.isWord && isWithin(text, start))) return;
    this.#match(literal, text, start + literal.skipped);
  }

  #match({ rank, pattern, isValid }: Match, text: string, start: number): void {
    this.#steps += lookSteps;
    pattern.lastIndex = start;
    if (!pattern.test(text)) return;
    const end = pattern.lastIndex;
    this.#steps += end - start;
    if (isValid !== undefined && !isValid(text.slice(start, end))) return;
    this.#found(start, end, rank);
  }

  /** A digit that no digit comes before stands at `at`. Returns where the walk goes on. */
  #number(text: string, at: number): number {
    let end = this.#row.endOf(at);
    if (end === 0) for (end = at + 1; isDigit(text.charCodeAt(end)); ) end += 1;
    if (isWord(text.charCodeAt(at - 1))) {
      this.#word(text, at, end);
      return pastWord(text, end);
    }
    const { anyNumbers } = this.#plan;
    for (let index = 0; index < anyNumbers.length; index += 1) this.#look(anyNumbers[index] as Look, text, at);
    // Most numbers end here.
    if (end - at < digitsMin && !goesOn(text, end)) return pastWord(text, end);
    this.#wordApart(text, at, end);
    return this.#grouped(text, at, end);
  }

  /** Letters come directly before the digit at `at`: `DE89…`, `ABCPE1234F`. */
  #word(text: string, at: number, end: number): void {
    let start = at;
    while (at - start <= lettersMax && isLetter(text.charCodeAt(start - 1))) start -= 1;
    if (!isWord(text.charCodeAt(start - 1))) this.#words(at - start, end - at, text, start);
  }

  /** Capital letters and a space or hyphen come before: `AB 12 34 56 C`, `X-1234567-L`. */
  #wordApart(text: string, at: number, digitsEnd: number): void {
    const separator = separatorOf(text.charCodeAt(at - 1));
    if ((separator !== 1 && separator !== 2) || !isUpper(text.charCodeAt(at - 2))) return;
    const end = at - 1;
    let start = end;
    while (end - start <= lettersMax && isLetter(text.charCodeAt(start - 1))) start -= 1;
    if (!isWord(text.charCodeAt(start - 1))) this.#words(end - start, digitsEnd - at, text, start);
  }

  #words(letters: number, digits: number, text: string, start: number): void {
    const words = this.#plan.words[wordIndex(letters, digits)];
    if (words === undefined) return;
    const { patterns, places } = words;
    for (let index = 0; index < patterns.length; index += 1) this.#match(patterns[index] as Match, text, start);
    for (let index = 0; index < places.length; index += 1) this.#look(places[index] as Look, text, start);
  }

  #grouped(text: string, at: number, end: number): number {
    const { numbers } = this.#plan;
    const row = this.#row;
    row.goTo(text, at);
    if (row.size() < digitsMin && !isQuad(row)) return pastWord(text, end);
    this.#steps += lookSteps;
    const place = row.place();
    const separator = row.separator(0);
    if (at <= this.#foundEnd + 1 || separator === 0 || separator === bracket) this.#chainStart = place;
    const isTable = place - this.#chainStart > chainMax;
    if (!isTable && at >= this.#foundEnd)
      for (let index = 0; index < numbers.length; index += 1) this.#look(numbers[index] as Look, text, at);
    if (!startsNumber(text, at)) return pastWord(text, end);
    if (!isTable) this.#words(0, end - at, text, at);
    return pastWord(text, this.#shapes(text, at, end));
  }

  /** Goes group by group as long as a shape goes on so. Returns where the longest that was found ends, or else the first group. */
  #shapes(text: string, start: number, firstEnd: number): number {
    const { shapes } = this.#plan;
    const row = this.#row;
    let found = firstEnd;
    let count = firstEnd - start;
    let node = shapes.next(0, 0, count);
    for (let further = 0; node !== 0; ) {
      const candidates = shapes.found(node);
      if (candidates.length > 0 && endsNumber(text, row.end(further)) && this.#shapedAny(candidates, text, start, row.end(further), count))
        found = row.end(further);
      further += 1;
      const length = row.length(further);
      if (length === 0) break;
      count += length;
      node = shapes.next(node, row.separator(further), length);
    }
    return found;
  }

  #shapedAny(candidates: readonly Shaped[], text: string, start: number, end: number, count: number): boolean {
    const digits = this.#row.first(count);
    let isFound = false;
    for (let index = 0; index < candidates.length; index += 1) {
      const { rank, isValid, hint } = candidates[index] as Shaped;
      this.#steps += lookSteps;
      if (!isValid(digits) || (hint !== undefined && !this.#hinted(hint, text, start, end))) continue;
      this.#found(start, end, rank);
      isFound = true;
    }
    return isFound;
  }

  #hinted(hint: RegExp, text: string, start: number, end: number): boolean {
    this.#steps += hintSteps;
    return this.#surroundings.hints.has(hint, text, start, end);
  }

  #add(range: Range | undefined, rank: number): void {
    if (range !== undefined) this.#found(range.start, range.end, rank);
  }

  #found(start: number, end: number, rank: number): void {
    this.#finds.add(start, end, rank);
    this.#foundEnd = end;
  }
}

/** Whether a separator and another digit follow; `(0)` and `) ` stand between groups of phone numbers. */
function goesOn(text: string, end: number): boolean {
  const code = text.charCodeAt(end);
  if (code === 41) return true;
  if (separatorOf(code) === 0) return false;
  const next = text.charCodeAt(end + 1);
  return isDigit(next) || next === 40;
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
