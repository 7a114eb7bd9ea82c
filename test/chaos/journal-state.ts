import { journalKeys } from '../../src/journal/redis/layout.ts';
import type { RedisServer } from '../journal/redis-server.ts';

/** What the journal still has to do. */
export interface JournalState {
  /** Entries that nobody has worked on, or not to the end. */
  readonly entries: number;
  /** Spans that wait for a parent. */
  readonly parked: number;
  /** Batches on their way. */
  readonly sealed: number;
  /** What it says that it holds, against `queue_size`. */
  readonly bytes: number;
}

/** Asks Redis itself, so that it does not matter which gateways live. */
export async function journalState({ client }: RedisServer): Promise<JournalState> {
  const keys = journalKeys('spanway', 'langsmith');
  const partitions = Number(await client.hget(keys.format, 'partitions'));
  const each = Array.from({ length: partitions }, (_, id) => keys.partition(id));
  const sum = async (counts: Promise<number>[]): Promise<number> => (await Promise.all(counts)).reduce((total, count) => total + count, 0);
  return {
    entries: await sum(each.map(({ inbox }) => client.xlen(inbox))),
    parked: await sum(each.map(({ values }) => client.hlen(values('park')))),
    sealed: await sum(each.map(({ values }) => client.hlen(values('batch')))),
    bytes: await sum(each.map(async ({ usage }) => Number(await client.hget(usage, 'in')) - Number(await client.hget(usage, 'out')))),
  };
}

export async function isSettled(redis: RedisServer): Promise<boolean> {
  const { entries, parked, sealed } = await journalState(redis);
  return entries + parked + sealed === 0;
}
