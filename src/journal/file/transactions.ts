/**
 * Group commit: the steps that come while a transaction is being synced share the next one, and so one sync.
 *
 *   waiting ──► in a transaction ──committed──► resolved with the step's result, or rejected with the fault it threw
 *      ▲              └──failed, others were in it──► once more, alone (a step that frees room must not fail with one that needs it)
 *      │              └──failed, it was alone──► rejected, GW_JOURNAL_UNAVAILABLE
 *      └ the write lock is not to be had in time ──► rejected, GW_JOURNAL_LOCKED; it will not run
 *
 * LMDB has one write lock for all processes. It waits for it and syncs on another thread; only the steps themselves run on this one.
 */
import type { RootDatabase } from 'lmdb';
import { Fault } from '../../model/fault.ts';
import { unavailable } from './unavailable.ts';

/** Runs inside a write transaction. It must make all its checks, and throw what they find, before its first write. */
type Step<Result> = () => Result;

interface Waiting {
  readonly step: Step<unknown>;
  readonly bytes: number;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
  settle: () => void;
}

/** A transaction keeps what it wrote in memory until it is synced. */
const transactionBytesMax = 8 * 2 ** 20;

export class Transactions {
  readonly #environment: RootDatabase;
  readonly #lockWaitMs: number;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #locked = false;

  constructor(environment: RootDatabase, lockWaitMs: number) {
    this.#environment = environment;
    this.#lockWaitMs = lockWaitMs;
  }

  /** `bytes`: roughly what the step will write. */
  run<Result>(bytes: number, step: Step<Result>): Promise<Result> {
    if (this.#locked) return Promise.reject(this.#lockedFault());
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ step, bytes, resolve, reject, settle: () => {} });
      this.#running ??= this.#drain();
    });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#attempt(this.#take());
    this.#running = undefined;
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: more } of this.#waiting) {
      if (count > 0 && bytes + more > transactionBytesMax) break;
      bytes += more;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #attempt(batch: readonly Waiting[]): Promise<void> {
    const problem = await this.#commit(batch);
    if (problem === undefined) for (const waiting of batch) waiting.settle();
    else if (batch.length > 1) for (const waiting of batch) await this.#attempt([waiting]);
    else for (const { reject } of batch) reject(problem);
  }

  async #commit(batch: readonly Waiting[]): Promise<unknown> {
    let given = false;
    const timer = setTimeout(() => {
      this.#locked = true;
      given = true;
      const fault = this.#lockedFault();
      for (const { reject } of [...batch, ...this.#waiting.splice(0)]) reject(fault);
    }, this.#lockWaitMs);
    try {
      await this.#environment.transaction(() => {
        clearTimeout(timer);
        this.#locked = false;
        if (!given) for (const waiting of batch) perform(waiting);
      });
      return undefined;
    } catch (error) {
      return unavailable('write', await reasonOf(error));
    } finally {
      clearTimeout(timer);
      this.#locked = false;
    }
  }

  #lockedFault(): Fault {
    return new Fault('GW_JOURNAL_LOCKED', 'cannot write to the journal: another process holds its write lock and does not go on', {
      hint: 'look for a stopped (SIGSTOP) or hanging Spanway process with the same directory',
      retryAfterMs: 1_000,
    });
  }
}

function perform(waiting: Waiting): void {
  try {
    const result = waiting.step();
    waiting.settle = () => waiting.resolve(result as never);
  } catch (error) {
    waiting.settle = () => waiting.reject(error);
    if (!(error instanceof Fault)) throw error;
  }
}

/** lmdb says why a commit failed in a second promise beside the error. */
async function reasonOf(error: unknown): Promise<unknown> {
  const commitError = (error as { commitError?: Promise<unknown> }).commitError;
  return commitError
    ? commitError.then(
        () => error,
        (reason: unknown) => reason,
      )
    : error;
}
