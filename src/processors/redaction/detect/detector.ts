/** What a detector is. A detector is one entry of a table in `personal/` or `secrets/`; to add one, copy one. */
import type { Digits } from './digits.ts';
import type { Hints } from './hint.ts';
import type { Row } from './row.ts';

/** `strict` holds every detector; what is in neither `pii` nor `secrets` is in `strict` alone. */
export type Preset = 'pii' | 'secrets' | 'strict';

/** UTF-16 indexes into the text, `end` exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a detector may know beside the text. */
export interface Surroundings {
  /** The attribute or JSON key that the text stands under. */
  readonly key: string | undefined;
  /** ISO 3166 codes of the countries whose national phone formats are recognised. */
  readonly phoneRegions: readonly string[];
  readonly hints: Hints;
  /** Stands at the number's first group; to be asked only by detectors of a number `long or grouped`. */
  readonly row: Row;
}

interface Entry {
  readonly name: string;
  /** One line for the generated page: what is found, and what is asked of it. */
  readonly doc: string;
  readonly preset: Preset;
  /** Finds by the key alone: the range of `text` that is hidden because it stands under `key`. */
  readonly under?: (key: string, text: string) => Range | undefined;
}

/** Starts with one of `literals`; before one that begins with a word character, no word character or hyphen stands. The pattern is sticky and stands at the literal. */
export interface LiteralDetector extends Entry {
  readonly literals: readonly string[];
  readonly pattern: RegExp;
  /** The literal is a label that stays: the pattern stands behind it. */
  readonly isLabel?: true;
  readonly isValid?: (found: string) => boolean;
}

/**
 * Digits in groups. A shape gives the lengths of the groups and what stands between: `3-2-4`, `4 4 4 4`, `11`.
 * `shapes` are found by their check alone, `hintedShapes` only where `hint` matches the key or the words around.
 */
export interface NumberDetector extends Entry {
  readonly shapes: readonly string[];
  readonly hintedShapes?: readonly string[];
  readonly hint?: RegExp;
  readonly isValid: (digits: Digits) => boolean;
}

interface WordEntry extends Entry {
  /** How many letters may come before its first digit, at most six. */
  readonly letters: readonly number[];
  /** How many digits may follow them up to the first character that is none. */
  readonly digits: readonly number[];
}

/** A word of letters and digits; the pattern is sticky and stands at the word. */
export interface WordDetector extends WordEntry {
  readonly pattern: RegExp;
  readonly isValid?: (found: string) => boolean;
}

/** The same with a function in place of the pattern. It looks at a bounded number of characters. */
export interface WordPlaceDetector extends WordEntry {
  readonly find: (text: string, at: number) => Range | undefined;
}

/** Looks around a character. It looks at a bounded number of characters. */
export interface PlaceDetector extends Entry {
  readonly at: string;
  /** The ASCII characters that may stand before it: the more closely it is told, the more seldom the scan stops. */
  readonly behind: string;
  /** Steps that one look may cost. */
  readonly cost: number;
  readonly find: (text: string, at: number, surroundings: Surroundings) => Range | undefined;
}

/** Looks around the first digit of a number: of any, or of one that has six digits or several groups. It looks at a bounded number of characters. */
export interface FreeNumberDetector extends Entry {
  readonly number: 'any' | 'long or grouped';
  /** Steps that one look may cost. */
  readonly cost: number;
  readonly find: (text: string, at: number, surroundings: Surroundings) => Range | undefined;
}

export type Detector = LiteralDetector | NumberDetector | FreeNumberDetector | WordDetector | WordPlaceDetector | PlaceDetector;
