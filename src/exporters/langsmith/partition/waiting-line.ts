import type { HeldDraft, Trace } from './held-draft.ts';

interface Place {
  readonly trace: Trace;
  readonly draft: HeldDraft;
}

/** Drafts that wait in memory, in the order of their coming. Those that found a place meanwhile are passed over. */
export class WaitingLine {
  readonly #settleWindowMs: number;
  #line: Place[] = [];
  #head = 0;

  constructor(settleWindowMs: number) {
    this.#settleWindowMs = settleWindowMs;
  }

  /** When the first must be parked, ms since the epoch; `Infinity` if nobody waits. */
  get dueAtMs(): number {
    this.#skip();
    const first = this.#line[this.#head];
    return first ? first.draft.sinceMs + this.#settleWindowMs : Number.POSITIVE_INFINITY;
  }

  /** When the first of them was appended, ms since the epoch; `Infinity` if nobody waits. */
  get oldestMs(): number {
    this.#skip();
    return this.#line[this.#head]?.draft.appendedAtMs ?? Number.POSITIVE_INFINITY;
  }

  add(trace: Trace, draft: HeldDraft): void {
    this.#line.push({ trace, draft });
  }

  /** Takes out who has waited for the settle window; everyone if `all`. */
  takeDue(nowMs: number, all: boolean): Place[] {
    const due: Place[] = [];
    for (;;) {
      this.#skip();
      const first = this.#line[this.#head];
      if (!first || (!all && first.draft.sinceMs + this.#settleWindowMs > nowMs)) return due;
      this.#head += 1;
      due.push(first);
    }
  }

  #skip(): void {
    while (this.#head < this.#line.length && !waits(this.#line[this.#head])) this.#head += 1;
    if (this.#head < 1_024 || this.#head * 2 < this.#line.length) return;
    this.#line = this.#line.slice(this.#head);
    this.#head = 0;
  }
}

function waits(place: Place | undefined): boolean {
  return place?.draft.state === 'waiting' && place.trace.waiter(place.draft.skeleton.spanId) === place.draft;
}
