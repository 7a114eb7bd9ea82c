/** An owner that only remembers, and the clock and the waiting that its tests need. */
import type { Owner, Partition } from '../../src/journal/journal.ts';
import { systemClock } from '../../src/journal/system-clock.ts';
import type { AbortSignalLike, Clock } from '../../src/model/clock.ts';

export class Owned implements Owner {
  /** Those held now. */
  readonly partitions = new Map<number, Partition>();
  /** Those ever handed over in a planned way. */
  readonly handedOver = new Set<number>();

  acquired(partition: Partition): void {
    this.partitions.set(partition.id, partition);
    partition.lost.addEventListener('abort', () => this.#forget(partition), { once: true });
  }

  async released(partition: Partition): Promise<void> {
    this.handedOver.add(partition.id);
  }

  partition(id: number): Partition {
    const partition = this.partitions.get(id);
    if (!partition) throw new Error(`partition ${id} is not owned`);
    return partition;
  }

  #forget(partition: Partition): void {
    if (this.partitions.get(partition.id) === partition) this.partitions.delete(partition.id);
  }
}

/** The machine's time; while it is paused, nobody who sleeps by it wakes up: to others its replica looks stopped. */
export class PausableClock implements Clock {
  #resumed: Promise<void> = Promise.resolve();
  #resume: () => void = () => {};

  now(): number {
    return Date.now();
  }

  async sleep(ms: number, signal?: AbortSignalLike): Promise<void> {
    await systemClock.sleep(ms, signal);
    if (!signal?.aborted) await this.#resumed;
  }

  pause(): void {
    this.#resumed = new Promise((resolve) => (this.#resume = resolve));
  }

  resume(): void {
    this.#resume();
  }
}

/** Resolves when the condition holds; the test's own time limit ends the waiting. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
