/** One plain text: what the detectors and the Collector's `blocked_values` find in it is replaced, everything else stays. */
import { type Budget, type DetectorName, type Hit, type Scanner, scannerOf, stepsFor } from '../detect/detect.ts';
import type { Rules } from '../redact.ts';
import { type Action, type Replacements, tokenPattern } from './action.ts';
import type { Audit } from './audit.ts';
import type { Node } from './node.ts';
import type { Rule } from './rules.ts';
import { spelledOut, wholeNumber } from './spelling.ts';

/** Stands for what was not looked through, because that would have taken too long. */
export const overBudget = '<redacted: over budget>';

export interface FinderSettings {
  readonly detectors: readonly DetectorName[];
  readonly actionOf: (detector: DetectorName) => Action;
  /** Characters of one value, and of all values of a batch, that are looked through. */
  readonly valueMax: number;
  readonly batchMax: number;
  /** Whether it looks behind escapes of JSON in texts that are none. */
  readonly escapes: boolean;
  /** Names of rules, whose pseudonyms may stand in a text, and every text that masks. */
  readonly ruleNames: readonly string[];
  readonly masks: readonly string[];
}

type Range = Pick<Hit, 'start' | 'end'>;

/** What to look for, and what to put in its place. */
interface Search {
  readonly scanner: Scanner;
  /** Under which name it is counted; by default the detector's. */
  readonly rule: string | undefined;
  readonly replace: (detector: DetectorName, found: string) => string | null;
}

/** Looks at one text; two are enough as a rule. */
const roundsMax = 4;
/** How many clean names are kept, and up to which length. */
const cachedMax = 10_000;
const cachedLengthMax = 100;

/** What is done to one plain text, wherever it stands: by detectors here, by somebody who is asked in `every-text.ts`. */
export type TextFinder = Pick<Finder, 'isTooLong' | 'maskParts' | 'redact' | 'redactNumber' | 'redactName' | 'redactBy' | 'isToken'>;

export class Finder {
  readonly #settings: FinderSettings;
  readonly #rules: Rules;
  readonly #replacements: Replacements;
  readonly #audit: Audit;
  readonly #search: Search | undefined;
  readonly #tokens: RegExp;
  readonly #cleanNames = new Set<string>();
  readonly #budget: Budget = { value: 0, batch: 0 };

  constructor(settings: FinderSettings, rules: Rules, replacements: Replacements, audit: Audit) {
    const { detectors, actionOf, ruleNames, masks } = settings;
    this.#settings = settings;
    this.#rules = rules;
    this.#replacements = replacements;
    this.#audit = audit;
    if (detectors.length > 0) {
      const replace: Search['replace'] = (detector, found) => replacements.of(actionOf(detector), detector, found);
      this.#search = { scanner: scannerOf(detectors), rule: undefined, replace };
    }
    this.#tokens = tokenPattern([...detectors, ...ruleNames], masks);
  }

  beginBatch(): void {
    this.#budget.batch = stepsFor(this.#settings.batchMax);
  }

  /** Whether a text is longer than may be looked through. */
  isTooLong(text: string): boolean {
    return text.length > this.#settings.valueMax;
  }

  /** By regular expressions of the Collector's settings. */
  maskParts(text: string, node: Node | undefined): string {
    const masked = this.#rules.maskParts(text);
    if (masked !== text) this.#audit.note('blocked_values', node);
    return masked;
  }

  /** By detectors; the same text if it is clean, `null` if the value must go. */
  redact(text: string, key: string | undefined, node: Node | undefined): string | null {
    return this.#search === undefined ? text : this.#redact(this.#search, text, key, node);
  }

  /** A number as it is written, by detectors: the same text if it is nobody's. */
  redactNumber(text: string, key: string | undefined, node: Node): string | null {
    const number = this.#search === undefined ? undefined : wholeNumber(text);
    if (number === undefined) return text;
    const edit = this.redact(number, key, node);
    return edit === number ? text : edit;
  }

