import type { AbortSignalLike, Clock } from '../../src/model/clock.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Time that stands still until the test moves it. */
export class ManualClock implements Clock {
  protected nowMs = 1_000_000;
  readonly sleepers = new Set<Sleeper>();

  now(): number {
    return this.nowMs;
  }

  sleep(ms: number, signal?: AbortSignalLike): Promise<void> {
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        atMs: this.nowMs + ms,
        wake: () => {
          this.sleepers.delete(sleeper);
          resolve();
        },
      };
      if (signal?.aborted) return resolve();
      signal?.addEventListener('abort', sleeper.wake, { once: true });
      this.sleepers.add(sleeper);
      this.slept();
    });
  }

  /** In how many ms the first sleeper wakes; infinite if nobody sleeps. */
  nextMs(): number {
    return Math.min(...[...this.sleepers].map(({ atMs }) => atMs - this.nowMs));
  }

  advance(ms: number): void {
    this.nowMs += ms;
    for (const sleeper of this.sleepers) if (sleeper.atMs <= this.nowMs) sleeper.wake();
  }

  protected slept(): void {
    // Nobody moves the time but the test.
  }
}

/** Time that jumps to the next waking as soon as somebody sleeps. */
export class JumpingClock extends ManualClock {
  protected override slept(): void {
    setImmediate(() => {
      const waitMs = this.nextMs();
      if (waitMs < Number.POSITIVE_INFINITY) this.advance(Math.max(0, waitMs));
    });
  }
}
