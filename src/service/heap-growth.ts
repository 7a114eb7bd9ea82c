import { setFlagsFromString } from 'node:v8';

/**
 * By how much the old generation grows before it is collected, in percent of what is alive. Left to itself V8 lets it become three times as large under load,
 * because most of what spans need lives for half a second and is old by then. Fewer collections let requests be answered sooner, since each one takes the
 * processors of a small machine for some 60 ms; so it may grow more where the process is small anyway. 25 would cost a quarter of all CPU, 50 costs next to
 * nothing.
 */
const growthPercent = { small: 100, large: 50 } as const;
/** From which resident memory on a process is large: what is left up to 250 MiB is for what comes until the next look. */
const largeBytes = 220 * 2 ** 20;
const lookMs = 1_000;

/** For this process, from now on. */
export function boundHeapGrowth(): void {
  setGrowth();
  setInterval(setGrowth, lookMs).unref();
}

export function heapGrowthPercent(residentBytes: number): number {
  return residentBytes < largeBytes ? growthPercent.small : growthPercent.large;
}

/** V8 reads the flag whenever a collection ends. */
function setGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${heapGrowthPercent(process.memoryUsage.rss())}`);
}
