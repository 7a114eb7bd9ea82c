/**
 * When garbage may be collected again: it stops everything else meanwhile. After one that did not help the pause doubles, from `min_gc_interval_*` (at
 * least about `check_interval`) up to `max_gc_interval_*`; one that helped ends that.
 */
import type { Settings } from './schema.ts';

export class GarbageCollection {
  readonly #settings: Settings;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  /** How many in a row did not help. */
  #vain = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** `isHard`: memory use is above the hard limit, too. */
  isDue(nowMs: number, isHard: boolean): boolean {
    const { check_interval, ...settings } = this.#settings;
    const least = isHard ? settings.min_gc_interval_when_hard_limited : settings.min_gc_interval_when_soft_limited;
    const most = isHard ? settings.max_gc_interval_when_hard_limited : settings.max_gc_interval_when_soft_limited;
    const pause =
      this.#vain === 0 ? least : Math.min(Math.max(least, check_interval * 0.95) * 2 ** (this.#vain - 1), Math.max(least, most));
    return Math.abs(nowMs - this.#lastAtMs) >= pause;
  }

  collected(nowMs: number, helped: boolean): void {
    this.#lastAtMs = nowMs;
    this.#vain = helped ? 0 : this.#vain + 1;
  }
}
