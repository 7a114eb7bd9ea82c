import type { AbortSignalLike, Clock } from '../model/clock.ts';

/** The machine's own time. Leases live in it whatever clock a component is given, because other processes read them by theirs. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => sleep(ms, signal, false),
};

/** Until the time has passed or the signal says so. `holds`: whether the process goes on for it. Not `timers/promises`: it makes an error for each sleeper that is woken. */
export function sleep(ms: number, signal: AbortSignalLike | undefined, holds: boolean): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (!holds) timer.unref();
    signal?.addEventListener('abort', end, { once: true });
  });
}
