/** Keeps the newest `max` entries, give or take half: the older half is dropped at once, so that adding costs nothing. */
export class RecentList<Entry> {
  readonly #max: number;
  #entries: Entry[] = [];
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(entry: Entry): void {
    this.#count += 1;
    this.#entries.push(entry);
    if (this.#entries.length > this.#max * 1.5) this.#entries = this.#entries.slice(-this.#max);
  }

  get list(): readonly Entry[] {
    return this.#entries;
  }

  /** How many there have been, those forgotten included. */
  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#entries = [];
    this.#count = 0;
  }
}
