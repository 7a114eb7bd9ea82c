const stretchMs = 10_000;

interface Stretch {
  parked: number;
  /** When the first was appended, of all that were counted here. */
  firstMs: number;
}

/**
 * When the drafts that are parked were appended, so that the oldest is known without a look at the journal. Kept by stretches of ten seconds, of which
 * the longest wait bounds the number; when the first draft of a stretch has gone, its time still stands for the others.
 */
export class ParkedTimes {
  readonly #stretches = new Map<number, Stretch>();

  /** When the oldest was appended, ms since the epoch; `Infinity` if nothing is parked. */
  get oldestMs(): number {
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const { firstMs } of this.#stretches.values()) oldestMs = Math.min(oldestMs, firstMs);
    return oldestMs;
  }

  add(appendedAtMs: number): void {
    const key = Math.floor(appendedAtMs / stretchMs);
    const stretch = this.#stretches.get(key);
    if (!stretch) this.#stretches.set(key, { parked: 1, firstMs: appendedAtMs });
    else {
      stretch.parked += 1;
      stretch.firstMs = Math.min(stretch.firstMs, appendedAtMs);
    }
  }

  remove(appendedAtMs: number): void {
    const key = Math.floor(appendedAtMs / stretchMs);
    const stretch = this.#stretches.get(key);
    if (!stretch) return;
    stretch.parked -= 1;
    if (stretch.parked === 0) this.#stretches.delete(key);
  }
}
