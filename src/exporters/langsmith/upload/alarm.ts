import type { Clock } from '../../../model/clock.ts';

/** Calls back once at the earliest time that was set. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #atMs = Number.POSITIVE_INFINITY;
  #cancel: AbortController | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  set(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.clear();
    const cancel = new AbortController();
    this.#atMs = atMs;
    this.#cancel = cancel;
    void this.#clock.sleep(Math.max(0, atMs - this.#clock.now()), cancel.signal).then(() => {
      if (cancel.signal.aborted) return;
      this.clear();
      this.#ring();
    });
  }

  clear(): void {
    this.#cancel?.abort();
    this.#cancel = undefined;
    this.#atMs = Number.POSITIVE_INFINITY;
  }
}
