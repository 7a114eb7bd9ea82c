import type { LogRecord, Signal, Span } from '../../model/batch.ts';
import type { Observer } from '../../model/observer.ts';

/** What a sampler decides on a batch, counted by what each decision rests on; what is left out is told one by one, too. */
export class Decisions<Rule extends string = string> {
  readonly #observer: Observer;
  readonly #processor: string;
  readonly #kept = new Map<Rule, number>();
  readonly #dropped = new Map<Rule, number>();

  constructor(observer: Observer, processor: string) {
    this.#observer = observer;
    this.#processor = processor;
  }

  add(rule: Rule, isKept: boolean, item: Span | LogRecord): void {
    if (!isKept) this.#observer.leftOut?.(this.#processor, item, rule);
    const counts = isKept ? this.#kept : this.#dropped;
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }

  tell(signal: Signal): void {
    for (const [rule, items] of this.#kept) this.#observer.sampled(this.#processor, signal, rule, true, items);
    for (const [rule, items] of this.#dropped) this.#observer.sampled(this.#processor, signal, rule, false, items);
  }
}
