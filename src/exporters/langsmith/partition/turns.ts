import type { AbortSignalLike } from '../../../model/clock.ts';

/** Lets one at a time go on, in the order of asking. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves to what ends the turn. Sooner than its turn comes if `stopping` aborts: its end must be said all the same. */
  async take(stopping: AbortSignalLike): Promise<() => void> {
    const before = this.#last;
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#last = before.then(() => ended);
    await cameOrStopped(before, stopping);
    return end;
  }
}

function cameOrStopped(turn: Promise<unknown>, stopping: AbortSignalLike): Promise<void> {
  return new Promise((resolve) => {
    const goOn = (): void => {
      stopping.removeEventListener('abort', goOn);
      resolve();
    };
    stopping.addEventListener('abort', goOn, { once: true });
    if (stopping.aborted) goOn();
    else void turn.then(goOn);
  });
}
