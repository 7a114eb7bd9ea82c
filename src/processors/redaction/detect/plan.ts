/** Detectors, sorted by the places where the scan stops for them. */
import { isWord } from './characters.ts';
import type {
  Detector,
  FreeNumberDetector,
  LiteralDetector,
  NumberDetector,
  PlaceDetector,
  WordDetector,
  WordPlaceDetector,
} from './detector.ts';
import { bestPair, pairOf } from './pairs.ts';
import { ShapeTrie } from './shapes.ts';

/** Steps of one look: a sticky pattern that fails soon, or a walk along some thirty characters. */
const wordSteps = 32;

/** What the scan does at a character. */
export const digitClass = 1;
export const pairClass = 2;

/**
 * Detectors as the scan has them. Whatever fields a detector has, all looks of one sort are objects of one form, so that the engine compiles each call
 * for that form alone. `rank` is the place in the table.
 */
interface Named {
  readonly name: string;
  readonly rank: number;
}

/** Looks at a place, whose cost is counted in steps. */
export interface Look extends Named {
  readonly cost: number;
  readonly find: PlaceDetector['find'];
}

/** Looks with a sticky pattern. */
export interface Match extends Named {
  readonly pattern: RegExp;
  readonly isValid: ((found: string) => boolean) | undefined;
}

export interface Literal extends Match {
  readonly literal: string;
  /** How far the second character of its telling pair stands from its beginning. */
  readonly offset: number;
  /** How far the pattern's place stands from its beginning. */
  readonly skipped: number;
  /** Whether it begins with a word character, so that none may come before. */
  readonly isWord: boolean;
}

/** What looks where a pair of characters stands. */
export interface Stop {
  readonly literals: readonly Literal[];
  readonly places: readonly Look[];
}

export interface Words {
  readonly patterns: readonly Match[];
  readonly places: readonly Look[];
}

export interface Plan {
  /** By ASCII code. */
  readonly classes: Uint8Array;
  /** By pair of ASCII codes: an index into `stops`, 0 for none. */
  readonly pairs: Uint16Array;
  readonly stops: readonly Stop[];
  /** At the first digit of a number with six digits or several groups. */
  readonly numbers: readonly Look[];
  readonly anyNumbers: readonly Look[];
  readonly shapes: ShapeTrie;
  /** By `wordIndex`. */
  readonly words: readonly (Words | undefined)[];
  readonly under: readonly Ranked<Detector>[];
}

interface Ranked<T> {
  readonly detector: T;
  readonly rank: number;
}

export const lettersMax = 6;
const firstDigitsMax = 32;

/** Of a word with so many letters before its first digit and so many digits in one piece behind. */
export const wordIndex = (letters: number, digits: number): number =>
  letters * firstDigitsMax + (digits < firstDigitsMax ? digits : firstDigitsMax - 1);

export function planOf(detectors: readonly Detector[]): Plan {
  const stops = new Stops();
  const numbers: Look[] = [];
  const anyNumbers: Look[] = [];
  const shapes = new ShapeTrie();
  const words: { readonly patterns: Match[]; readonly places: Look[] }[] = [];
  const under: Ranked<Detector>[] = [];
  detectors.forEach((detector, rank) => {
    if (detector.under !== undefined) under.push({ detector, rank });
    if ('literals' in detector) stops.addLiterals(detector, rank);
    else if ('at' in detector) stops.addPlace(detector, rank);
    else if ('number' in detector) (detector.number === 'any' ? anyNumbers : numbers).push(lookOf(detector, rank));
    else if ('letters' in detector) addWord(words, detector, rank);
    else addShapes(shapes, detector, rank);
  });
  return { classes: stops.classes, pairs: stops.pairs, stops: stops.stops, numbers, anyNumbers, shapes, words, under };
}

const lookOf = ({ name, cost, find }: PlaceDetector | FreeNumberDetector, rank: number): Look => ({ name, rank, cost, find });

function addWord(
  words: { readonly patterns: Match[]; readonly places: Look[] }[],
  detector: WordDetector | WordPlaceDetector,
  rank: number,
): void {
  for (const letters of detector.letters) {
    for (const digits of detector.digits) {
      const index = wordIndex(letters, digits);
      const at = (words[index] ??= { patterns: [], places: [] });
      if ('find' in detector) at.places.push({ name: detector.name, rank, cost: wordSteps, find: detector.find });
      else at.patterns.push({ name: detector.name, rank, pattern: detector.pattern, isValid: detector.isValid });
    }
  }
}

function addShapes(trie: ShapeTrie, { name, shapes, hintedShapes, hint, isValid }: NumberDetector, rank: number): void {
  for (const shape of shapes) trie.add(shape, { name, rank, isValid, hint: undefined });
  for (const shape of hintedShapes ?? []) trie.add(shape, { name, rank, isValid, hint });
}

class Stops {
  readonly classes = new Uint8Array(128).fill(digitClass, 48, 58);
  readonly pairs = new Uint16Array(128 * 128);
  readonly stops: { readonly literals: Literal[]; readonly places: Look[] }[] = [{ literals: [], places: [] }];

  addLiterals({ name, literals, pattern, isValid, isLabel }: LiteralDetector, rank: number): void {
    for (const literal of literals) {
      const offset = bestPair(literal);
      this.#at(literal.charCodeAt(offset - 1), literal.charCodeAt(offset)).literals.push({
        name,
        rank,
        pattern,
        isValid,
        literal,
        offset,
        skipped: isLabel ? literal.length : 0,
        isWord: isWord(literal.charCodeAt(0)),
      });
    }
  }

  addPlace(detector: PlaceDetector, rank: number): void {
    const look = lookOf(detector, rank);
    for (const character of detector.at) {
      for (const before of detector.behind) this.#at(before.charCodeAt(0), character.charCodeAt(0)).places.push(look);
    }
  }

  #at(first: number, second: number): { readonly literals: Literal[]; readonly places: Look[] } {
    const pair = pairOf(first, second);
    if (this.pairs[pair] === 0) this.pairs[pair] = this.stops.push({ literals: [], places: [] }) - 1;
    this.classes[second] = pairClass;
    return this.stops[this.pairs[pair] as number] as { readonly literals: Literal[]; readonly places: Look[] };
  }
}