  /**
   * A name in a map, or of an attribute; counted where the map is. They are short, so they do not count in a batch's
   * budget, which would make all names behind it one. Names come again and again, so that a name is clean is kept.
   */
  redactName(name: string, map: Node | undefined): string {
    if (this.#search === undefined || this.#cleanNames.has(name)) return name;
    const edit = this.#redact(this.#search, name, undefined, map, { value: 0, batch: Number.MAX_SAFE_INTEGER });
    if (edit !== name) return edit ?? this.#replacements.mask('redacted');
    if (name.length > cachedLengthMax) return name;
    if (this.#cleanNames.size >= cachedMax) this.#cleanNames.clear();
    this.#cleanNames.add(name);
    return name;
  }

  /** By the detectors of a rule, with its action. */
  redactBy({ scanner, action, name, options }: Rule, text: string, key: string | undefined, node: Node | undefined): string | null {
    if (scanner === undefined) return text;
    const replace: Search['replace'] = (detector, found) => this.#replacements.of(action, detector, found, options);
    return this.#redact({ scanner, rule: name, replace }, text, key, node);
  }

  /** Whether a text is what an earlier redaction left. */
  isToken(text: string): boolean {
    return this.#tokensIn(text).some(({ start, end }) => start === 0 && end === text.length);
  }

  /** Where something is found behind escapes, the text is written without them. */
  #redact(search: Search, text: string, key: string | undefined, node: Node | undefined, budget = this.#budget): string | null {
    const plain = this.#settings.escapes && !this.isTooLong(text) ? spelledOut(text) : text;
    const edit = this.#redactPlain(search, plain, key, node, budget);
    return edit === plain ? text : edit;
  }

  /** What is left beside a token may now look like something: so it looks again until it finds nothing new. */
  #redactPlain(search: Search, text: string, key: string | undefined, node: Node | undefined, budget: Budget): string | null {
    let current = text;
    for (let round = 0; round < roundsMax; round++) {
      budget.value = stepsFor(current.length);
      const hits = this.isTooLong(text) ? 'over_budget' : search.scanner.scan(current, key, budget);
      if (hits === 'over_budget') {
        this.#audit.note('over_budget', node);
        return overBudget;
      }
      const next = hits.length === 0 ? current : this.#replaced(search, current, hits, key, node);
      if (next === null || next === current) return next;
      current = next;
    }
    return current;
  }

  /** Leaves out what is allowed and what earlier redaction left. */
  #replaced(
    { scanner, rule, replace }: Search,
    text: string,
    hits: readonly Hit[],
    key: string | undefined,
    node: Node | undefined,
  ): string | null {
    const tokens = this.#tokensIn(text);
    // Joined at the end: a text that grows piece by piece is slow to look through again.
    const parts: string[] = [];
    let copied = 0;
    let next = 0;
    for (const hit of hits) {
      while (next < tokens.length && (tokens[next] as Range).end <= hit.start) next++;
      const token = next < tokens.length && (tokens[next] as Range).start < hit.end ? tokens[next] : undefined;
      const isWithin = token !== undefined && hit.start >= token.start && hit.end <= token.end;
      const found = text.slice(hit.start, hit.end);
      if (isWithin || this.#rules.allows(found) || (token !== undefined && this.#isLeftover(scanner, found, key))) continue;
      const replacement = replace(hit.detector, found);
      if (replacement === found) continue;
      this.#audit.note(rule ?? hit.detector, node);
      if (replacement === null) return null;
      parts.push(text.slice(copied, hit.start), replacement);
      copied = hit.end;
    }
    if (parts.length === 0) return text;
    parts.push(text.slice(copied));
    return parts.join('');
  }

  /** Whether a find that holds tokens is nothing without them. */
  #isLeftover(scanner: Scanner, found: string, key: string | undefined): boolean {
    const rest = found.replace(this.#tokens, ' ').trim();
    const steps = stepsFor(rest.length);
    const hits = rest === '' ? [] : scanner.scan(rest, key, { value: steps, batch: steps });
    return hits !== 'over_budget' && hits.length === 0;
  }

  #tokensIn(text: string): readonly Range[] {
    const found: Range[] = [];
    for (const { index, 0: token } of text.matchAll(this.#tokens)) found.push({ start: index, end: index + token.length });
    return found;
  }
}
