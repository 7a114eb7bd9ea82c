/** One pipeline: processors in order, then everybody behind them. What goes in and out of each processor is counted here, not in the processors. */

import { unjournaled } from '../journal/unjournaled.ts';
import { type Batch, itemCount } from '../model/batch.ts';
import type { Consume, Processor } from '../model/component.ts';
import { Fault } from '../model/fault.ts';
import type { Observer } from '../model/observer.ts';
import type { Receipt } from '../model/receipt.ts';

export interface NamedProcessor {
  readonly id: string;
  readonly processor: Processor;
}

/** Somebody behind a pipeline: an exporter, or through a connector other pipelines. */
export interface Consumer {
  readonly consume: Consume;
  /** It may change the batch: beside others it gets a copy of its own. */
  readonly mutates: boolean;
}

export function pipeline(processors: readonly NamedProcessor[], consumers: readonly Consumer[], observer: Observer): Consumer {
  const next = fanOut(consumers);
  if (processors.length === 0) return next;
  const consume: Consume = async (batch) => {
    let current = batch;
    let count = itemCount(current);
    for (const { id, processor } of processors) {
      const signal = current.signal;
      const startedAt = performance.now();
      current = passed(id, processor, current, count, observer);
      const ms = performance.now() - startedAt;
      const left = itemCount(current);
      observer.processed(id, signal, count, left, processor.drops, ms);
      count = left;
      if (left === 0 && !tellsOfLeftOut(current)) return unjournaled(0);
    }
    return await next.consume(current);
  };
  return { consume, mutates: next.mutates || processors.some(({ processor }) => processor.mutates) };
}

/** Children of what was left out may be somewhere else, so an exporter must hear of it even if nothing else is left. */
function tellsOfLeftOut(batch: Batch): boolean {
  return batch.signal === 'traces' && batch.leftOut !== undefined;
}

/** What a processor makes of a batch; that it refuses one is told. */
function passed(id: string, processor: Processor, batch: Batch, items: number, observer: Observer): Batch {
  try {
    return processor.process(batch);
  } catch (error) {
    observer.processorRefused(id, batch.signal, items);
    throw error;
  }
}

/** Hands a batch to all of them. It is held when each of them holds it; the receipt is the weakest one. */
export function fanOut(consumers: readonly Consumer[]): Consumer {
  const [only] = consumers;
  if (only && consumers.length === 1) return only;
  return {
    mutates: false,
    consume: async (batch) => {
      const copies = consumers.map(({ mutates }) => (mutates ? batch.clone() : batch));
      const ends = await Promise.allSettled(consumers.map(({ consume }, index) => consume(copies[index] as Batch)));
      const faults = ends.flatMap((end) => (end.status === 'rejected' ? [Fault.of(end.reason)] : []));
      // If a retry can help one of them, the sender should retry: those that hold the data already recognise it.
      const fault = faults.find(({ kind }) => kind === 'busy' || kind === 'unavailable') ?? faults[0];
      if (fault) throw fault;
      return weakest(ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])));
    },
  };
}

const strength = { none: 0, memory: 1, redis: 2, disk: 3, redis_fsync: 3, redis_replica: 4 } as const;

function weakest(receipts: readonly Receipt[]): Receipt {
  let result: Receipt | undefined;
  for (const receipt of receipts) if (!result || strength[receipt.durability] < strength[result.durability]) result = receipt;
  return result ?? unjournaled(0);
}
