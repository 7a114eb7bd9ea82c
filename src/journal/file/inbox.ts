/** The inboxes in LMDB: how records of entries come into them, inside of a transaction. */
import type { Store } from './environment.ts';
import { inboxKey, number48, sequenceKey } from './layout.ts';
import { readUsage, type Usage, writeUsage } from './usage.ts';

/** Heads that come into the inboxes at a time: they hold up the event loop. */
export const headsMax = 8_192;
/** What LMDB writes for a head, with its key. */
export const headRecordBytes = 64;

/** Sequence number of the partition's last entry, 0 if it never had one. */
export function readSequence(store: Store, partition: number): number {
  return store.getBinary(sequenceKey(partition))?.readUIntBE(0, 6) ?? 0;
}

/** Gives the entries of one transaction their places, and counts them. */
export class InboxWriter {
  readonly #store: Store;
  readonly #sequences = new Map<number, number>();
  /** What the journal holds with what was put so far. */
  readonly usage: Usage;

  constructor(store: Store) {
    this.#store = store;
    this.usage = readUsage(store);
  }

  /** `bytes`: of the entry, as the journal counts them. */
  put(partition: number, record: Buffer, items: number, bytes: number): void {
    this.usage.appended += 1;
    this.usage.items += items;
    this.usage.bytes += bytes;
    const sequence = (this.#sequences.get(partition) ?? readSequence(this.#store, partition)) + 1;
    this.#sequences.set(partition, sequence);
    this.#store.putSync(inboxKey(partition, sequence), record);
  }

  /** Call it after the last `put`. */
  end(): void {
    for (const [partition, sequence] of this.#sequences) this.#store.putSync(sequenceKey(partition), number48(sequence));
    if (this.#sequences.size > 0) writeUsage(this.#store, this.usage);
  }
}
