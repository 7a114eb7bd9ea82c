import type { Outcome } from '../../../model/destination.ts';
import type { DeadReason } from '../../dead-letters/dead-letter.ts';
import { backoffMs, type RetryConfig } from '../../retry/backoff.ts';
import { type BatchContent, type SealedBatch, signalsIn, type WholeBatch } from '../sealed-batch.ts';
import { type CourierDeps, isRepeat } from './courier.ts';
import { lettersOf } from './dead-letters.ts';
import type { Job } from './job.ts';
import { type PersistDeps, persist } from './persist.ts';
import { halvesOf } from './split.ts';
import { isTaken, type TakenIdDeps } from './taken-id.ts';

export interface SettleDeps extends CourierDeps, PersistDeps, TakenIdDeps {
  readonly retry: RetryConfig;
}

/** What becomes of a job after a try. `done`: it is no longer ours, settled or lost. */
export type Next =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly dueMs: number }
  | { readonly kind: 'parts'; readonly parts: readonly WholeBatch[] };

const done: Next = { kind: 'done' };
/** So often the server may answer 500 to a batch while it takes others, before the batch is taken apart. */
const serverErrorsMax = 6;

/** Settles a batch by its outcome (langsmith-ingest §5.3). `othersDelivered`: how many batches the lane has delivered so far. */
export async function settle(job: Job, outcome: Outcome, content: BatchContent, othersDelivered: number, deps: SettleDeps): Promise<Next> {
  const { batch } = job;
  switch (outcome.kind) {
    case 'delivered':
      return deliver(job, content, outcome.status, deps);
    case 'duplicate':
      if (!isRepeat(outcome, job)) return halve(job, content, deps);
      if (!job.uncertain && (await isTaken(job, content, deps))) return bury(job, content, 'conflict', outcome, deps);
      return deliver(job, content, outcome.status, deps);
    case 'too_large':
      return batch.runs > 1 ? halve(job, content, deps) : bury(job, content, 'too_large', outcome, deps);
    case 'rejected':
      return batch.runs > 1 ? halve(job, content, deps) : bury(job, content, 'rejected', outcome, deps);
    case 'retry':
      return tryAgain(job, outcome, content, othersDelivered, deps);
    case 'refused':
    case 'no_multipart':
      return { kind: 'again', dueMs: 0 };
  }
}

/** A batch whose stored bytes cannot be read. */
export function giveUpDamaged({ batch, settlement }: Job, deps: SettleDeps): Promise<Next> {
  tellFailed(batch, 0, deps);
  return finish(() => settlement.damaged(batch), deps);
}

async function tryAgain(
  job: Job,
  outcome: Extract<Outcome, { kind: 'retry' }>,
  content: BatchContent,
  othersDelivered: number,
  deps: SettleDeps,
): Promise<Next> {
  const nowMs = deps.clock.now();
  if (job.failures === 0) job.firstFailedAtMs = nowMs;
  job.failures += 1;
  job.uncertain ||= mayBeStored(outcome);
  const { maxElapsedMs } = deps.retry;
  if (maxElapsedMs > 0 && nowMs - job.firstFailedAtMs >= maxElapsedMs) return bury(job, content, 'expired', outcome, deps);
  if (outcome.status !== 500) job.serverErrors = 0;
  else if (job.serverErrors++ === 0) job.deliveredBefore = othersDelivered;
  // A run on which the server breaks is a poisoned run, too, only that its answer does not say so.
  if (job.serverErrors >= serverErrorsMax && othersDelivered > job.deliveredBefore && job.batch.runs > 1) return halve(job, content, deps);
  return { kind: 'again', dueMs: nowMs + Math.max(outcome.retryAfterMs ?? 0, backoffMs(deps.retry, job.failures, deps.random)) };
}

const neverArrived = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function mayBeStored(outcome: Extract<Outcome, { kind: 'retry' }>): boolean {
  return outcome.status !== 429 && !(outcome.status === 0 && neverArrived.has(outcome.text));
}

async function halve(job: Job, content: BatchContent, deps: SettleDeps): Promise<Next> {
  const parts = await halvesOf(job.batch, content.items, await deps.courier.unpack(job.batch, content), deps.compressor);
  const held = await persist(() => job.settlement.split(job.batch, parts), deps);
  return held ? { kind: 'parts', parts } : done;
}

async function deliver({ batch, settlement }: Job, { items }: BatchContent, status: number, deps: SettleDeps): Promise<Next> {
  const held = await persist(() => settlement.delivered(batch), deps);
  if (held) deps.observer.runsSettled?.(deps.id, batch.id, items, status, '');
  return done;
}

async function bury(
  job: Job,
  content: BatchContent,
  reason: DeadReason,
  answer: { readonly status: number; readonly text: string },
  deps: SettleDeps,
): Promise<Next> {
  const { batch, settlement } = job;
  const verdict = { reason, status: answer.status, serverText: answer.text, at: deps.clock.now() };
  const letters = lettersOf(batch, content.items, await deps.courier.unpack(batch, content), verdict);
  tellFailed(batch, answer.status, deps);
  const held = await persist(() => settlement.dead(batch, letters), deps);
  if (held) deps.observer.runsSettled?.(deps.id, batch.id, content.items, answer.status, reason);
  return done;
}

function tellFailed(batch: SealedBatch, status: number, { id, observer }: SettleDeps): void {
  for (const [items, signal] of signalsIn(batch)) observer.sendFailed(id, items, status, signal);
}

async function finish(step: () => Promise<void>, deps: PersistDeps): Promise<Next> {
  await persist(step, deps);
  return done;
}
