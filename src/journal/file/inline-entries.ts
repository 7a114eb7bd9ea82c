/** Entries in LMDB itself, one transaction a group: journals of formats 1 and 2, which keep what they were made with. */
import { full, markFor } from '../faults.ts';
import { decodeEntry, entryHeaderLength, writeEntry } from '../record.ts';
import { type Append, groupBytesMax } from './append-queue.ts';
import type { EntryStore, ReadableListener, Room, StoredEntry } from './entry-store.ts';
import type { Store } from './environment.ts';
import { InboxWriter } from './inbox.ts';
import { recordRoom } from './record-room.ts';
import type { Transactions } from './transactions.ts';
import { readUsage, type Usage, writeUsage } from './usage.ts';

export class InlineEntries implements EntryStore {
  readonly headLength = entryHeaderLength;
  readonly #store: Store;
  readonly #transactions: Transactions;
  readonly #listeners = new Set<ReadableListener>();

  constructor(store: Store, transactions: Transactions) {
    this.#store = store;
    this.#transactions = transactions;
  }

  async hold(take: () => readonly Append[], room: Room): Promise<Usage> {
    const { appends, usage } = await this.#transactions.run(groupBytesMax, () => this.#write(take(), room));
    for (const { entries, refused } of appends) {
      if (refused !== undefined) continue;
      for (const { partition, payload, items } of entries)
        for (const listener of this.#listeners) listener(partition, payload.length, items);
    }
    return usage;
  }

  usage(): Usage {
    this.#store.resetReadTxn();
    return readUsage(this.#store);
  }

  #write(appends: readonly Append[], { name, bytesMax }: Room): { readonly appends: readonly Append[]; readonly usage: Usage } {
    const usage = readUsage(this.#store);
    const inbox = new InboxWriter(this.#store);
    for (const append of appends) {
      append.refused = append.bytes > markFor(append.items, bytesMax) - usage.bytes ? full(name, usage.bytes, bytesMax) : undefined;
      if (append.refused !== undefined) continue;
      for (const { partition, payload, items, appendedAtMs } of append.entries)
        inbox.put(partition, writeEntry(recordRoom(entryHeaderLength + payload.length), payload, items, appendedAtMs));
      usage.appended += append.entries.length;
      usage.items += append.items;
      usage.bytes += append.bytes;
    }
    inbox.end();
    writeUsage(this.#store, usage);
    return { appends, usage };
  }

  onReadable(listener: ReadableListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async readable(): Promise<void> {}

  stored(record: Buffer): StoredEntry {
    const { items, appendedAtMs, payload } = decodeEntry(record);
    return { items, appendedAtMs, bytes: record.length, place: 0, payload: () => payload };
  }

  release(): readonly number[] {
    return [];
  }

  async discard(): Promise<void> {}
  async look(): Promise<void> {}
  async close(): Promise<void> {}
}
