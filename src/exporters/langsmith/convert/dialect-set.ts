/** Dialects by number, up to 60, as bits in two halves: a number of at most 31 bits is no object. */
const half = 30;

export class DialectSet {
  high = 0;
  low = 0;

  add(dialect: number): void {
    if (dialect < half) this.low |= 1 << dialect;
    else this.high |= 1 << (dialect - half);
  }

  has(dialect: number): boolean {
    return ((dialect < half ? this.low >> dialect : this.high >> (dialect - half)) & 1) === 1;
  }

  /** Becomes the same as another one. */
  become({ high, low }: DialectSet): void {
    this.high = high;
    this.low = low;
  }
}
