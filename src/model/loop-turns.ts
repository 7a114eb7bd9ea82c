declare const setImmediate: (callback: () => void) => unknown;

/**
 * Turns of the event loop, for work that takes milliseconds: of those who wait one goes on in each turn, in the order of asking, so that whoever sends or
 * waits for an answer comes in between.
 */
export class LoopTurns {
  readonly #waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(() => this.#give());
    });
  }

  #give(): void {
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(() => this.#give());
  }
}
