/** What a journal refuses, in one wording for every store. */
import { Fault } from '../model/fault.ts';

/** An entry larger than this is refused by every store, 256 MiB. */
export const entryBytesMax = 256 * 2 ** 20;
/** Longest key of a partition's map, in bytes of UTF-8. */
export const keyBytesMax = 500;

/** What an operator's commands, which are entries without items, may take beyond the high-water mark: they are how it is got rid of. 16 MiB. */
const commandBytesMax = 16 * 2 ** 20;

/** The bytes up to which so many items are admitted. */
export function markFor(items: number, bytesMax: number): number {
  return items > 0 ? bytesMax : bytesMax + commandBytesMax;
}

export function fenced(partition: number): Fault {
  return new Fault('GW_JOURNAL_FENCED', `cannot use partition ${partition}: its lease is not held any more`);
}

export function full(name: string, bytes: number, bytesMax: number): Fault {
  return new Fault('GW_JOURNAL_FULL', `cannot append to journal "${name}": ${bytes} of ${bytesMax} bytes are in use`, {
    hint: 'deliver or drop what waits, or raise sending_queue::queue_size',
    retryAfterMs: 1_000,
  });
}

export function entryTooLarge(name: string, bytes: number, bytesMax: number): Fault {
  return new Fault(
    'GW_JOURNAL_ENTRY_TOO_LARGE',
    `cannot append to journal "${name}": an entry of ${bytes} bytes is over the limit of ${bytesMax}`,
  );
}

export function noSuchPartition(name: string, partition: number): Fault {
  return new Fault('GW_BUG', `cannot find partition ${partition} of journal "${name}": no such partition`);
}

export function keyTooLong(bytes: number): Fault {
  return new Fault('GW_BUG', `cannot keep a key of ${bytes} bytes: the limit is ${keyBytesMax}`);
}

export function closed(name: string): Fault {
  return new Fault('GW_JOURNAL_UNAVAILABLE', `cannot use journal "${name}": it is closed`);
}

export function ownedAlready(name: string): Fault {
  return new Fault('GW_BUG', `cannot own journal "${name}": it has an owner already`);
}
