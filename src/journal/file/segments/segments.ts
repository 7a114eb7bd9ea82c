/**
 * Entries in files of their own, so that an append is one write and its sync: read this file first.
 *
 *   hold ──► SegmentWriter ──one write, synced──► held, the client is answered
 *                                  └──► InboxFeed: the head of each entry into its partition's inbox, along with other transactions
 *   entry ◄── the head in the inbox says where in which segment the payload is
 *
 * A segment is a file to which one process appends, some MiB long: head (entry-head.ts) · payload · head · payload … Its record in the store says how far
 * its entries have come into the inboxes and how many of them wait there. It is removed by whoever acknowledges the last one. What a process has written
 * and not brought into the inboxes when it ends, another one brings there (`adoption.ts`), at the start or when it notices.
 *
 *   being written ──full, closed, or taken over──► sealed ──its last entry acknowledged, or moved (`move.ts`)──► gone
 *
 * All journals of one name in a process share this.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { full } from '../../faults.ts';
import { type Append, admitted } from '../append-queue.ts';
import type { EntryStore, ReadableListener, Room, StoredEntry } from '../entry-store.ts';
import type { Store } from '../environment.ts';
import type { Transactions } from '../transactions.ts';
import { readUsage, type Usage } from '../usage.ts';
import { Adoption } from './adoption.ts';
import { headLength, readHead } from './entry-head.ts';
import { InboxFeed } from './inbox-feed.ts';
import { type MoveOptions, moveEntries } from './move.ts';
import { bytesBehind, payloadOf } from './payload.ts';
import { SegmentFiles } from './segment-files.ts';
import { allSegments, releasePlaces } from './segment-table.ts';
import { SegmentWriter } from './segment-writer.ts';

export interface SegmentsOptions {
  readonly name: string;
  readonly directory: string;
  readonly store: Store;
  readonly transactions: Transactions;
  readonly partitions: number;
  readonly fsync: boolean;
  readonly leaseMs: number;
}

/** What may be held and in no inbox, while these cannot be written. 64 MiB. */
const aheadBytesMax = 64 * 2 ** 20;
/** How often what others have left is looked for, and segments that are nearly empty. */
const lookMs = 1_000;
const moveMs = 2_000;
const damaged = { items: 0, appendedAtMs: 0, place: 0, payload: () => undefined } as const;

export class Segments implements EntryStore {
  readonly headLength = headLength;
  readonly #options: MoveOptions;
  readonly #store: Store;
  readonly #files: SegmentFiles;
  readonly #writer: SegmentWriter;
  readonly #feed: InboxFeed;
  readonly #adoption: Adoption;
  readonly #listeners = new Set<ReadableListener>();
  /** The last group on its way. */
  #turn: Promise<void> = Promise.resolve();
  #lookedAtMs = performance.now();
  #movedAtMs = performance.now();

  private constructor({ name, directory, store, transactions, partitions, fsync, leaseMs }: SegmentsOptions) {
    const files = new SegmentFiles(directory, name, fsync);
    this.#options = { store, transactions, files, partitions };
    this.#store = store;
    this.#files = files;
    this.#feed = new InboxFeed({ store, transactions, listeners: this.#listeners, discard: (segments) => this.discard(segments) });
    this.#writer = new SegmentWriter({ store, transactions, files, held: (held) => this.#feed.add(held) });
    this.#adoption = new Adoption({ store, transactions, files, partitions, leaseMs });
  }

  /** Takes over what a former process has left, so that it is in the inboxes. */
  static async open(options: SegmentsOptions): Promise<Segments> {
    const segments = new Segments(options);
    await segments.#clean();
    // What cannot be adopted now, on a full disk for instance, must not keep the rest from being delivered. The next look tries again, and says so.
    await segments.discard(await segments.#adoption.look().catch(() => []));
    return segments;
  }

  hold(take: () => readonly Append[], room: Room): Promise<Usage> {
    // What comes in the same turn of the event loop goes along.
    const held = this.#turn.then(nextTurn).then(() => this.#hold(take, room));
    this.#turn = held.then(
      () => {},
      () => {},
    );
    return held;
  }

  async #hold(take: () => readonly Append[], room: Room): Promise<Usage> {
    const { bytes: used } = this.usage();
    if (this.#feed.aheadBytes > aheadBytesMax) throw this.#feed.problem ?? full(room.name, used, room.bytesMax);
    const appends = admitted(take(), used, room);
    const bytes = appends.reduce((sum, append) => sum + append.bytes, 0);
    if (bytes > 0) await this.#writer.write(appends, bytes);
    return this.usage();
  }

  usage(): Usage {
    this.#store.resetReadTxn();
    return this.#feed.withAhead(readUsage(this.#store));
  }

  onReadable(listener: ReadableListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readable(partition: number): Promise<void> {
    return this.#feed.done(partition);
  }

  stored(record: Buffer): StoredEntry {
    const head = readHead(record);
    if (!head) return { ...damaged, bytes: headLength };
    const { items, appendedAtMs, payloadLength, segment } = head;
    const bytes = headLength + payloadLength;
    if (record.length > headLength)
      return { items, appendedAtMs, bytes, place: 0, payload: () => payloadOf(head, record.subarray(headLength)) };
    return { items, appendedAtMs, bytes, place: segment, payload: () => payloadOf(head, bytesBehind(head, this.#files)) };
  }

  release(places: readonly number[]): readonly number[] {
    return releasePlaces(this.#store, places);
  }

  async discard(segments: readonly number[]): Promise<void> {
    for (const segment of segments) await this.#files.remove(segment);
  }

  async look(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#lookedAtMs < lookMs) return;
    this.#lookedAtMs = nowMs;
    await this.discard(await this.#adoption.look());
    if (nowMs - this.#movedAtMs < moveMs) return;
    this.#movedAtMs = nowMs;
    await this.discard(await moveEntries(this.#options));
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#writer.end();
    await this.#feed.end();
    await this.#files.close();
  }

  /** Files of segments whose end a process did not live to see. A file comes after its record, so the files are looked at first. */
  async #clean(): Promise<void> {
    const numbers = await this.#files.list();
    this.#store.resetReadTxn();
    const segments = allSegments(this.#store);
    for (const number of numbers) if (!segments.has(number)) await this.#files.remove(number);
  }
}
