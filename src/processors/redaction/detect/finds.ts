/**
 * What a scan finds, before and after overlaps are settled. Numbers in rows and no objects: a page of phone numbers has tens of thousands.
 *
 * Layout: the find `at` reaches from `#starts[at]` to `#ends[at]` and is the detector's whose rank, its place in the table, is `#ranks[at]`: the lower,
 * the more specific. They stand by start, the longer and the more specific first.
 */

/** Rows of more finds are given back behind the text that needed them. */
const keptMax = 1 << 14;
const firstMax = 64;

export class Finds {
  #starts = new Uint32Array(firstMax);
  #ends = new Uint32Array(firstMax);
  #ranks = new Uint16Array(firstMax);
  count = 0;

  /** Before another text. */
  clear(): void {
    this.count = 0;
    if (this.#starts.length > keptMax) this.#grow(firstMax);
  }

  /** Detectors look back a bounded number of characters, so its place is near the end. */
  add(start: number, end: number, rank: number): void {
    if (this.count === this.#starts.length) this.#grow(2 * this.count);
    let at = this.count;
    while (at > 0 && this.#isBefore(start, end, rank, at - 1)) {
      this.#move(at - 1, at);
      at -= 1;
    }
    this.#put(at, start, end, rank);
    this.count += 1;
  }

  /** Overlapping finds become their union under the name of the longest, or of the most specific where lengths are equal. */
  settle(): void {
    let settled = 0;
    let longest = 0;
    for (let at = 0; at < this.count; at += 1) {
      const start = this.start(at);
      const end = this.end(at);
      const rank = this.rank(at);
      const length = end - start;
      const last = settled - 1;
      if (settled === 0 || start >= this.end(last)) {
        this.#put(settled, start, end, rank);
        settled += 1;
        longest = length;
        continue;
      }
      const isNamed = length > longest || (length === longest && rank < this.rank(last));
      if (length > longest) longest = length;
      this.#put(last, this.start(last), Math.max(this.end(last), end), isNamed ? rank : this.rank(last));
    }
    this.count = settled;
  }

  start(at: number): number {
    return this.#starts[at] as number;
  }

  end(at: number): number {
    return this.#ends[at] as number;
  }

  rank(at: number): number {
    return this.#ranks[at] as number;
  }

  #isBefore(start: number, end: number, rank: number, other: number): boolean {
    if (start !== this.start(other)) return start < this.start(other);
    return end === this.end(other) ? rank < this.rank(other) : end > this.end(other);
  }

  #put(at: number, start: number, end: number, rank: number): void {
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#ranks[at] = rank;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.start(from), this.end(from), this.rank(from));
  }

  #grow(length: number): void {
    const [starts, ends, ranks] = [this.#starts, this.#ends, this.#ranks];
    this.#starts = new Uint32Array(length);
    this.#ends = new Uint32Array(length);
    this.#ranks = new Uint16Array(length);
    this.#starts.set(starts.subarray(0, this.count));
    this.#ends.set(ends.subarray(0, this.count));
    this.#ranks.set(ranks.subarray(0, this.count));
  }
}
