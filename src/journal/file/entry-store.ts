import type { Bytes } from '../../model/bytes.ts';
import type { Append } from './append-queue.ts';
import type { Usage } from './usage.ts';

/** A journal and how much it may hold. */
export interface Room {
  readonly name: string;
  readonly bytesMax: number;
}

export interface StoredEntry {
  readonly items: number;
  /** When it was appended, ms since the epoch. */
  readonly appendedAtMs: number;
  /** As the journal counts them. */
  readonly bytes: number;
  /** Where the entry stands, for its id. */
  readonly place: number;
  /** A copy of its own; `undefined` if it is damaged. Throws `GW_JOURNAL_UNAVAILABLE`. */
  payload(): Bytes | undefined;
}

/** Told of entries of this process that can be read from now on. */
export type ReadableListener = (partition: number, bytes: number, items: number) => void;

/**
 * Where a journal's entries stand: in files beside LMDB (`segments/segments.ts`), or in LMDB itself in journals of formats 1 and 2
 * (`inline-entries.ts`). What stands under the keys of an inbox is a record of this store.
 */
export interface EntryStore {
  /** Bytes that an entry counts beside its payload. */
  readonly headLength: number;
  /**
   * Holds what `take` gives, which it calls when it is about to write (again, with the same result, if it has to write again), and marks what there is no
   * room for as refused. Resolves with what the journal holds then. Rejects, with nothing promised, if it cannot write.
   */
  hold(take: () => readonly Append[], room: Room): Promise<Usage>;
  /** What the journal holds. */
  usage(): Usage;
  /** Called when entries of this process can be read. Returns what ends that. */
  onReadable(listener: ReadableListener): () => void;
  /** Resolves when what this process has appended to the partition can be read, or that cannot be had now. */
  readable(partition: number): Promise<void>;
  /** The entry that a record of an inbox stands for. */
  stored(record: Buffer): StoredEntry;
  /** Inside of the transaction that takes entries away, with the place of each. Returns what to hand to `discard` when that is durable. */
  release(places: readonly number[]): readonly number[];
  discard(places: readonly number[]): Promise<void>;
  /** Looks after what others have left. */
  look(): Promise<void>;
  close(): Promise<void>;
}
