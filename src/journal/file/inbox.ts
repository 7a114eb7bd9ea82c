/** The inboxes in LMDB: how records of entries come into them, inside of a transaction. */
import type { Store } from './environment.ts';
import { inboxKey, number48, sequenceKey } from './layout.ts';

/** Sequence number of the partition's last entry, 0 if it never had one. */
export function readSequence(store: Store, partition: number): number {
  return store.getBinary(sequenceKey(partition))?.readUIntBE(0, 6) ?? 0;
}

/** Gives the entries of one transaction their places. */
export class InboxWriter {
  readonly #store: Store;
  readonly #sequences = new Map<number, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  put(partition: number, record: Buffer): void {
    const sequence = (this.#sequences.get(partition) ?? readSequence(this.#store, partition)) + 1;
    this.#sequences.set(partition, sequence);
    this.#store.putSync(inboxKey(partition, sequence), record);
  }

  /** Call it after the last `put`. */
  end(): void {
    for (const [partition, sequence] of this.#sequences) this.#store.putSync(sequenceKey(partition), number48(sequence));
  }
}
