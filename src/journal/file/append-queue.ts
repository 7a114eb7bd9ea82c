/**
 * Appends of one journal, on their way into a transaction. Each is admitted and encoded inside the transaction, where the
 * journal's usage is exact for all processes. Whatever has come by the time the transaction begins goes into it.
 */
import { full, markFor } from '../faults.ts';
import type { NewEntry } from '../journal.ts';
import { entryHeaderLength, writeEntry } from '../record.ts';
import type { Store } from './environment.ts';
import { inboxKey, number48, sequenceKey } from './layout.ts';
import { recordRoom } from './record-room.ts';
import type { Transactions } from './transactions.ts';
import { readUsage, type Usage, writeUsage } from './usage.ts';

/** An entry on its way, and where it came to stand. */
export interface Appended extends NewEntry {
  readonly appendedAtMs: number;
  sequence: number;
}

interface Append {
  readonly entries: readonly Appended[];
  readonly bytes: number;
  readonly items: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  refused: unknown;
}

export interface AppendQueueOptions {
  readonly name: string;
  readonly store: Store;
  readonly transactions: Transactions;
  readonly bytesMax: number;
  /** Told of each entry once it is held. */
  held(entry: Appended): void;
}

/** What one transaction takes: it holds it in memory and keeps the write lock until it is synced. */
const groupBytesMax = 16 * 2 ** 20;

export class AppendQueue {
  readonly #options: AppendQueueOptions;
  #waiting: Append[] = [];
  #waitingBytes = 0;
  #draining = false;

  constructor(options: AppendQueueOptions) {
    this.#options = options;
  }

  /** `usedBytes`: what the journal was last known to hold. Refuses early what would only wait in memory to be refused. */
  push(entries: readonly Appended[], items: number, usedBytes: number): Promise<void> {
    const { name, bytesMax } = this.#options;
    let bytes = 0;
    for (const { payload } of entries) bytes += entryHeaderLength + payload.length;
    const used = usedBytes + this.#waitingBytes;
    if (used + bytes > markFor(items, bytesMax)) return Promise.reject(full(name, used, bytesMax));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, bytes, items, resolve, reject, refused: undefined });
      this.#waitingBytes += bytes;
      if (!this.#draining) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    while (this.#waiting.length > 0) {
      let group: readonly Append[] | undefined;
      try {
        await this.#options.transactions.run(groupBytesMax, () => this.#write((group ??= this.#take())));
        for (const append of group ?? []) this.#done(append);
      } catch (error) {
        for (const { reject } of group ?? this.#take()) reject(error);
      }
    }
    this.#draining = false;
  }

  #done({ entries, refused, resolve, reject }: Append): void {
    if (refused !== undefined) {
      reject(refused);
      return;
    }
    for (const entry of entries) this.#options.held(entry);
    resolve();
  }

  #take(): readonly Append[] {
    let count = 0;
    let bytes = 0;
    for (const append of this.#waiting) {
      if (count > 0 && bytes + append.bytes > groupBytesMax) break;
      bytes += append.bytes;
      count++;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  #write(group: readonly Append[]): void {
    const { name, store, bytesMax } = this.#options;
    const usage = readUsage(store);
    const sequences = new Map<number, number>();
    for (const append of group) {
      const room = markFor(append.items, bytesMax) - usage.bytes;
      append.refused = append.bytes > room ? full(name, usage.bytes, bytesMax) : undefined;
      if (append.refused === undefined) this.#admit(append, usage, sequences);
    }
    for (const [partition, sequence] of sequences) store.putSync(sequenceKey(partition), number48(sequence));
    if (sequences.size > 0) writeUsage(store, usage);
  }

  #admit(append: Append, usage: Usage, sequences: Map<number, number>): void {
    const { store } = this.#options;
    for (const entry of append.entries) {
      const { partition, payload, items, appendedAtMs } = entry;
      entry.sequence = (sequences.get(partition) ?? readSequence(store, partition)) + 1;
      sequences.set(partition, entry.sequence);
      const length = entryHeaderLength + payload.length;
      store.putSync(inboxKey(partition, entry.sequence), writeEntry(recordRoom(length), payload, items, appendedAtMs));
    }
    usage.appended += append.entries.length;
    usage.items += append.items;
    usage.bytes += append.bytes;
  }
}

/** Sequence number of the partition's last entry, 0 if it never had one. */
export function readSequence(store: Store, partition: number): number {
  return store.getBinary(sequenceKey(partition))?.readUIntBE(0, 6) ?? 0;
}
