import type { SealedBatch } from '../sealed-batch.ts';

/** Bodies of waiting batches that may stay in memory, over all lanes. Beyond it they are dropped and read back from the journal. */
export class BodyBudget {
  readonly #bytesMax: number;
  readonly #held = new Map<SealedBatch, number>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Keeps the batch's body if there is room, else drops it. */
  hold(batch: SealedBatch): void {
    if (batch.body === undefined || this.#held.has(batch)) return;
    if (this.#bytes + batch.body.length > this.#bytesMax) {
      batch.body = undefined;
      return;
    }
    this.#held.set(batch, batch.body.length);
    this.#bytes += batch.body.length;
  }

  release(batch: SealedBatch): void {
    this.#bytes -= this.#held.get(batch) ?? 0;
    this.#held.delete(batch);
    batch.body = undefined;
  }
}
