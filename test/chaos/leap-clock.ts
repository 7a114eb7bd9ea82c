import { systemClock } from '../../src/journal/system-clock.ts';
import type { AbortSignalLike, Clock } from '../../src/model/clock.ts';

/** The machine's time, which a test can set forward: whoever sleeps to a time that has then come wakes up. */
export class LeapClock implements Clock {
  #aheadMs = 0;
  readonly #sleepers = new Map<AbortController, number>();

  readonly now = (): number => Date.now() + this.#aheadMs;

  async sleep(ms: number, signal?: AbortSignalLike): Promise<void> {
    if (signal?.aborted) return;
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    signal?.addEventListener('abort', wake, { once: true });
    this.#sleepers.set(woken, this.now() + ms);
    await systemClock.sleep(ms, woken.signal);
    this.#sleepers.delete(woken);
    signal?.removeEventListener('abort', wake);
  }

  leap(ms: number): void {
    this.#aheadMs += ms;
    for (const [sleeper, dueMs] of this.#sleepers) if (dueMs <= this.now()) sleeper.abort();
  }
}
