/**
 * A large request is decoded in steps and goes on in parts, so that it holds up nobody: each step and each part has a turn of the event loop of its own, and
 * turns are given in the order of asking, over all requests. Nothing goes on before all of it is decoded, so a request with a bad end is refused as a whole.
 * Pipelines are synchronous, so a part is what they do without a break; some milliseconds, with redaction.
 */
import type { Batch } from '../../model/batch.ts';
import type { Consume } from '../../model/component.ts';
import { LoopTurns } from '../../model/loop-turns.ts';
import type { Receipt } from '../../model/receipt.ts';
import { finished, type Steps } from '../../otlp/otlp.ts';
import { partsOf } from './parts.ts';

/** Larger ones have steps and parts. */
const smallBytesMax = 2 ** 20;
const stepBytes = 512 * 1_024;
const partBytes = 256 * 1_024;
const partItemsMax = 1_024;
/** Under way at a time: enough to be synced together, few enough to hold little memory. */
const partsAtOnce = 16;

export class LargeRequests {
  readonly #turns = new LoopTurns();

  /** Decodes a body of `bytes`: `decode` is told how much of it to walk in one step. */
  decode<Result>(bytes: number, decode: (stepBytes: number) => Steps<Result>): Result | Promise<Result> {
    return bytes > smallBytesMax ? this.#inTurns(decode(stepBytes)) : finished(decode(Infinity));
  }

  async #inTurns<Result>(steps: Steps<Result>): Promise<Result> {
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      await this.#turns.next();
    }
  }

  /**
   * Hands copies of the parts of `batch`, which came as a body of `bytes`, on to `consume`. Resolves when all of it is held, with the last receipt. Rejects with the first fault,
   * when nothing of it is under way any more; what is held by then stays, and is recognised when the sender sends the whole again.
   */
  consume(batch: Batch, items: number, bytes: number, consume: Consume): Promise<Receipt> {
    const share = bytes > smallBytesMax ? Math.floor((items * partBytes) / bytes) : items;
    const itemsMax = Math.min(partItemsMax, Math.max(1, share));
    return items > itemsMax ? this.#inParts(partsOf(batch, itemsMax), consume) : consume(batch);
  }

  async #inParts(parts: readonly Batch[], consume: Consume): Promise<Receipt> {
    const goOn = async (part: Batch): Promise<Receipt> => {
      await this.#turns.next();
      return consume(part.clone());
    };
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
