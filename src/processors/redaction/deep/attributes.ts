/**
 * The attributes of one item. First what the Collector decides by key: ignored → not allowed, so deleted → its key blocked, so masked as a whole; then
 * rules, content policies and detectors. By position, so that only values that can hold text are made.
 */
import type { Attributes, Value } from '../../../model/value.ts';
import { textOf } from '../../text-of.ts';
import { newTally, type Rules, type Tally } from '../redact.ts';
import type { Audit } from './audit.ts';
import { contentOf, type Policies } from './content.ts';
import type { TextFinder } from './finder.ts';
import type { RuleBook } from './rules.ts';
import { wholeNumberMin } from './spelling.ts';
import type { Target } from './targets.ts';
import { valueTree, writtenValue } from './value-tree.ts';
import type { Subject, Walk } from './walk.ts';

export interface AttributesSettings {
  readonly recurse: boolean;
  readonly allTypes: boolean;
  readonly policies: Policies | undefined;
}

/** What was decided; carried out behind the loop, because positions are stable only as long as nothing changes. */
interface Changes {
  readonly values: Map<string, Value>;
  readonly deleted: string[];
  readonly names: Map<string, string>;
}

export class AttributesRedaction {
  readonly #settings: AttributesSettings;
  readonly #rules: Rules;
  readonly #book: RuleBook;
  readonly #walk: Walk;
  readonly #finder: TextFinder;
  readonly #audit: Audit;
  /** The Collector takes what is no text for an empty one, and counts it if that is allowed. */
  readonly #allowsNothing: boolean;

  constructor(settings: AttributesSettings, rules: Rules, book: RuleBook, walk: Walk, finder: TextFinder, audit: Audit) {
    this.#settings = settings;
    this.#rules = rules;
    this.#book = book;
    this.#walk = walk;
    this.#finder = finder;
    this.#audit = audit;
    this.#allowsNothing = rules.allows('');
  }

  /** `event`: name of the span event or log record that they belong to, or ''. */
  redact(attributes: Attributes, target: Target, event: string): Tally {
    const tally = newTally();
    const changes: Changes = { values: new Map(), deleted: [], names: new Map() };
    for (let position = 0; position < attributes.length; position++) {
      const key = attributes.keyAt(position);
      if (key !== undefined) this.#one(attributes, position, key, target, event, tally, changes);
    }
    for (const [key, value] of changes.values) attributes.set(key, value);
    for (const [key, name] of changes.names) {
      const value = attributes.get(key);
      attributes.delete(key);
      if (value !== undefined) attributes.set(name, value);
    }
    for (const key of changes.deleted) attributes.delete(key);
    return tally;
  }

  #one(attributes: Attributes, position: number, key: string, target: Target, event: string, tally: Tally, changes: Changes): void {
    const verdict = this.#rules.byKey(key);
    if (verdict === 'ignored') {
      tally.ignored.push(key);
      return;
    }
    // What a name says must not be told by telling the name.
    this.#audit.enter(target, undefined);
    const removed = this.#audit.total;
    const name = this.#finder.redactName(key, undefined);
    this.#audit.enter(target, name);
    if (verdict === 'redacted') {
      this.#audit.note('allowed_keys');
      tally.redacted.push(name);
      changes.deleted.push(key);
      return;
    }
    if (name !== key) changes.names.set(key, name);
    if (verdict !== 'blocked' && this.#isPlain(attributes, position, target, key)) return;
    const before = this.#read(attributes, position);
    const after = this.#value(before, attributes, key, target, event, verdict === 'blocked', tally);
    if (after === undefined) changes.deleted.push(key);
    else if (after !== before) changes.values.set(key, after);
    if (this.#audit.total > removed) (after === undefined ? tally.redacted : tally.masked).push(name);
  }

  /** Whether it is a small number or the like, which nobody looks at. */
  #isPlain(attributes: Attributes, position: number, target: Target, key: string): boolean {
    const type = attributes.typeAt(position);
    if (type === 'string' || type === 'bytes' || type === 'array' || type === 'map') return false;
    if ((type === 'int' || type === 'double') && Number(attributes.valueAt(position)) >= wholeNumberMin) return false;
    return !this.#settings.allTypes && !this.#allowsNothing && this.#book.about(target, key).length === 0;
  }

  /** Lists and maps as the text that the Collector makes of them, where it looks at all types and nobody looks into them. */
  #read(attributes: Attributes, position: number): Value {
    const type = attributes.typeAt(position);
    const isDeep = type === 'array' || type === 'map';
    const value = attributes.valueAt(position);
    return isDeep && !this.#settings.recurse && this.#settings.allTypes ? textOf(value) : value;
  }

  /** `undefined`: it goes. */
  #value(
    value: Value,
    attributes: Attributes,
    key: string,
    target: Target,
    event: string,
    isBlocked: boolean,
    tally: Tally,
  ): Value | undefined {
    const { allTypes, policies, recurse } = this.#settings;
    const text = typeof value === 'string' ? value : allTypes ? textOf(value) : '';
    const isAllowed = this.#rules.allows(text);
    if (isAllowed) tally.allowed.push(key);
    else if (isBlocked) return this.#masked(text);
    const rules = this.#book.about(target, key);
    const content = policies === undefined ? undefined : contentOf(key, event, attributes);
    if (content === 'structure') return value;
    if (policies !== undefined && content !== undefined && content !== 'mixed' && policies[content] === 'drop') {
      this.#audit.note(`content_${content}`);
      return undefined;
    }
    const isNested = typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
    if (isNested && !recurse && content === undefined && rules.length === 0) return value;
    const subject: Subject = { key, content, rules, isBody: false, isAllowed };
    const root = valueTree(value);
    this.#walk.value(root, subject);
    return root.edit === null ? undefined : writtenValue(root);
  }

  #masked(text: string): string {
    this.#audit.note('blocked_key_patterns');
    return this.#rules.maskWhole(text);
  }
}
