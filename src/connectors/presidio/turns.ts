/** So many at a time; the others wait in line. */
export class Turns {
  readonly #max: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(max: number) {
    this.#max = max;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#max) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await work();
    } finally {
      // Who waits longest takes over the place, so nobody new can come between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
