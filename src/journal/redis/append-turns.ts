import { setImmediate } from 'node:timers/promises';

/** So many appends are gathered for while as many are in the air: two hide the way to the server, more would make them small. */
const turnsMax = 2;

/** Says when entries that are gathered are made: at the end of a turn of the event loop, or as soon as one of those before is answered. */
export class AppendTurns {
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  #whenIdle: () => void = () => {};

  /** Whoever has begun ends. */
  async begin(): Promise<void> {
    if (this.#taken === turnsMax) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#taken += 1;
    await setImmediate();
  }

  /** The next one that waits takes the turn over. */
  end(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#taken -= 1;
    if (this.#taken === 0) this.#whenIdle();
  }

  /** Resolves when nobody has a turn or waits for one. */
  async idle(): Promise<void> {
    if (this.#taken > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
  }
}
