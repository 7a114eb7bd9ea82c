/**
 * One partition while it is ours. Read this file first.
 *
 *   inbox ─► intake ─► assembler ─┬─► open batch ─► sealed batch (journal) ─► lane
 *                                 └─► waiting ─► parked (journal) ─┘
 *
 * A worker repeats one step, never two at a time: read entries, decide, then commit everything that the decisions led to as one change: sealed
 * batches with their index, parked drafts, dead letters, acknowledged entries. What is in memory only is always still in the inbox or in `park`, so
 * a crash before the commit costs nothing, and after it nothing is sealed twice: `index` and `park` say which drafts of an entry are settled.
 *
 * Stored, beside the inbox (keys; times have 15 digits):
 *   park   <trace>/<id>               a draft or log record that waits           due    <deadline>/<trace>/<id>        when it was appended
 *   batch  <batch id>                 a sealed batch: what is known of it        body   <batch id>                     its items and its bytes
 *   index  <trace>/<batch id>         its runs of this trace                     dead   <time>-<run id>…               a dead letter
 *   meta   attempt                    there while a life has not got through what it found: see `Attempt`
 *
 * If anything fails, the memory is dropped and built anew from the journal: that is the one way to recover, the same as after a crash. What makes
 * our own code fail again and again is found and set aside (`Attempt`).
 */
import { randomBytes } from 'node:crypto';
import type { Partition } from '../../../journal/journal.ts';
import { Fault } from '../../../model/fault.ts';
import type { PartitionDeps, PartitionOptions } from './options.ts';
import { PartitionLife } from './partition-life.ts';
import type { Ending } from './suspicion.ts';

const restartMsMin = 1_000;
const restartMsMax = 30_000;
/** So long a handover waits for answers that are on the way; what comes later the next owner asks for again. */
const lastAnswersMs = 500;

export class PartitionWorker {
  readonly #partition: Partition;
  readonly #options: PartitionOptions;
  readonly #deps: PartitionDeps;
  readonly #stopping = new AbortController();
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stopping.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  #life: PartitionLife | undefined;
  readonly #ended: Promise<void>;

  constructor(partition: Partition, options: PartitionOptions, deps: PartitionDeps) {
    this.#partition = partition;
    this.#options = options;
    this.#deps = deps;
    partition.onAppend((much) => this.#life?.appended(much));
    partition.lost.addEventListener('abort', () => this.#end(), { once: true });
    this.#ended = this.#run();
  }

  /** Sealed batches that are not settled. */
  get backlog(): { readonly batches: number; readonly bytes: number } {
    return this.#life?.backlog ?? { batches: 0, bytes: 0 };
  }

  /** How long the time of the first parked draft has been over. */
  get overdueMs(): number {
    return this.#life?.overdueMs ?? 0;
  }

  /** When the oldest draft was appended that waits, ms since the epoch; `Infinity` if none does. */
  get oldestWaitingMs(): number {
    return this.#life?.oldestWaitingMs ?? Number.POSITIVE_INFINITY;
  }

  /** Seals what is open and stops reading; batches stay with the lanes. */
  async flush(): Promise<void> {
    this.#end();
    await this.#ended;
  }

  /** Flushes and gives everything back: after this another replica may own the partition. */
  async release(): Promise<void> {
    await this.flush();
    const cancel = new AbortController();
    await Promise.race([this.#life?.close(), this.#deps.clock.sleep(lastAnswersMs, cancel.signal)]);
    cancel.abort();
  }

  #end(): void {
    this.#stopping.abort();
    this.#life?.wake();
  }

  async #run(): Promise<void> {
    let waitMs = restartMsMin;
    let ending: Ending = 'unknown';
    const { clock } = this.#deps;
    while (!this.#stopping.signal.aborted) {
      const life = new PartitionLife(this.#partition, this.#options, this.#deps, randomBytes(4).toString('hex'));
      this.#life = life;
      const beganAtMs = clock.now();
      try {
        await life.run(this.#stopping.signal, ending);
        if (this.#partition.lost.aborted) void life.close();
      } catch (error) {
        const closed = life.close();
        if (this.#partition.lost.aborted) return;
        ending = isOfJournal(error) ? 'journal' : 'code';
        this.#report(error);
        if (clock.now() - beganAtMs > restartMsMax) waitMs = restartMsMin;
        await clock.sleep(waitMs, this.#stopping.signal);
        waitMs = Math.min(waitMs * 2, restartMsMax);
        // The next life takes over what is on the way now: it must be known before how it ended.
        await Promise.race([closed, this.#stopped]);
      }
    }
  }

  #report(error: unknown): void {
    const { code, message } = Fault.of(error);
    const { exporter } = this.#options;
    const facts = { exporter, partition: this.#partition.id, code, reason: message };
    this.#deps.observer.degraded(
      `${exporter}/partition-${this.#partition.id}`,
      'A partition cannot go on; it begins anew from the journal.',
      facts,
    );
  }
}

/** The journal failed, not our code: what it holds is innocent. */
function isOfJournal(error: unknown): boolean {
  const { code } = Fault.of(error);
  return code.startsWith('GW_JOURNAL_') && code !== 'GW_JOURNAL_CORRUPT';
}
