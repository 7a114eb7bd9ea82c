/** `retry_on_failure` of the Collector's exporter helper. */
export interface RetryConfig {
  readonly initialIntervalMs: number;
  readonly multiplier: number;
  readonly maxIntervalMs: number;
  /** 0…1: the wait is drawn from `interval × (1 ± factor)`. */
  readonly randomizationFactor: number;
  /** What failed for longer than this becomes dead letters; 0 = never. */
  readonly maxElapsedMs: number;
}

/** The wait before the next try after `failures` (≥ 1) failed ones: exponential, capped, with jitter. `random` gives 0…1. */
export function backoffMs(config: RetryConfig, failures: number, random: () => number): number {
  const interval = Math.min(config.maxIntervalMs, config.initialIntervalMs * config.multiplier ** Math.min(failures - 1, 64));
  return Math.round(interval * (1 - config.randomizationFactor + 2 * config.randomizationFactor * random()));
}
