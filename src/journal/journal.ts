/**
 * The journal: the durable buffer between acknowledging spans and delivering runs. Read this file first; the stores are three ways to keep it.
 *
 *   append (any replica) ──► partition p: inbox, first in first out
 *                                │ read by the one replica that owns p
 *                                ▼
 *                            commit: one atomic, durable, fenced step
 *                              acknowledge entries · put and delete keys in the partition's ordered map
 *
 * A partition is an inbox and an ordered map, nothing else. What waits for a parent, which batches are sealed, what a trace looks like, and the
 * dead letters are all keys of that map (`Space`), so a store only has to keep two things well, and every step that moves a span from one
 * state to the next is one commit: after a crash the span stands before the step or behind it, never between.
 *
 * An entry is opaque here: bytes with a count of items. Its owner acknowledges it when each of its items stands somewhere else.
 * Entries and map values are read back byte-identical or not at all (`GW_JOURNAL_CORRUPT`); one that is damaged costs only itself.
 *
 * Every partition has at most one owner. Ownership is a lease with a nonce; each commit is checked against the whole lease, so an owner that
 * was paused longer than its lease can do no harm: its commits fail with `GW_JOURNAL_FENCED`.
 */
import type { Bytes } from '../model/bytes.ts';
import type { Finding } from '../model/finding.ts';
import type { Durability, Receipt } from '../model/receipt.ts';

/** Position of an entry within its partition; ordered as text. */
export type EntryId = string;

export interface NewEntry {
  readonly partition: number;
  /** The journal's from the append on: it gives the memory back when the entry is held. */
  readonly payload: Bytes;
  /** Items (drafts) in the payload; 0: a command to the owner. */
  readonly items: number;
}

/** Makes entries when the store is about to write them, so that what comes until then can share them. Called at most once, in a later turn. */
export type GatheredEntries = () => readonly NewEntry[];

export interface Entry {
  readonly id: EntryId;
  readonly items: number;
  /** When it was appended, ms since the epoch. */
  readonly appendedAtMs: number;
  /** `undefined` if the stored bytes are damaged: the owner dead-letters the entry's items. */
  readonly payload: Bytes | undefined;
}

/** Key spaces of a partition's map. Keys are ordered as bytes of their UTF-8 text; at most 500 bytes long. */
export type Space = 'park' | 'due' | 'index' | 'batch' | 'body' | 'dead' | 'meta';

export interface Pair {
  readonly key: string;
  readonly value: Bytes;
}

/** One step. Everything or nothing, durable when the promise resolves. */
export interface Change {
  readonly acknowledge?: readonly EntryId[];
  readonly put?: readonly { readonly space: Space; readonly key: string; readonly value: Bytes }[];
  readonly delete?: readonly { readonly space: Space; readonly key: string }[];
}

/** A partition while it is owned. After `lost` every call rejects with `GW_JOURNAL_FENCED`. */
export interface Partition {
  readonly id: number;
  /** Of the whole journal (`format.ts`): a former version may come back to it, so owners put nothing into it that this format does not have. */
  readonly format: number;
  readonly lost: AbortSignal;
  /**
   * The entries behind `after` (from the first unacknowledged one, without it) in order of appending; at least one if there is any, then up to
   * `bytesMax`. Empty if there are none: it does not wait. What another process has appended may come some milliseconds after its receipt.
   */
  read(after: EntryId | undefined, bytesMax: number): Promise<readonly Entry[]>;
  /**
   * The payload of an entry that was read and is not acknowledged, once more; `undefined` if it is damaged. Absent where that costs much: where it is, an
   * owner keeps no payloads in memory, and those that it read are its own.
   */
  reread?(id: EntryId): Promise<Bytes | undefined>;
  /** Calls back (at most once per change of state, within some milliseconds) when there may be new entries. `much`: they had better be read now. */
  onAppend(listener: (much: boolean) => void): void;
  get(space: Space, key: string): Promise<Bytes | undefined>;
  /** Pairs with `from <= key < to` in order of keys, at most `limit`. A damaged value is left out, deleted, and counted in `stats`. */
  scan(space: Space, from: string, to: string, limit: number): Promise<readonly Pair[]>;
  commit(change: Change): Promise<void>;
}

/** Takes partitions and gives them back. */
export interface Owner {
  acquired(partition: Partition): void;
  /** A planned handover: finish or drop what is under way for this partition, then resolve. After that (or 2 s) another replica may own it. */
  released(partition: Partition): Promise<void>;
}

export interface JournalStats {
  readonly bytes: number;
  readonly bytesMax: number;
  /** Items in entries that are not acknowledged yet, over all partitions. */
  readonly inboxItems: number;
  readonly partitionsOwned: number;
  readonly damaged: number;
}

/** One exporter's journal. Partition numbers are `0 … partitions-1`, fixed when the journal is first made. */
export interface Journal {
  readonly durability: Durability;
  readonly partitions: number;
  /**
   * Resolves when all entries are held with the declared durability, or rejects with none of them promised: `GW_JOURNAL_FULL` (over the
   * high-water mark; commands have some room beyond it), `GW_JOURNAL_ENTRY_TOO_LARGE`, `GW_JOURNAL_UNAVAILABLE`. Entries that are gathered are
   * not asked for if the store refuses them before. Payloads are the journal's from now on: it may give their memory back once they are held.
   */
  append(entries: readonly NewEntry[] | GatheredEntries): Promise<Receipt>;
  /** Begins to own partitions. Once per journal. */
  own(owner: Owner): Promise<void>;
  stats(): JournalStats;
  /**
   * For operators, without owning anything: pairs of one space of one partition, possibly a moment old. Same bounds as `Partition.scan`.
   */
  peek(partition: number, space: Space, from: string, to: string, limit: number): Promise<readonly Pair[]>;
  /** Gives all partitions back (`released`), waits for appends under way, closes. */
  close(): Promise<void>;
}

export interface JournalOptions {
  /** The declared level; a store that cannot give it rejects with `GW_JOURNAL_LEVEL`. */
  readonly durability: Durability;
  /** High-water mark: appends beyond it are refused. */
  readonly bytesMax: number;
  /** Wanted number of partitions; a journal that exists keeps its own. */
  readonly partitions?: number;
}

/** A storage extension: opens journals by name (an exporter's id). */
export interface Storage {
  /** Where its files are, for others that belong to them; absent if it keeps none. */
  readonly directory?: string;
  open(name: string, options: JournalOptions): Promise<Journal>;
  /** Looks whether such a journal could be opened, without opening it. Never rejects. */
  examine?(options: JournalOptions): Promise<readonly Finding[]>;
}
