import type { Bytes } from '../../../model/bytes.ts';
import type { Outcome } from '../../../model/destination.ts';
import { type DeadReason, type SealedBatch, spansIn } from '../sealed-batch.ts';
import { backoffMs, type RetryConfig } from './backoff.ts';
import { type Courier, type CourierDeps, isRepeat } from './courier.ts';
import { lettersOf } from './dead-letters.ts';
import type { Job } from './job.ts';
import { type PersistDeps, persist } from './persist.ts';
import { halvesOf } from './split.ts';

export interface SettleDeps extends CourierDeps, PersistDeps {
  readonly courier: Courier;
  readonly retry: RetryConfig;
}

/** What becomes of a job after a try. `done`: it is no longer ours, settled or lost. */
export type Next =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly dueMs: number }
  | { readonly kind: 'parts'; readonly parts: readonly SealedBatch[] };

const done: Next = { kind: 'done' };
/** So often the server may answer 500 to a batch while it takes others, before the batch is taken apart. */
const serverErrorsMax = 6;

/** Settles a batch by its outcome (langsmith-ingest §5.3). `othersDelivered`: how many batches the lane has delivered so far. */
export async function settle(job: Job, outcome: Outcome, body: Bytes, othersDelivered: number, deps: SettleDeps): Promise<Next> {
  const { batch, settlement } = job;
  switch (outcome.kind) {
    case 'delivered':
      return finish(() => settlement.delivered(batch), deps);
    case 'duplicate':
      return isRepeat(outcome, job) ? finish(() => settlement.delivered(batch), deps) : halve(job, body, deps);
    case 'too_large':
      return batch.items.length > 1 ? halve(job, body, deps) : bury(job, body, 'too_large', outcome, deps);
    case 'rejected':
      return batch.items.length > 1 ? halve(job, body, deps) : bury(job, body, 'rejected', outcome, deps);
    case 'retry':
      return tryAgain(job, outcome, body, othersDelivered, deps);
    case 'refused':
    case 'no_multipart':
      return { kind: 'again', dueMs: 0 };
  }
}

/** A batch whose stored bytes cannot be read: only their place is known. */
export function buryDamaged(job: Job, deps: SettleDeps): Promise<Next> {
  return bury(job, undefined, 'corrupt', { status: 0, text: '' }, deps);
}

async function tryAgain(
  job: Job,
  outcome: Extract<Outcome, { kind: 'retry' }>,
  body: Bytes,
  othersDelivered: number,
  deps: SettleDeps,
): Promise<Next> {
  const nowMs = deps.clock.now();
  if (job.failures === 0) job.firstFailedAtMs = nowMs;
  job.failures += 1;
  job.uncertain ||= mayBeStored(outcome);
  const { maxElapsedMs } = deps.retry;
  if (maxElapsedMs > 0 && nowMs - job.firstFailedAtMs >= maxElapsedMs) return bury(job, body, 'expired', outcome, deps);
  if (outcome.status !== 500) job.serverErrors = 0;
  else if (job.serverErrors++ === 0) job.deliveredBefore = othersDelivered;
  // A run on which the server breaks is a poisoned run, too, only that its answer does not say so.
  if (job.serverErrors >= serverErrorsMax && othersDelivered > job.deliveredBefore && job.batch.items.length > 1)
    return halve(job, body, deps);
  return { kind: 'again', dueMs: nowMs + Math.max(outcome.retryAfterMs ?? 0, backoffMs(deps.retry, job.failures, deps.random)) };
}

const neverArrived = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function mayBeStored(outcome: Extract<Outcome, { kind: 'retry' }>): boolean {
  return outcome.status !== 429 && !(outcome.status === 0 && neverArrived.has(outcome.text));
}

async function halve(job: Job, body: Bytes, deps: SettleDeps): Promise<Next> {
  const parts = await halvesOf(job.batch, await deps.courier.unpack(job.batch, body), deps.compressor);
  const held = await persist(() => job.settlement.split(job.batch, parts), deps);
  return held ? { kind: 'parts', parts } : done;
}

async function bury(
  job: Job,
  body: Bytes | undefined,
  reason: DeadReason,
  answer: { readonly status: number; readonly text: string },
  deps: SettleDeps,
): Promise<Next> {
  const { batch, settlement } = job;
  const uncompressed = body === undefined ? undefined : await deps.courier.unpack(batch, body);
  const letters = lettersOf(batch, uncompressed, { reason, status: answer.status, serverText: answer.text, at: deps.clock.now() });
  deps.observer.sendFailed(deps.id, spansIn(batch), answer.status);
  return finish(() => settlement.dead(batch, letters), deps);
}

async function finish(step: () => Promise<void>, deps: PersistDeps): Promise<Next> {
  await persist(step, deps);
  return done;
}
