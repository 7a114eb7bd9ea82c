/** Run ids of this many spans are remembered; the oldest are forgotten first. */
const claimsMax = 50_000;
/** How run ids begin that are made from span ids. Those are too many to be remembered, and do not collide unless a sender makes them so. */
const madeFromSpanId = '00000000-0000-0000-';

/**
 * Run ids that spans said themselves, and which trace has each: two traces must not share one, or the server takes the second run for the first one come
 * again (mapping §15.1). Known in this process only; what it does not know the upload finds out.
 */
export class ClaimedRunIds {
  readonly #traces = new Map<string, string>();

  /** Whether another trace of the tenant has the id. If none has, it is this trace's from now on. */
  isTaken(runId: string, traceKey: string): boolean {
    if (runId.startsWith(madeFromSpanId)) return false;
    const claim = traceKey.slice(0, traceKey.indexOf(':') + 1) + runId;
    const owner = this.#traces.get(claim);
    if (owner !== undefined) return owner !== traceKey;
    this.#traces.set(claim, traceKey);
    if (this.#traces.size > claimsMax) for (const oldest of this.#traces.keys()) return this.#forget(oldest);
    return false;
  }

  #forget(claim: string): false {
    this.#traces.delete(claim);
    return false;
  }
}
