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
  /** What makes the entries, until they are made. */
  gathered: (() => readonly Appended[]) | undefined;
  entries: readonly Appended[];
  bytes: number;
  items: number;
  readonly resolve: (items: number) => void;
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
  /** Told what the journal holds, once that is durable. */
  used(usage: Usage): void;
}

/** What one transaction takes: it holds it in memory and keeps the write lock until it is synced. */
const groupBytesMax = 4 * 2 ** 20;

export class AppendQueue {
  readonly #options: AppendQueueOptions;
  #waiting: Append[] = [];
  #waitingBytes = 0;
  /** A step of the next transaction will take what waits. */
  #asked = false;

  constructor(options: AppendQueueOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the number of items that are held. `entries`: or what makes them, which may throw why they cannot be appended. `usedBytes`: what the
   * journal was last known to hold. Refuses early what would only wait in memory to be refused.
   */
  push(entries: readonly Appended[] | (() => readonly Appended[]), usedBytes: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const gathered = typeof entries === 'function' ? entries : undefined;
      const append: Append = { gathered, entries: [], bytes: 0, items: 0, resolve, reject, refused: undefined };
      if (typeof entries !== 'function') fill(append, entries);
      const { name, bytesMax } = this.#options;
      const used = usedBytes + this.#waitingBytes;
      const mark = gathered ? bytesMax : markFor(append.items, bytesMax);
      if (used + append.bytes > mark) return reject(full(name, used, bytesMax));
      this.#waiting.push(append);
      this.#waitingBytes += append.bytes;
      if (!this.#asked) this.#ask();
    });
  }

  /** What comes while one transaction is synced goes into the very next one, whoever else is in that. */
  #ask(): void {
    this.#asked = true;
    let group: readonly Append[] | undefined;
    let usage: Usage | undefined;
    const begin = (): readonly Append[] => {
      const taken = this.#take();
      this.#asked = false;
      if (this.#waiting.length > 0) this.#ask();
      return taken;
    };
    const step = (): void => {
      usage = this.#write((group ??= begin()));
    };
    this.#options.transactions.run(groupBytesMax, step).then(
      () => {
        for (const append of group as readonly Append[]) this.#done(append);
        this.#options.used(usage as Usage);
      },
      (error: unknown) => {
        for (const { reject } of group ?? begin()) reject(error);
      },
    );
  }

  #done({ entries, items, refused, resolve, reject }: Append): void {
    if (refused !== undefined) {
      reject(refused);
      return;
    }
    for (const entry of entries) this.#options.held(entry);
    resolve(items);
  }

  #take(): readonly Append[] {
    let count = 0;
    let bytes = 0;
    for (const append of this.#waiting) {
      if (count > 0 && bytes + append.bytes > groupBytesMax) break;
      this.#waitingBytes -= append.bytes;
      gather(append);
      bytes += append.bytes;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  #write(group: readonly Append[]): Usage {
    const { name, store, bytesMax } = this.#options;
    const usage = readUsage(store);
    const sequences = new Map<number, number>();
    for (const append of group) {
      if (append.gathered) continue;
      const room = markFor(append.items, bytesMax) - usage.bytes;
      append.refused = append.bytes > room ? full(name, usage.bytes, bytesMax) : undefined;
      if (append.refused === undefined) this.#admit(append, usage, sequences);
    }
    for (const [partition, sequence] of sequences) store.putSync(sequenceKey(partition), number48(sequence));
    if (sequences.size > 0) writeUsage(store, usage);
    return usage;
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

function fill(append: Append, entries: readonly Appended[]): void {
  append.entries = entries;
  for (const { payload, items } of entries) {
    append.bytes += entryHeaderLength + payload.length;
    append.items += items;
  }
}

/** What cannot be made is refused, and nothing of it written. */
function gather(append: Append): void {
  if (!append.gathered) return;
  try {
    fill(append, append.gathered());
    append.gathered = undefined;
  } catch (error) {
    append.refused = error;
  }
}

/** Sequence number of the partition's last entry, 0 if it never had one. */
export function readSequence(store: Store, partition: number): number {
  return store.getBinary(sequenceKey(partition))?.readUIntBE(0, 6) ?? 0;
}
