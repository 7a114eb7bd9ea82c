import { sleep } from '../journal/system-clock.ts';
import type { Clock } from '../model/clock.ts';

/** The machine's clock. Whoever sleeps by it keeps the process running. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, signal, true),
};
