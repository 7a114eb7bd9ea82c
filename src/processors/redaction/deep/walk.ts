/**
 * One value, however deep: rules first, then content policies, then what its name says, then what is found in its texts. A text that is JSON is looked
 * into, also JSON in a text of JSON; only the strings that change are written anew.
 */
import type { Rules } from '../redact.ts';
import type { Replacements } from './action.ts';
import type { Audit } from './audit.ts';
import { type Place, type Policies, placeOf, placeOfAttribute, policyOf, redacted } from './content.ts';
import type { AttributeContent } from './content-keys.ts';
import { overBudget, type TextFinder } from './finder.ts';
import { looksLikeJson, readJson, writtenJson } from './json-tree.ts';
import type { Node } from './node.ts';
import { bitsAtRoot, bitsOfChild, type Rule, ruleAt } from './rules.ts';
import { isId, isStructural } from './structure.ts';

/** JSON in a text of JSON, in so many layers. */
const layersMax = 8;

export interface WalkSettings {
  readonly json: boolean;
  readonly allTypes: boolean;
  /** `undefined`: all are kept. */
  readonly policies: Policies | undefined;
}

/** What is known of a value before it is looked at. */
export interface Subject {
  /** The attribute's own name. */
  readonly key: string | undefined;
  readonly content: AttributeContent | undefined;
  readonly rules: readonly Rule[];
  /** A log body, where the Collector applies its allow-list to the names inside, and its patterns to numbers. */
  readonly isBody: boolean;
  /** The Collector's patterns do not apply, because it allows the whole value. */
  readonly isAllowed: boolean;
}

interface Context {
  readonly subject: Subject;
  readonly place: Place;
  /** How far each rule's JSON path is followed. */
  readonly bits: readonly number[];
  /** JSON in JSON: 0 outside of any. */
  readonly layers: number;
  /** A rule around that takes every text. */
  readonly taking: Rule | undefined;
  /** Rules around that take what their detectors find. */
  readonly finding: readonly Rule[];
}

export class Walk {
  readonly #settings: WalkSettings;
  readonly #rules: Rules;
  readonly #finder: TextFinder;
  readonly #replacements: Replacements;
  readonly #audit: Audit;

  constructor(settings: WalkSettings, rules: Rules, finder: TextFinder, replacements: Replacements, audit: Audit) {
    this.#settings = settings;
    this.#rules = rules;
    this.#finder = finder;
    this.#replacements = replacements;
    this.#audit = audit;
  }

  /** Notes at the nodes what is to change. */
  value(root: Node, subject: Subject): void {
    const place = placeOf(root, placeOfAttribute(subject.content));
    this.#node(root, { subject, place, bits: bitsAtRoot(subject.rules), layers: 0, taking: undefined, finding: [] });
  }

  #node(node: Node, around: Context): void {
    const rule = ruleAt(around.subject.rules, around.bits, node);
    if (rule?.action === 'keep') return;
    const context = rule === undefined ? around : within(around, rule);
    if (rule !== undefined && rule.scanner === undefined && this.#taken(node, rule)) return;
    if (node.kind === 'map' || node.kind === 'list') this.#children(node, context);
    else if (node.kind === 'text') this.#text(node, context);
    else if (node.kind === 'number') this.#number(node, context);
  }

