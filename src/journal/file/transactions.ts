/**
 * Group commit: the steps that come until a transaction begins share it, and so one sync; those that come while it is synced share the next one.
 *
 *   waiting ──► in a transaction ──committed──► resolved with the step's result, or rejected with the fault it threw
 *      ▲              └──failed, others were in it──► once more, alone (a step that frees room must not fail with one that needs it)
 *      │              └──failed, it was alone──► rejected, GW_JOURNAL_UNAVAILABLE
 *      └ the write lock is not to be had in time ──► rejected, GW_JOURNAL_LOCKED; it will not run
 *
 * A transaction costs much the same however little is in it, and who comes meanwhile waits for it. So a step that no client waits for does not begin one
 * at once while others come that do: for a moment it waits for one of theirs. Steps keep their order, whether they can wait or not.
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

/** What a step says that writes a record or two. */
export const smallStepBytes = 1_024;
/** A transaction keeps what it wrote in memory until it is synced. */
const transactionBytesMax = 8 * 2 ** 20;
/** So long a step waits for the transaction of another: a few times what those of a busy gateway are apart. */
const patienceMs = 20;
/** It does so only this long after a step that could not wait. Where none comes, none is waited for. */
const companyMs = 200;
/** So many bytes do not wait: they are held in memory until they are written. */
const patientBytesMax = 2 ** 20;

export class Transactions {
  readonly #environment: RootDatabase;
  readonly #lockWaitMs: number;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;
  /** A transaction is to begin for what waits. */
  #due = false;
  #patience: NodeJS.Timeout | undefined;
  /** When a step came last that could not wait. */
  #hurriedAtMs = Number.NEGATIVE_INFINITY;
  #locked = false;

  constructor(environment: RootDatabase, lockWaitMs: number) {
    this.#environment = environment;
    this.#lockWaitMs = lockWaitMs;
  }

  /** For a step that somebody waits for. `bytes`: roughly what it will write. */
  run<Result>(bytes: number, step: Step<Result>): Promise<Result> {
    this.#hurriedAtMs = performance.now();
    return this.#add(bytes, step, true);
  }

  /** For a step that can wait a moment for one that cannot. */
  join<Result>(bytes: number, step: Step<Result>): Promise<Result> {
    const alone = performance.now() - this.#hurriedAtMs > companyMs;
    return this.#add(bytes, step, alone || this.#waitingBytes + bytes > patientBytesMax);
  }

  /** Somebody waits for what has joined. */
  hurry(): void {
    this.#hurriedAtMs = performance.now();
    if (this.#waiting.length > 0) this.#go();
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    if (this.#waiting.length > 0) this.#go();
    while (this.#running) await this.#running;
  }

  #add<Result>(bytes: number, step: Step<Result>, atOnce: boolean): Promise<Result> {
    if (this.#locked) return Promise.reject(this.#lockedFault());
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ step, bytes, resolve, reject, settle: () => {} });
      this.#waitingBytes += bytes;
      if (atOnce) this.#go();
      else if (!this.#due) this.#patience ??= setTimeout(() => this.#go(), patienceMs);
    });
  }

  #go(): void {
    this.#due = true;
    this.#running ??= this.#drain();
  }

  async #drain(): Promise<void> {
    while (this.#due) await this.#attempt();
    this.#running = undefined;
  }

  /** What waits when the transaction begins, in order, as far as there is room for it. */
  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: more } of this.#waiting) {
      if (count > 0 && bytes + more > transactionBytesMax) break;
      bytes += more;
      count++;
    }
    this.#waitingBytes -= bytes;
    this.#due = count < this.#waiting.length;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    return this.#waiting.splice(0, count);
  }

  /** `alone`: this one only, in place of what waits. */
  async #attempt(alone?: Waiting): Promise<void> {
    const { batch, problem } = await this.#commit(() => (alone ? [alone] : this.#take()));
    if (problem === undefined) for (const waiting of batch) waiting.settle();
    else if (batch.length > 1) for (const waiting of batch) await this.#attempt(waiting);
    else for (const { reject } of batch) reject(problem);
  }

  /** `take` is called when the transaction begins: what comes until then goes along. */
  async #commit(take: () => Waiting[]): Promise<{ readonly batch: readonly Waiting[]; readonly problem?: Fault }> {
    let batch: readonly Waiting[] | undefined;
    const timer = setTimeout(() => {
      this.#locked = true;
      const fault = this.#lockedFault();
      for (batch = take(); batch.length > 0; batch = this.#take()) for (const { reject } of batch) reject(fault);
    }, this.#lockWaitMs);
    try {
      await this.#environment.transaction(() => {
        clearTimeout(timer);
        this.#locked = false;
        for (const waiting of (batch ??= take())) perform(waiting);
      });
      return { batch: batch ?? [] };
    } catch (error) {
      return { batch: batch ?? take(), problem: unavailable('write', await reasonOf(error)) };
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
