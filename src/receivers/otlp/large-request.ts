/**
 * A large request goes on in parts, so that it holds up nobody: each part has a turn of the event loop of its own, and turns are given in the order of
 * asking, over all requests. Pipelines are synchronous, so a part is what they do without a break; some milliseconds, with redaction.
 */
import type { Batch } from '../../model/batch.ts';
import type { Consume } from '../../model/component.ts';
import type { Receipt } from '../../model/receipt.ts';
import { partsOf } from './parts.ts';

const partBytes = 2 ** 20;
const partItemsMax = 1_024;
/** Under way at a time: enough to be synced together, few enough to hold little memory. */
const partsAtOnce = 8;

/** Of parts that wait, one may start in each turn of the event loop. */
class Turns {
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

export class LargeRequests {
  readonly #turns = new Turns();

  /**
   * Hands copies of the parts of `batch`, which came as a body of `bytes`, on to `consume`. Resolves when all of it is held, with the last receipt. Rejects with the first fault,
   * when nothing of it is under way any more; what is held by then stays, and is recognised when the sender sends the whole again.
   */
  async consume(batch: Batch, items: number, bytes: number, consume: Consume): Promise<Receipt> {
    const itemsMax = Math.min(partItemsMax, Math.max(1, Math.floor((items * partBytes) / bytes)));
    if (items <= itemsMax) return consume(batch);
    const goOn = async (part: Batch): Promise<Receipt> => {
      await this.#turns.next();
      return consume(part.clone());
    };
    const parts = partsOf(batch, itemsMax);
    let receipt: Receipt | undefined;
    for (let from = 0; from < parts.length; from += partsAtOnce) {
      for (const end of await Promise.allSettled(parts.slice(from, from + partsAtOnce).map(goOn))) {
        if (end.status === 'rejected') throw end.reason;
        receipt = end.value;
      }
    }
    return receipt as Receipt;
  }
}