  /** What a rule leads to goes as a whole; of a list or map its texts go. */
  #taken(node: Node, rule: Rule): boolean {
    if (rule.action === 'drop') this.#edit(node, null, rule.name);
    else if (node.kind === 'number' && rule.action === 'truncate') return false;
    else if (node.kind === 'number' || node.kind === 'text') this.#replace(node, rule);
    else return false;
    return true;
  }

  #replace(node: Node, { action, name, options }: Rule): void {
    if (!this.#finder.isToken(node.text)) this.#edit(node, this.#replacements.of(action, name, node.text, options), name);
  }

  #children(node: Node, context: Context): void {
    for (const child of node.children) {
      const bits = bitsOfChild(context.subject.rules, context.bits, child);
      const inner: Context = { ...context, bits, place: placeOf(child, context.place) };
      if (child.key === undefined || !this.#named(child, child.key, inner)) this.#node(child, inner);
    }
  }

  /** What a member's name decides; `true` if that is all there is to do. */
  #named(node: Node, key: string, { subject, layers }: Context): boolean {
    const verdict = this.#rules.byKey(key);
    if (verdict === 'ignored') return true;
    if (verdict === 'redacted' && subject.isBody && layers === 0) {
      node.deleted = true;
      this.#audit.note('allowed_keys', node);
      return true;
    }
    const name = this.#finder.redactName(key, node.parent);
    if (name !== key) node.newKey = name;
    if (!this.#rules.isBlocked(key)) return false;
    this.#edit(node, node.kind === 'text' ? this.#rules.maskWhole(node.text) : this.#rules.maskWhole(''), 'blocked_key_patterns');
    return true;
  }

  #text(node: Node, context: Context): void {
    const { json, policies } = this.#settings;
    const isLookedInto = json || policies !== undefined || context.subject.rules.length > 0;
    if (isLookedInto && looksLikeJson(node.text) && this.#json(node, context)) return;
    if (!this.#byPlace(node, context)) this.#plain(node, context);
  }

  /** What a rule around it or the policy of its content does to a text, whatever it says; `false` if neither concerns it. */
  #byPlace(node: Node, { place, taking }: Context): boolean {
    const { policies } = this.#settings;
    const { key } = node;
    if (taking !== undefined && !(place.message && key !== undefined && isStructural(key, node.text, place.message))) {
      this.#replace(node, taking);
      return true;
    }
    const policy = policies === undefined ? 'keep' : policyOf(policies, place, node);
    if (policy !== 'keep') this.#edit(node, policy === 'mask' ? redacted : '', `content_${place.kind ?? 'images'}`);
    return policy !== 'keep';
  }

  /** The text as JSON; `false` if it is none. */
  #json(node: Node, context: Context): boolean {
    if (this.#finder.isTooLong(node.text)) return false;
    const read = readJson(node.text);
    if (read.state === 'text') return false;
    if (read.state === 'too_deep' || context.layers >= layersMax) {
      this.#edit(node, overBudget, 'over_budget');
      return true;
    }
    for (const root of read.roots) this.#node(root, { ...context, layers: context.layers + 1, place: placeOf(root, context.place) });
    if (read.roots.some(({ edit }) => edit === null)) node.edit = null;
    else if (read.roots.some(({ changed }) => changed)) node.edit = writtenJson(node.text, read.roots);
    return true;
  }

  #plain(node: Node, { subject, layers, finding }: Context): void {
    const key = nameAround(node) ?? subject.key;
    const isAllowed = node.parent === undefined && layers === 0 ? subject.isAllowed : this.#rules.allows(node.text);
    let text = isAllowed ? node.text : this.#finder.maskParts(node.text, node);
    for (const rule of finding) {
      const edit = this.#finder.redactBy(rule, text, key, node);
      if (edit === null) {
        node.edit = null;
        return;
      }
      text = edit;
    }
    const edit = isId(key, text) ? text : this.#finder.redact(text, key, node);
    if (edit !== node.text) node.edit = edit;
  }

  /**
   * Numbers stay, unless they are somebody's; then they leave a text, so what happens to texts of their place happens to them. The Collector's patterns
   * look at those of log bodies, and `redact_all_types` at all that are no JSON.
   */
  #number(node: Node, context: Context): void {
    const { allTypes } = this.#settings;
    const { subject, layers } = context;
    const key = nameAround(node) ?? subject.key;
    let text = node.text;
    if ((subject.isBody || allTypes) && layers === 0 && !this.#rules.allows(text)) text = this.#finder.maskParts(text, node);
    const edit = allTypes && layers === 0 ? this.#finder.redact(text, key, node) : this.#finder.redactNumber(text, key, node);
    if (edit !== node.text && !this.#byPlace(node, context)) node.edit = edit;
  }

  #edit(node: Node, edit: string | null, rule: string): void {
    if (edit === node.text) return;
    node.edit = edit;
    this.#audit.note(rule, node);
  }
}

function within(context: Context, rule: Rule): Context {
  if (rule.scanner === undefined) return { ...context, taking: rule };
  return context.finding.includes(rule) ? context : { ...context, finding: [...context.finding, rule] };
}

/** A list's elements stand under the name of the list. */
function nameAround(node: Node): string | undefined {
  let at: Node | undefined = node;
  while (at !== undefined && at.key === undefined) at = at.parent;
  return at?.key;
}
