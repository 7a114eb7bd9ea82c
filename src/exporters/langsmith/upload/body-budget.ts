import type { Job } from './job.ts';

/** An item's ids and ranges, as objects in memory. */
const itemBytes = 200;

/** Contents of waiting batches that may stay in memory, over all lanes. Beyond it they are dropped and read back from the journal. */
export class BodyBudget {
  readonly #bytesMax: number;
  readonly #held = new Map<Job, number>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Keeps the job's content if there is room, else drops it. */
  hold(job: Job): void {
    if (job.content === undefined || this.#held.has(job)) return;
    const size = job.content.body.length + job.content.items.length * itemBytes;
    if (this.#bytes + size > this.#bytesMax) {
      job.content = undefined;
      return;
    }
    this.#held.set(job, size);
    this.#bytes += size;
  }

  release(job: Job): void {
    this.#bytes -= this.#held.get(job) ?? 0;
    this.#held.delete(job);
    job.content = undefined;
  }
}
