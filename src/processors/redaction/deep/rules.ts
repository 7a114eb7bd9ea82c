/** The `rules` setting, compiled: which of them are about a text, and what they do where they lead. */

import { matchesAny } from '../../pattern-setting.ts';
import type { RuleSettings } from '../deep-schema.ts';
import { type DetectorName, type Scanner, scannerOf } from '../detect/detect.ts';
import type { Action, ReplacementOptions } from './action.ts';
import { atRoot, follow, isReached, type JsonPath } from './json-path.ts';
import type { Node } from './node.ts';
import type { Target } from './targets.ts';

export interface Rule {
  readonly name: string;
  readonly action: Action;
  readonly options: ReplacementOptions;
  /** Replaces only what these find; `undefined`: the whole value. */
  readonly scanner: Scanner | undefined;
  readonly jsonPath: JsonPath | undefined;
}

const ruleOf = (settings: RuleSettings, index: number): Rule => ({
  name: settings.name ?? `rule_${index + 1}`,
  action: settings.action,
  options: { replacement: settings.replacement, lengthMax: settings.max_length },
  scanner: settings.detectors === undefined ? undefined : scannerOf(settings.detectors as readonly DetectorName[]),
  jsonPath: settings.json_path,
});

/** Keys come from outside: the answers for so many of them are kept. */
const cachedMax = 10_000;
const noRules: readonly Rule[] = [];

export class RuleBook {
  readonly #settings: readonly RuleSettings[];
  readonly #rules: readonly Rule[];
  #cached = new Map<string, readonly Rule[]>();

  constructor(settings: readonly RuleSettings[]) {
    this.#settings = settings;
    this.#rules = settings.map(ruleOf);
  }

  /** The rules about one text, in the order of the configuration. */
  about(target: Target, key: string | undefined): readonly Rule[] {
    if (this.#rules.length === 0) return noRules;
    const place = key === undefined ? target : `${target} ${key}`;
    let found = this.#cached.get(place);
    if (found) return found;
    if (this.#cached.size >= cachedMax) this.#cached = new Map();
    found = this.#rules.filter((_, index) => isAbout(this.#settings[index] as RuleSettings, target, key));
    this.#cached.set(place, found);
    return found;
  }
}

function isAbout({ path, key_pattern }: RuleSettings, target: Target, key: string | undefined): boolean {
  if (path !== undefined && (path.target !== target || (path.key !== undefined && path.key !== key))) return false;
  return key_pattern === undefined || (key !== undefined && matchesAny([key_pattern], key));
}

/** The bits of each rule's JSON path at the root of a value. */
export function bitsAtRoot(rules: readonly Rule[]): number[] {
  return rules.map(() => atRoot);
}

export function bitsOfChild(rules: readonly Rule[], bits: readonly number[], child: Node): number[] {
  return rules.map(({ jsonPath }, at) => (jsonPath === undefined ? 0 : follow(jsonPath, bits[at] as number, child)));
}

/** The first rule that leads to this node; a rule without a JSON path leads to the root. */
export function ruleAt(rules: readonly Rule[], bits: readonly number[], node: Node): Rule | undefined {
  return rules.find(({ jsonPath }, at) => (jsonPath === undefined ? node.parent === undefined : isReached(jsonPath, bits[at] as number)));
}
