/**
 * Puts the heads of entries that are held in a segment into the inboxes of their partitions, where owners find them. No client waits for that, so it goes
 * along with other transactions; what the process leaves undone, another one does (`adoption.ts`).
 *
 *   held in a segment ──one transaction──► in the inbox, and the segment's record says how far it has come
 *      │                └──failed──► once more, in order, after a while
 *      └ the segment is somebody else's by now: he does it
 */
import type { ReadableListener } from '../entry-store.ts';
import type { Store } from '../environment.ts';
import { headRecordBytes, headsMax, InboxWriter } from '../inbox.ts';
import type { Transactions } from '../transactions.ts';
import type { Usage } from '../usage.ts';
import { getSegment, putSegment, writerName } from './segment-table.ts';

export interface HeldEntry {
  readonly partition: number;
  readonly items: number;
  /** As the journal counts them. */
  readonly bytes: number;
  readonly head: Buffer;
}

/** Entries that came to stand in a segment one behind the other, and where that ended. */
export interface Held {
  readonly segment: number;
  readonly entries: readonly HeldEntry[];
  readonly end: number;
  /** The segment takes nothing more. */
  readonly last?: boolean;
}

const againMs = 1_000;

export interface InboxFeedOptions {
  readonly store: Store;
  readonly transactions: Transactions;
  readonly listeners: Iterable<ReadableListener>;
  /** Segments of which nothing is left. */
  discard(segments: readonly number[]): Promise<void>;
}

export class InboxFeed {
  readonly #options: InboxFeedOptions;
  #waiting: Held[] = [];
  /** Entries that are in no inbox yet, by partition. */
  readonly #behind = new Map<number, number>();
  #entries = 0;
  #bytes = 0;
  #items = 0;
  /** What the step that runs brings, and how many entries will ever have been appended when it is through. */
  #coming: { readonly appended: number; readonly bytes: number; readonly items: number } | undefined;
  #running: Promise<void> | undefined;
  #again: NodeJS.Timeout | undefined;
  #problem: unknown;

  constructor(options: InboxFeedOptions) {
    this.#options = options;
  }

  /** What the journal holds, by the store's usage and what is not in it yet. */
  withAhead(usage: Usage): Usage {
    const isThrough = this.#coming && usage.appended >= this.#coming.appended;
    const { bytes, items } = isThrough && this.#coming ? this.#coming : { bytes: 0, items: 0 };
    return { ...usage, bytes: usage.bytes + this.#bytes - bytes, items: usage.items + this.#items - items };
  }

  get aheadBytes(): number {
    return this.#bytes;
  }

  /** Why what is held is in no inbox yet, if something is the matter. */
  get problem(): unknown {
    return this.#problem;
  }

  add(held: Held): void {
    this.#waiting.push(held);
    this.#count(held, 1);
    if (!this.#again) this.#run();
  }

  /** Resolves when what was held for this partition is in its inbox, or when that cannot be had now. */
  async done(partition: number): Promise<void> {
    // The one that runs may have begun before the last of them came.
    for (let turns = 0; turns < 2 && this.#running && this.#behind.has(partition); turns++) await this.#hurried();
  }

  /** Resolves when all of it is, or when that cannot be had now. */
  async end(): Promise<void> {
    while (this.#running) await this.#hurried();
    clearTimeout(this.#again);
  }

  async #hurried(): Promise<void> {
    this.#options.transactions.hurry();
    await this.#running;
  }

  #run(): void {
    this.#running ??= this.#feed().finally(() => {
      this.#running = undefined;
      if (this.#waiting.length > 0 && !this.#again) this.#run();
    });
  }

  async #feed(): Promise<void> {
    let taken: readonly Held[] = [];
    try {
      const done = await this.#options.transactions.join(Math.min(this.#entries, headsMax) * headRecordBytes, () => {
        taken = this.#next();
        return this.#write(taken);
      });
      this.#problem = undefined;
      this.#waiting.splice(0, taken.length);
      for (const held of taken) this.#count(held, -1);
      this.#coming = undefined;
      this.#tell(taken);
      await this.#options.discard(done);
    } catch (error) {
      this.#problem = error;
      this.#coming = undefined;
      this.#again = setTimeout(() => {
        this.#again = undefined;
        this.#run();
      }, againMs).unref();
    }
  }

  #next(): readonly Held[] {
    let count = 0;
    for (let entries = 0; count < this.#waiting.length; count++) {
      entries += (this.#waiting[count] as Held).entries.length;
      if (count > 0 && entries > headsMax) break;
    }
    return this.#waiting.slice(0, count);
  }

  /** Inside of a transaction. Returns the segments of which nothing is left. */
  #write(taken: readonly Held[]): readonly number[] {
    const { store } = this.#options;
    const inbox = new InboxWriter(store);
    const before = { ...inbox.usage };
    const done: number[] = [];
    for (const { segment, entries, end, last = false } of taken) {
      const stored = getSegment(store, segment);
      if (stored?.writer !== writerName) continue;
      for (const { partition, items, bytes, head } of entries) inbox.put(partition, head, items, bytes);
      const waiting = stored.waiting + entries.length;
      if (putSegment(store, segment, { ...stored, inboxed: end, waiting, sealed: last })) done.push(segment);
    }
    inbox.end();
    const { appended, bytes, items } = inbox.usage;
    this.#coming = { appended, bytes: bytes - before.bytes, items: items - before.items };
    return done;
  }

  #count({ entries }: Held, sign: 1 | -1): void {
    for (const { partition, items, bytes } of entries) {
      this.#entries += sign;
      this.#bytes += sign * bytes;
      this.#items += sign * items;
      const behind = (this.#behind.get(partition) ?? 0) + sign;
      if (behind > 0) this.#behind.set(partition, behind);
      else this.#behind.delete(partition);
    }
  }

  #tell(taken: readonly Held[]): void {
    for (const { entries } of taken)
      for (const { partition, items, bytes } of entries) for (const listener of this.#options.listeners) listener(partition, bytes, items);
  }
}
