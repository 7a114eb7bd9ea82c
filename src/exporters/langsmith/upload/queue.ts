import { Fifo } from './fifo.ts';
import type { Job } from './job.ts';

/**
 * What waits in a lane. Fresh batches go first in, first out. Those to try again go before them once they are due, but never two of them in
 * a row while fresh ones wait, so that a bisection or a batch that always fails holds up nobody.
 */
export class Queue {
  readonly #fresh = new Fifo<Job>();
  #again: Job[] = [];
  #lastWasAgain = false;

  get size(): number {
    return this.#fresh.size + this.#again.length;
  }

  add(job: Job): void {
    this.#fresh.push(job);
  }

  addAgain(job: Job): void {
    this.#again.push(job);
  }

  /** When the next one may be sent, ms since the epoch; infinite if there is none. */
  dueMs(): number {
    if (this.#fresh.size > 0) return 0;
    let dueMs = Number.POSITIVE_INFINITY;
    for (const job of this.#again) dueMs = Math.min(dueMs, job.dueMs);
    return dueMs;
  }

  take(nowMs: number): Job | undefined {
    const due = this.#lastWasAgain && this.#fresh.size > 0 ? -1 : this.#again.findIndex((job) => job.dueMs <= nowMs);
    this.#lastWasAgain = due >= 0;
    return due >= 0 ? this.#again.splice(due, 1)[0] : this.#fresh.shift();
  }

  /** Takes out and gives back what is not wanted. */
  remove(unwanted: (job: Job) => boolean): readonly Job[] {
    const removed = [...this].filter(unwanted);
    this.#fresh.retain((job) => !unwanted(job));
    this.#again = this.#again.filter((job) => !unwanted(job));
    return removed;
  }

  *[Symbol.iterator](): Generator<Job> {
    yield* this.#again;
    yield* this.#fresh;
  }
}
