/** Remembers at least the newest `max` texts and at most twice as many: two generations, the older one dropped whole. */
export class RecentIds {
  readonly #max: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  constructor(max: number) {
    this.#max = max;
  }

  has(id: string): boolean {
    return this.#newer.has(id) || this.#older.has(id);
  }

  add(id: string): void {
    if (this.#newer.size >= this.#max) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    this.#newer.add(id);
  }

  delete(id: string): void {
    this.#newer.delete(id);
    this.#older.delete(id);
  }
}
