import { TraceFilter } from './trace-filter.ts';

/**
 * Which traces have no chunk in the index of one partition, so that nobody has to look for one: nearly every trace that comes is new.
 *
 * What was written within the late window stands in one of two filters: the current one, or the one before it. Older chunks are as good as swept. An owner
 * that finds a partition with an index knows nothing of it until the late window has passed.
 *
 *   unknown ─late window─► known       known (the index was empty)
 */
export class IndexedTraces {
  readonly #windowMs: number;
  readonly #bytesMax: number;
  #current: TraceFilter;
  #former: TraceFilter;
  #sinceMs = 0;
  #knownFromMs = Number.POSITIVE_INFINITY;

  /** `windowMs`: the late window. `bytesMax`: of both filters together, or a little more. */
  constructor(windowMs: number, bytesMax: number) {
    this.#windowMs = windowMs;
    this.#bytesMax = bytesMax / 2;
    this.#current = new TraceFilter(this.#bytesMax);
    this.#former = new TraceFilter(this.#bytesMax);
  }

  /** The partition was taken. `empty`: there is no index. */
  begin(nowMs: number, empty: boolean): void {
    this.#sinceMs = nowMs;
    this.#knownFromMs = empty ? nowMs : nowMs + this.#windowMs;
  }

  add(traceKey: string, nowMs: number): void {
    if (nowMs >= this.#sinceMs + this.#windowMs) this.#turn(nowMs);
    this.#current.add(traceKey);
  }

  /** Whether the trace's chunks have to be looked for. */
  mayHold(traceKey: string, nowMs: number): boolean {
    return nowMs < this.#knownFromMs || this.#current.mayHold(traceKey) || this.#former.mayHold(traceKey);
  }

  #turn(nowMs: number): void {
    this.#former = this.#current;
    this.#current = new TraceFilter(this.#bytesMax);
    this.#sinceMs = nowMs;
  }
}
