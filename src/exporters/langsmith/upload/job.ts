import type { BatchContent, SealedBatch, Settlement } from '../sealed-batch.ts';

/**
 * A batch on its way. It waits (fresh, or again from `dueMs` on), is under way, and is gone once its settlement is committed; where it stands
 * is the lane's to know. Nothing of this is stored: after a restart the journal offers the batch anew.
 */
export interface Job {
  readonly batch: SealedBatch;
  readonly settlement: Settlement;
  /** `undefined`: it is read back from the journal for each try. */
  content: BatchContent | undefined;
  /** Not before that, ms since the epoch. */
  dueMs: number;
  failures: number;
  firstFailedAtMs: number;
  /** An earlier try may have been stored although no good answer came: a 409 then means delivered. */
  uncertain: boolean;
  /** Answers with 500 in a row, and how many other batches the lane had delivered when they began. */
  serverErrors: number;
  deliveredBefore: number;
  /** Its partition belongs to somebody else now. */
  forgotten: boolean;
}

export function newJob(batch: SealedBatch, settlement: Settlement, content: BatchContent | undefined): Job {
  return {
    batch,
    settlement,
    content,
    dueMs: 0,
    failures: 0,
    firstFailedAtMs: 0,
    uncertain: false,
    serverErrors: 0,
    deliveredBefore: 0,
    forgotten: false,
  };
}
