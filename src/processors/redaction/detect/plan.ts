/** Detectors, sorted by the places where the scan stops for them. */
import type { Detector, FreeNumberDetector, LiteralDetector, PlaceDetector, WordDetector } from './detector.ts';
import { bestPair, pairOf } from './pairs.ts';
import { ShapeTrie } from './shapes.ts';

/** What the scan does at a character. */
export const digitClass = 1;
export const pairClass = 2;

/** `rank` is the place in the table. */
export interface Ranked<T> {
  readonly detector: T;
  readonly rank: number;
}

export interface Literal extends Ranked<LiteralDetector> {
  readonly literal: string;
  /** How far the second character of its telling pair stands from its beginning. */
  readonly offset: number;
}

/** What looks where a pair of characters stands. */
export interface Stop {
  readonly literals: readonly Literal[];
  readonly places: readonly Ranked<PlaceDetector>[];
}

export interface Plan {
  /** By ASCII code. */
  readonly classes: Uint8Array;
  /** By pair of ASCII codes: an index into `stops`, 0 for none. */
  readonly pairs: Uint16Array;
  readonly stops: readonly Stop[];
  /** At the first digit of a number with six digits or several groups. */
  readonly numbers: readonly Ranked<FreeNumberDetector>[];
  readonly anyNumbers: readonly Ranked<FreeNumberDetector>[];
  readonly shapes: ShapeTrie;
  /** By the number of letters that come before the first digit. */
  readonly words: readonly (readonly Ranked<WordDetector>[])[];
  readonly under: readonly Ranked<Detector>[];
}

export const lettersMax = 6;

export function planOf(detectors: readonly Detector[]): Plan {
  const stops = new Stops();
  const numbers: Ranked<FreeNumberDetector>[] = [];
  const anyNumbers: Ranked<FreeNumberDetector>[] = [];
  const shapes = new ShapeTrie();
  const words: Ranked<WordDetector>[][] = Array.from({ length: lettersMax + 1 }, () => []);
  const under: Ranked<Detector>[] = [];
  detectors.forEach((detector, rank) => {
    if (detector.under !== undefined) under.push({ detector, rank });
    if ('literals' in detector) stops.addLiterals({ detector, rank });
    else if ('at' in detector) stops.addPlace({ detector, rank });
    else if ('number' in detector) (detector.number === 'any' ? anyNumbers : numbers).push({ detector, rank });
    else if ('letters' in detector) for (const letters of detector.letters) words[letters]?.push({ detector, rank });
    else {
      for (const shape of detector.shapes) shapes.add(shape, { detector, rank, hinted: false });
      for (const shape of detector.hintedShapes ?? []) shapes.add(shape, { detector, rank, hinted: true });
    }
  });
  return { classes: stops.classes, pairs: stops.pairs, stops: stops.stops, numbers, anyNumbers, shapes, words, under };
}

class Stops {
  readonly classes = new Uint8Array(128).fill(digitClass, 48, 58);
  readonly pairs = new Uint16Array(128 * 128);
  readonly stops: { readonly literals: Literal[]; readonly places: Ranked<PlaceDetector>[] }[] = [{ literals: [], places: [] }];

  addLiterals({ detector, rank }: Ranked<LiteralDetector>): void {
    for (const literal of detector.literals) {
      const offset = bestPair(literal);
      this.#at(literal.charCodeAt(offset - 1), literal.charCodeAt(offset)).literals.push({ detector, rank, literal, offset });
    }
  }

  addPlace(place: Ranked<PlaceDetector>): void {
    for (const character of place.detector.at) {
      for (const before of place.detector.behind) this.#at(before.charCodeAt(0), character.charCodeAt(0)).places.push(place);
    }
  }

  #at(first: number, second: number): { readonly literals: Literal[]; readonly places: Ranked<PlaceDetector>[] } {
    const pair = pairOf(first, second);
    if (this.pairs[pair] === 0) this.pairs[pair] = this.stops.push({ literals: [], places: [] }) - 1;
    this.classes[second] = pairClass;
    return this.stops[this.pairs[pair] as number] as { readonly literals: Literal[]; readonly places: Ranked<PlaceDetector>[] };
  }
}
