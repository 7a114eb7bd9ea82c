import type { Change, Partition } from '../../journal/journal.ts';
import type { Clock } from '../../model/clock.ts';
import { Fault } from '../../model/fault.ts';
import type { Observer } from '../../model/observer.ts';
import { backoffMs } from '../retry/backoff.ts';

interface Waiting {
  readonly change: Change;
  readonly done: (committed: boolean) => void;
}

const changesMax = 256;
const pauses = { initialIntervalMs: 200, multiplier: 2, maxIntervalMs: 10_000, randomizationFactor: 0, maxElapsedMs: 0 };

/** Commits changes of a partition one after the other, those that come meanwhile together as one: many small requests cost few synced writes. */
export class Committer {
  readonly #partition: Partition;
  readonly #deps: { readonly id: string; readonly clock: Clock; readonly observer: Observer };
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(partition: Partition, deps: { readonly id: string; readonly clock: Clock; readonly observer: Observer }) {
    this.#partition = partition;
    this.#deps = deps;
  }

  /** Tried until it is done; resolves with `false` if the partition is not ours any more. */
  commit(change: Change): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.push({ change, done: resolve });
      if (!this.#busy) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0, changesMax);
      const committed = await this.#commit({
        acknowledge: together.flatMap(({ change }) => change.acknowledge ?? []),
        put: together.flatMap(({ change }) => change.put ?? []),
        delete: together.flatMap(({ change }) => change.delete ?? []),
      });
      for (const { done } of together) done(committed);
    }
    this.#busy = false;
  }

  async #commit(change: Change): Promise<boolean> {
    const { id, clock, observer } = this.#deps;
    for (let failures = 1; !this.#partition.lost.aborted; failures += 1) {
      try {
        await this.#partition.commit(change);
        return true;
      } catch (error) {
        const { code } = Fault.of(error);
        if (code === 'GW_JOURNAL_FENCED') return false;
        observer.log('warn', 'The journal does not take a step of an export; it is tried again', { exporter: id, code, failures });
        await clock.sleep(
          backoffMs(pauses, failures, () => 0),
          this.#partition.lost,
        );
      }
    }
    return false;
  }
}
