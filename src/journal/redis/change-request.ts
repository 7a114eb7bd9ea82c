import type { Change, Space } from '../journal.ts';
import { encodeValue } from '../record.ts';
import { weightOf } from './entry-id.ts';
import type { PartitionKeys } from './layout.ts';
import { type Argument, type Request, runs } from './link.ts';
import { commitScript } from './scripts.ts';

/** A change as the commit script takes it. */
export function changeRequest(
  keys: PartitionKeys,
  lease: string,
  term: number,
  { acknowledge = [], delete: deletions = [], put = [] }: Change,
): Request {
  const names = [keys.lease, keys.inbox, keys.usage];
  const positions = new Map<Space, number>();
  const position = (space: Space): number => {
    let found = positions.get(space);
    if (found === undefined) {
      positions.set(space, (found = names.length + 1));
      names.push(keys.values(space), keys.order(space));
    }
    return found;
  };
  const args: Argument[] = [lease, term, acknowledge.length];
  for (const id of acknowledge) {
    const { streamId, items, bytes } = weightOf(id);
    args.push(streamId, items, bytes);
  }
  args.push(deletions.length);
  for (const { space, key } of deletions) args.push(position(space), key);
  for (const { space, key, value } of put) args.push(position(space), key, encodeValue(value));
  return runs(commitScript, keys.slot, names, args);
}
