/**
 * A token bucket that may run into debt: whoever has anything left may take as much as they want, and pays before they get any more. So a request that
 * is larger than the bucket passes, too, and the rate holds over time.
 */
export class Bucket {
  readonly #perMs: number;
  readonly #most: number;
  #left: number;
  #atMs: number;

  /** Full at first: `burstMs` worth of the rate. */
  constructor(perSecond: number, burstMs: number, nowMs: number) {
    this.#perMs = perSecond / 1_000;
    this.#most = Math.max(1, this.#perMs * burstMs);
    this.#left = this.#most;
    this.#atMs = nowMs;
  }

  /** 0 if it was taken; else nothing was, and it says in how many ms something is left. */
  take(amount: number, nowMs: number): number {
    this.#fill(nowMs);
    if (this.#left <= 0) return Math.ceil((1 - this.#left) / this.#perMs);
    this.#left -= amount;
    return 0;
  }

  isFull(nowMs: number): boolean {
    this.#fill(nowMs);
    return this.#left >= this.#most;
  }

  /** A clock that is set back fills nothing, and takes nothing away. */
  #fill(nowMs: number): void {
    if (nowMs > this.#atMs) this.#left = Math.min(this.#most, this.#left + (nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
  }
}
