import type { Pair, Space } from '../journal.ts';
import { decodeValue } from '../record.ts';
import type { PartitionKeys } from './layout.ts';
import { type Link, runs } from './link.ts';
import { scanScript } from './scripts.ts';

export interface Scanned {
  readonly pairs: readonly Pair[];
  /** Keys of damaged values. */
  readonly damaged: readonly string[];
}

/** Asks again for what damaged values leave of `limit`: fewer pairs mean that there are no more. */
export async function scanPartition(
  link: Link,
  keys: PartitionKeys,
  space: Space,
  from: string,
  to: string,
  limit: number,
): Promise<Scanned> {
  const pairs: Pair[] = [];
  const damaged: string[] = [];
  let next = from;
  while (pairs.length < limit) {
    const wanted = limit - pairs.length;
    const request = runs(scanScript, keys.slot, [keys.values(space), keys.order(space)], [`[${next}`, `(${to}`, wanted]);
    const [answer] = await link.ask('read', [request]);
    const found = answer as readonly Buffer[];
    for (let at = 0; at < found.length; at += 2) {
      const key = `${found[at]}`;
      const value = decodeValue(found[at + 1] as Buffer);
      if (value) pairs.push({ key, value });
      else damaged.push(key);
    }
    if (found.length < 2 * wanted) break;
    next = `${found.at(-2)}\0`;
  }
  return { pairs, damaged };
}
