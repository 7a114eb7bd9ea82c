/** Counts what was removed, by rule and field, and tells the observer once per batch. It never sees a value. */
import type { Observer } from '../../../model/observer.ts';
import type { Node } from './node.ts';
import { type Target, targetNames } from './targets.ts';

/** Fields that are told apart; all others are `other`, because keys come from outside and metrics must not grow with them. */
const fieldsMax = 200;
const keyLengthMax = 100;

export class Audit {
  readonly #processor: string;
  readonly #observer: Observer;
  readonly #fields = new Set<string>();
  #counts = new Map<string, Map<string, number>>();
  #target: Target = 'span';
  #key: string | undefined;
  /** Removals noted since the batch began. */
  total = 0;

  constructor(processor: string, observer: Observer) {
    this.#processor = processor;
    this.#observer = observer;
  }

  /** What is looked at from now on. */
  enter(target: Target, key: string | undefined): void {
    this.#target = target;
    this.#key = key;
  }

  note(rule: string, node?: Node): void {
    this.total++;
    const field = this.#field();
    let ofRule = this.#counts.get(rule);
    if (!ofRule) this.#counts.set(rule, (ofRule = new Map()));
    ofRule.set(field, (ofRule.get(field) ?? 0) + 1);
    this.#observer.removed?.(this.#processor, rule, this.#place(node));
  }

  flush(): void {
    if (this.#counts.size === 0) return;
    for (const [rule, fields] of this.#counts) {
      for (const [field, count] of fields) this.#observer.redacted(this.#processor, rule, field, count);
    }
    this.#counts = new Map();
    this.total = 0;
  }

  /** Positions in flattened names are `N`, so a long conversation is one field. */
  #field(): string {
    const key = this.#key?.replace(/\d+/g, 'N').slice(0, keyLengthMax);
    const name = key === undefined ? targetNames[this.#target] : `${targetNames[this.#target]}[${JSON.stringify(key)}]`;
    if (!this.#fields.has(name)) {
      if (this.#fields.size >= fieldsMax) return 'other';
      this.#fields.add(name);
    }
    return name;
  }

  #place(node: Node | undefined): string {
    const own = this.#key === undefined ? targetNames[this.#target] : `${targetNames[this.#target]}[${JSON.stringify(this.#key)}]`;
    const inner = node?.path ?? '$';
    return inner === '$' ? own : `${own} ${inner}`;
  }
}
