import { journalKeys, type PartitionKeys } from '../../src/journal/redis/layout.ts';
import type { RedisServer } from '../journal/redis-server.ts';

/** What the journal still has to do. */
export interface JournalState {
  /** Entries that nobody has worked on, or not to the end. */
  readonly entries: number;
  /** Spans that wait for a parent. */
  readonly parked: number;
  /** Batches on their way. */
  readonly sealed: number;
  /** What was given up: nothing that these clients send deserves it. */
  readonly dead: number;
  /** What it says that it holds, against `queue_size`. */
  readonly bytes: number;
}

interface Partitions {
  readonly client: RedisServer['client'];
  readonly each: readonly PartitionKeys[];
}

async function partitionsOf({ client }: RedisServer): Promise<Partitions> {
  const keys = journalKeys('spanway', 'langsmith');
  const count = Number(await client.hget(keys.format, 'partitions'));
  return { client, each: Array.from({ length: count }, (_, id) => keys.partition(id)) };
}

/** How many partitions each instance owns, by its `instance_id`; '' owns those that nobody does. */
export async function ownersOf(redis: RedisServer): Promise<ReadonlyMap<string, number>> {
  const { client, each } = await partitionsOf(redis);
  const owners = new Map<string, number>();
  for (const lease of await Promise.all(each.map(({ lease }) => client.hget(lease, 'text')))) {
    const owner = lease?.split('~')[0] ?? '';
    owners.set(owner, (owners.get(owner) ?? 0) + 1);
  }
  return owners;
}

/** Asks Redis itself, so that it does not matter which gateways live. */
export async function journalState(redis: RedisServer): Promise<JournalState> {
  const { client, each } = await partitionsOf(redis);
  const sum = async (counts: Promise<number>[]): Promise<number> => (await Promise.all(counts)).reduce((total, count) => total + count, 0);
  return {
    entries: await sum(each.map(({ inbox }) => client.xlen(inbox))),
    parked: await sum(each.map(({ values }) => client.hlen(values('park')))),
    sealed: await sum(each.map(({ values }) => client.hlen(values('batch')))),
    dead: await sum(each.map(({ values }) => client.hlen(values('dead')))),
    bytes: await sum(each.map(async ({ usage }) => Number(await client.hget(usage, 'in')) - Number(await client.hget(usage, 'out')))),
  };
}

export async function isSettled(redis: RedisServer): Promise<boolean> {
  const { entries, parked, sealed } = await journalState(redis);
  return entries + parked + sealed === 0;
}
