/** Entries in LMDB itself, one transaction a group: journals of formats 1 and 2, which keep what they were made with. */
import { decodeEntry, entryHeaderLength, writeEntry } from '../record.ts';
import { type Append, admitted, groupBytesMax } from './append-queue.ts';
import type { EntryStore, ReadableListener, Room, StoredEntry } from './entry-store.ts';
import type { Store } from './environment.ts';
import { InboxWriter } from './inbox.ts';
import { recordRoom } from './record-room.ts';
import type { Transactions } from './transactions.ts';
import { readUsage, type Usage } from './usage.ts';

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
    for (const { entries } of appends)
      for (const { partition, payload, items } of entries)
        for (const listener of this.#listeners) listener(partition, payload.length, items);
    return usage;
  }

  usage(): Usage {
    this.#store.resetReadTxn();
    return readUsage(this.#store);
  }

  #write(appends: readonly Append[], room: Room): { readonly appends: readonly Append[]; readonly usage: Usage } {
    const inbox = new InboxWriter(this.#store);
    const held = admitted(appends, inbox.usage.bytes, room);
    for (const { entries } of held)
      for (const { partition, payload, items, appendedAtMs } of entries) {
        const length = entryHeaderLength + payload.length;
        inbox.put(partition, writeEntry(recordRoom(length), payload, items, appendedAtMs), items, length);
      }
    inbox.end();
    return { appends: held, usage: inbox.usage };
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
