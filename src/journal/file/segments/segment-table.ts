/**
 * What the store knows of its segments. Read and written inside of transactions.
 *
 *   00 "segments"   u48 number of the last segment that was made
 *   04 segment      u48 bytes from its beginning whose entries stand in the inboxes · u48 entries that no owner has acknowledged · u8 1: it takes nothing more
 *                   · who writes it: identity of the process (process-identity.ts) · "~writer", or "~adopter" if it took it over
 */
import type { Store } from '../environment.ts';
import { lastSegmentKey, number48, segmentKey, segmentOf, segmentsFrom, segmentsTo } from '../layout.ts';
import { processIdentity } from '../process-identity.ts';

export interface Segment {
  /** Where the first entry would stand that is in no inbox. */
  readonly inboxed: number;
  readonly waiting: number;
  readonly sealed: boolean;
  readonly writer: string;
}

const fixedLength = 13;

/** This process, as the one that appends to a segment, and as the one that takes over what another one appended. */
export const writerName = `${processIdentity}~writer`;
export const adopterName = `${processIdentity}~adopter`;

export function identityOf(writer: string): string {
  return writer.slice(0, writer.indexOf('~'));
}

export function getSegment(store: Store, number: number): Segment | undefined {
  const stored = store.getBinary(segmentKey(number));
  return stored && parse(stored);
}

export function allSegments(store: Store): Map<number, Segment> {
  const segments = new Map<number, Segment>();
  for (const { key, value } of store.getRange({ start: segmentsFrom, end: segmentsTo })) segments.set(segmentOf(key), parse(value));
  return segments;
}

/** A new segment. Numbers are never given again. */
export function addSegment(store: Store): number {
  const number = (store.getBinary(lastSegmentKey)?.readUIntBE(0, 6) ?? 0) + 1;
  store.putSync(lastSegmentKey, number48(number));
  store.putSync(segmentKey(number), written({ inboxed: 0, waiting: 0, sealed: false, writer: writerName }));
  return number;
}

/** Says whether nothing is left of it: it has no record any more, and its file can go once that is durable. */
export function putSegment(store: Store, number: number, segment: Segment): boolean {
  const isDone = segment.sealed && segment.waiting <= 0;
  if (isDone) store.removeSync(segmentKey(number));
  else store.putSync(segmentKey(number), written(segment));
  return isDone;
}

/** The entries that stand in these places, one each, were acknowledged. Returns the segments of which nothing is left. */
export function releasePlaces(store: Store, places: readonly number[]): readonly number[] {
  const counts = new Map<number, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  const done: number[] = [];
  for (const [number, count] of counts) {
    const segment = getSegment(store, number);
    if (segment && putSegment(store, number, { ...segment, waiting: segment.waiting - count })) done.push(number);
  }
  return done;
}

function parse(stored: Buffer): Segment {
  return {
    inboxed: stored.readUIntBE(0, 6),
    waiting: stored.readUIntBE(6, 6),
    sealed: stored[12] === 1,
    writer: stored.toString('utf8', fixedLength),
  };
}

function written({ inboxed, waiting, sealed, writer }: Segment): Buffer {
  const stored = Buffer.allocUnsafe(fixedLength + Buffer.byteLength(writer));
  stored.writeUIntBE(inboxed, 0, 6);
  stored.writeUIntBE(Math.max(0, waiting), 6, 6);
  stored[12] = sealed ? 1 : 0;
  stored.write(writer, fixedLength);
  return stored;
}
