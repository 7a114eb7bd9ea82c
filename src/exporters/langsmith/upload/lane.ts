import type { Outcome } from '../../../model/destination.ts';
import { Fault } from '../../../model/fault.ts';
import { free } from '../../../model/free.ts';
import { backoffMs } from '../../retry/backoff.ts';
import type { BatchContent, SealedBatch } from '../sealed-batch.ts';
import { Alarm } from './alarm.ts';
import type { BodyBudget } from './body-budget.ts';
import type { Gate } from './gate.ts';
import { type Job, newJob } from './job.ts';
import type { LaneHealth } from './lane-health.ts';
import type { Pace } from './pace.ts';
import { persist } from './persist.ts';
import { Queue } from './queue.ts';
import { giveUpDamaged, type Next, type SettleDeps, settle } from './settle.ts';

export interface LaneDeps extends SettleDeps {
  readonly gate: Gate;
  readonly budget: BodyBudget;
  readonly pace: Pace;
  readonly health: LaneHealth;
  /** Called after each try, when the lane has gone on as far as it can. */
  readonly rested: () => void;
}

/**
 * All batches of one destination.
 *
 *   offer ─► queue ─► under way ─► settled: gone
 *              ▲          ├──────► to try again, or taken apart
 *              └──────────┘
 *
 * The pace says how many may be under way and from when on; the gate bounds all lanes together.
 */
export class Lane {
  readonly #deps: LaneDeps;
  readonly #queue = new Queue();
  readonly #underWay = new Map<Job, Promise<void>>();
  readonly #alarm: Alarm;
  readonly #pump = (): void => this.pump();
  #delivered = 0;

  constructor(deps: LaneDeps) {
    this.#deps = deps;
    this.#alarm = new Alarm(deps.clock, this.#pump);
  }

  /** Something is under way, or could be at once. */
  get busy(): boolean {
    return this.#underWay.size > 0 || Math.max(this.#deps.pace.opensAtMs, this.#queue.dueMs()) <= this.#deps.clock.now();
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  get empty(): boolean {
    return this.#underWay.size === 0 && this.#queue.size === 0;
  }

  *batches(): Generator<SealedBatch> {
    for (const job of this.#underWay.keys()) yield job.batch;
    for (const job of this.#queue) yield job.batch;
  }

  offer(job: Job): void {
    this.#deps.budget.hold(job);
    this.#queue.add(job);
  }

  /** Resolves when nothing of the partition is under way any more. */
  async forget(partition: number): Promise<void> {
    for (const job of this.#queue.remove((job) => job.batch.partition === partition)) this.#deps.budget.release(job);
    const ends: Promise<void>[] = [];
    for (const [job, end] of this.#underWay) {
      if (job.batch.partition !== partition) continue;
      job.forgotten = true;
      ends.push(end);
    }
    this.#deps.rested();
    await Promise.all(ends);
  }

  /** Starts what may start now, and sets the alarm for the rest. */
  pump(): void {
    const { pace, gate, clock, stop } = this.#deps;
    while (!stop.aborted && this.#underWay.size < pace.limit) {
      const nowMs = clock.now();
      const readyMs = Math.max(pace.opensAtMs, this.#queue.dueMs());
      if (readyMs > nowMs) {
        if (readyMs < Number.POSITIVE_INFINITY) this.#alarm.set(readyMs);
        break;
      }
      if (!gate.open(this.#pump)) break;
      const job = this.#queue.take(nowMs) as Job;
      gate.enter(job.batch.uncompressedBytes);
      this.#underWay.set(job, this.#run(job));
    }
  }

  close(): void {
    this.#alarm.clear();
    this.#deps.health.close();
  }

  async #run(job: Job): Promise<void> {
    const next = await this.#try(job).catch((error: unknown) => this.#failed(job, error));
    this.#underWay.delete(job);
    this.#place(job, next);
    this.#deps.gate.leave(job.batch.uncompressedBytes);
    this.pump();
    this.#deps.rested();
  }

  async #try(job: Job): Promise<Next> {
    const { courier, endpoint, stop } = this.#deps;
    const destination = this.#deps.destination();
    if (!destination) {
      this.#note({ kind: 'refused', status: 0, text: 'the API key of this destination is not known here; runs are kept until it is' });
      return { kind: 'again', dueMs: 0 };
    }
    const content = await this.#contentOf(job);
    if (content === 'lost') return { kind: 'done' };
    if (content === 'damaged') return giveUpDamaged(job, this.#deps);
    const outcome = await courier.send(job, content, endpoint, destination);
    // The answer may have been cut off by our own stop: that says nothing of the server.
    if (stop.aborted && outcome.kind === 'retry') return { kind: 'again', dueMs: 0 };
    this.#note(outcome);
    if (outcome.kind === 'delivered') this.#delivered += 1;
    const next = await settle(job, outcome, content, this.#delivered, this.#deps);
    if (next.kind === 'done' && endpoint.client.sentAll) free(content.body);
    return next;
  }

  #note(outcome: Outcome): void {
    const { pace, health, clock } = this.#deps;
    pace.note(outcome, clock.now());
    health.note(outcome, pace.failing);
  }

  async #contentOf({ batch, settlement, content }: Job): Promise<BatchContent | 'lost' | 'damaged'> {
    if (content !== undefined) return content;
    try {
      const held = await persist(() => settlement.load(batch), this.#deps);
      return held ? held.value : 'lost';
    } catch {
      return 'damaged';
    }
  }

  /** A try that broke off for a reason of our own, for example because the compressor's thread died. The batch is kept. */
  #failed(job: Job, error: unknown): Next {
    const { observer, clock, retry, random, id } = this.#deps;
    job.failures += 1;
    observer.log('error', 'A batch could not be prepared; it is kept and tried again', {
      exporter: id,
      batch: job.batch.id,
      code: Fault.of(error).code,
    });
    return { kind: 'again', dueMs: clock.now() + backoffMs(retry, job.failures, random) };
  }

  #place(job: Job, next: Next): void {
    const { budget } = this.#deps;
    if (next.kind === 'again' && !job.forgotten) {
      job.dueMs = next.dueMs;
      this.#queue.addAgain(job);
      return;
    }
    budget.release(job);
    if (next.kind !== 'parts' || job.forgotten) return;
    for (const { batch, content } of next.parts) {
      const part = newJob(batch, job.settlement, content);
      budget.hold(part);
      this.#queue.addAgain(part);
    }
  }
}
