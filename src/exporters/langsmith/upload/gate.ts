/**
 * Bounds what is under way over all lanes: requests, and the bytes of their bodies (by one body more at most). Whoever finds it shut is called,
 * once and in order, when there is room again.
 */
export class Gate {
  readonly #requestsMax: number;
  readonly #bytesMax: number;
  readonly #waiting = new Set<() => void>();
  #requests = 0;
  #bytes = 0;

  constructor(requestsMax: number, bytesMax: number) {
    this.#requestsMax = requestsMax;
    this.#bytesMax = bytesMax;
  }

  /** Whether one more may go; if not, `whenOpen` is called later. */
  open(whenOpen: () => void): boolean {
    if (this.#requests < this.#requestsMax && this.#bytes < this.#bytesMax) return true;
    this.#waiting.add(whenOpen);
    return false;
  }

  enter(size: number): void {
    this.#requests += 1;
    this.#bytes += size;
  }

  leave(size: number): void {
    this.#requests -= 1;
    this.#bytes -= size;
    for (const whenOpen of this.#waiting) {
      if (this.#requests >= this.#requestsMax || this.#bytes >= this.#bytesMax) break;
      this.#waiting.delete(whenOpen);
      whenOpen();
    }
  }
}
