import type { AbortSignalLike, Clock } from '../model/clock.ts';

/** The machine's own time. Leases live in it whatever clock a component is given, because other processes read them by theirs. */
export const systemClock: Clock = {
  now: Date.now,
  sleep(ms: number, signal?: AbortSignalLike): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      timer.unref();
      signal?.addEventListener('abort', end, { once: true });
    });
  },
};
