/**
 * Work that a scan may still do, in steps: one per character, and the costs of each look at a candidate. Counted, not timed, so it is deterministic.
 * Each scan takes its steps from both counters; the caller sets `value` anew for each value.
 */
export interface Budget {
  value: number;
  batch: number;
}

/** What a text of `length` characters may cost: ample for any real text, be it a list of phone numbers. A step takes 1 to 20 ns. */
export const stepsFor = (length: number): number => 4096 + 64 * length;
