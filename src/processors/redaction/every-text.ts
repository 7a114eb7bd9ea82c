/**
 * Every text of a batch, wherever it stands, for somebody who judges texts in another way than the detectors: a door of this room for connectors.
 * Fields, lists, maps, bytes, JSON in texts: it looks where `redaction` looks, and what it writes keeps its shape as there.
 */
import type { Batch } from '../../model/batch.ts';
import type { Observer } from '../../model/observer.ts';
import { seal } from '../../otlp/otlp.ts';
import type { Replacements } from './deep/action.ts';
import { AttributesRedaction } from './deep/attributes.ts';
import { Audit } from './deep/audit.ts';
import type { TextFinder } from './deep/finder.ts';
import { ItemRedaction } from './deep/item.ts';
import type { Node } from './deep/node.ts';
import { RuleBook } from './deep/rules.ts';
import type { Target } from './deep/targets.ts';
import { Walk } from './deep/walk.ts';
import type { Rules } from './redact.ts';

export { type Action, actions, Replacements } from './deep/action.ts';
export { overBudget } from './deep/finder.ts';
export { type Target, targets } from './deep/targets.ts';
export { pseudonymKeyBytesMin } from './deep-schema.ts';

/** What becomes of a text: the same one if it stays, `null` if it must go. `note` counts a removal under a name. */
export type EditText = (text: string, note: (name: string) => void) => string | null;

/** None of the Collector's settings. */
const open: Rules = {
  byKey: () => 'open',
  isBlocked: () => false,
  allows: () => false,
  maskWhole: (text) => text,
  maskParts: (text) => text,
};

export class EveryText {
  readonly #items: ItemRedaction;
  readonly #audit: Audit;
  #edit: EditText = (text) => text;

  constructor(targets: readonly Target[], replacements: Replacements, id: string, observer: Observer) {
    const audit = new Audit(id, observer);
    const finder: TextFinder = {
      isTooLong: () => false,
      isToken: () => false,
      maskParts: (text) => text,
      redactName: (name) => name,
      redactNumber: (text) => text,
      redactBy: (_rule, text) => text,
      redact: (text: string, _key: string | undefined, node: Node | undefined) => this.#edit(text, (name) => audit.note(name, node)),
    };
    const book = new RuleBook([]);
    const walk = new Walk({ json: true, allTypes: false, policies: undefined }, open, finder, replacements, audit);
    const attributes = new AttributesRedaction({ recurse: true, allTypes: false, policies: undefined }, open, book, walk, finder, audit);
    this.#audit = audit;
    this.#items = new ItemRedaction(new Set(targets), 'silent', open, book, walk, attributes, audit);
  }

  /** Hands each text to `edit` and puts its answer in the text's place. Names of attributes and of members stay. */
  each(batch: Batch, edit: EditText): void {
    seal(batch);
    this.#edit = edit;
    this.#items.all(batch);
    this.#audit.flush();
  }
}
