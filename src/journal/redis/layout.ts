/**
 * Keys of a journal. Everything of a partition has one hash tag, so it stands in one slot of a cluster and one script can change it as a whole.
 *
 *   {<prefix>:<name>}:format        hash    ../format.ts: format · partitions · created (RFC 3339) · madeBy
 *   {<prefix>:<name>}:members       zset    member → server time until which it lives, ms
 *
 *   {<prefix>:<name>:p07}:inbox     stream  field `e`: an entry as in ../record.ts; its id is its position
 *                        :usage     hash    in: bytes of entries ever appended, never falls · out: of them, those that are gone, less what the
 *                                           map holds · items: in the inbox. The partition holds `in - out` bytes.
 *                        :lease     hash    text: the whole lease · until: server time from which another member may take it, ms ·
 *                                           term: see RedisPartition. It does not expire by itself: nobody loses a partition that
 *                                           nobody else wants, and there is no key to evict.
 *                        :<space>   hash    key → value as in ../record.ts
 *                        :<space>:keys zset its keys, all with score 0, so they are ordered as bytes
 */
import type { Space } from '../journal.ts';
import { slotOf } from './slot.ts';

export interface PartitionKeys {
  readonly id: number;
  readonly slot: number;
  readonly inbox: string;
  readonly usage: string;
  readonly lease: string;
  values(space: Space): string;
  order(space: Space): string;
}

export interface JournalKeys {
  readonly slot: number;
  readonly format: string;
  readonly members: string;
  partition(id: number): PartitionKeys;
}

export function journalKeys(prefix: string, name: string): JournalKeys {
  const tag = `{${prefix}:${name}}`;
  return {
    slot: slotOf(tag),
    format: `${tag}:format`,
    members: `${tag}:members`,
    partition: (id) => partitionKeys(`{${prefix}:${name}:p${`${id}`.padStart(2, '0')}}`, id),
  };
}

function partitionKeys(tag: string, id: number): PartitionKeys {
  return {
    id,
    slot: slotOf(tag),
    inbox: `${tag}:inbox`,
    usage: `${tag}:usage`,
    lease: `${tag}:lease`,
    values: (space) => `${tag}:${space}`,
    order: (space) => `${tag}:${space}:keys`,
  };
}
