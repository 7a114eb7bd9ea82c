/**
 * Entries that outstay their segment. A segment's file is there until its last entry is acknowledged; an entry of a destination that takes nothing may wait for days,
 * among thousands that have gone. Where the files have become much larger than what waits in them, the entries of the emptiest segments are put into
 * their inboxes' records, payload and all, and the files can go.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '../environment.ts';
import { inboxEnd, inboxKey } from '../layout.ts';
import type { Transactions } from '../transactions.ts';
import { readUsage } from '../usage.ts';
import { type Head, headLength, readHead } from './entry-head.ts';
import { bytesBehind } from './payload.ts';
import { type SegmentFiles, segmentBytesMax } from './segment-files.ts';
import { allSegments, getSegment, putSegment } from './segment-table.ts';

/** Files may be twice as large as what waits, and this. */
const spareBytes = 256 * 2 ** 20;
/** What is moved at a time. A segment of which more waits is left as it is. */
const movedBytesMax = segmentBytesMax / 2;

export interface MoveOptions {
  readonly store: Store;
  readonly transactions: Transactions;
  readonly files: SegmentFiles;
  readonly partitions: number;
}

interface Waiting {
  readonly key: Buffer;
  readonly record: Buffer;
  readonly head: Head;
}

/** Returns segments of which nothing is left in their files, if there are any. */
export async function moveEntries(options: MoveOptions): Promise<readonly number[]> {
  const { store, transactions } = options;
  store.resetReadTxn();
  const sealed = new Set([...allSegments(store)].filter(([, segment]) => segment.sealed).map(([number]) => number));
  const tooMany = Math.ceil((sealed.size * segmentBytesMax - spareBytes - 2 * readUsage(store).bytes) / segmentBytesMax);
  if (tooMany <= 0) return [];
  const done: number[] = [];
  for (const [number, waiting] of await emptiest(options, sealed, tooMany)) {
    const moved = waiting.map(({ key, record, head }) => ({ key, record: withPayload(record, head, options.files) }));
    const isDone = await transactions.run(
      moved.reduce((sum, { record }) => sum + record.length, 0),
      () => move(store, number, moved),
    );
    if (isDone) done.push(number);
  }
  return done;
}

/** At most `count` of these segments, whose waiting entries are the fewest bytes, and what waits in them. */
async function emptiest(
  options: MoveOptions,
  sealed: ReadonlySet<number>,
  count: number,
): Promise<(readonly [number, readonly Waiting[]])[]> {
  const bytesOf = new Map([...sealed].map((number) => [number, 0]));
  for await (const { head } of waitingIn(options, sealed)) bytesOf.set(head.segment, (bytesOf.get(head.segment) ?? 0) + head.payloadLength);
  const chosen = new Map<number, Waiting[]>();
  let bytes = 0;
  for (const [number, more] of [...bytesOf].sort(([, one], [, other]) => one - other).slice(0, count)) {
    bytes += more;
    if (bytes > movedBytesMax) break;
    chosen.set(number, []);
  }
  for await (const waiting of waitingIn(options, chosen)) chosen.get(waiting.head.segment)?.push(waiting);
  return [...chosen];
}

/** The entries that wait in these segments, a partition in a turn of the event loop. */
async function* waitingIn({ store, partitions }: MoveOptions, segments: { has(number: number): boolean }): AsyncGenerator<Waiting> {
  for (let partition = 0; partition < partitions; partition++) {
    await nextTurn();
    store.resetReadTxn();
    const waiting: Waiting[] = [];
    for (const { key, value } of store.getRange({ start: inboxKey(partition, 0), end: inboxEnd(partition) })) {
      const head = value.length === headLength ? readHead(value) : undefined;
      if (head && segments.has(head.segment)) waiting.push({ key: Buffer.from(key), record: Buffer.from(value), head });
    }
    yield* waiting;
  }
}

/** The head in the file may be damaged, that of the inbox is not. A payload that is damaged stays so. */
function withPayload(record: Buffer, head: Head, files: SegmentFiles): Buffer {
  return Buffer.concat([record, bytesBehind(head, files) ?? Buffer.alloc(head.payloadLength)]);
}

/** Inside of a transaction. Some may have been acknowledged meanwhile. */
function move(store: Store, number: number, moved: readonly { readonly key: Buffer; readonly record: Buffer }[]): boolean {
  const segment = getSegment(store, number);
  const waiting = moved.filter(({ key }) => store.doesExist(key));
  if (segment?.waiting !== waiting.length) return false;
  for (const { key, record } of waiting) store.putSync(key, record);
  return putSegment(store, number, { ...segment, waiting: 0 });
}
