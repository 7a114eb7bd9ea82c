import type { Bytes } from '../../model/bytes.ts';
import { checkChange } from '../check-change.ts';
import { fenced } from '../faults.ts';
import type { Change, Entry, EntryId, Pair, Partition, Space } from '../journal.ts';
import { decodeValue, valueHeaderLength, writeValue } from '../record.ts';
import type { EntryStore } from './entry-store.ts';
import type { Store } from './environment.ts';
import type { FileLeases } from './file-leases.ts';
import { entryId, inboxEnd, inboxKey, sequenceOf, sequenceOfId, spaceKey, textOf, weightOfId } from './layout.ts';
import { recordRoom } from './record-room.ts';
import type { Transactions } from './transactions.ts';
import { readUsage, writeUsage } from './usage.ts';

export interface FilePartitionOptions {
  readonly id: number;
  readonly format: number;
  readonly lease: string;
  readonly lost: AbortController;
  readonly store: Store;
  readonly entries: EntryStore;
  readonly transactions: Transactions;
  readonly leases: FileLeases;
  /** Counts damaged records. */
  damaged(count: number): void;
}

/** So much that was appended is worth a read of its own, and does not wait for the next look. */
const much = { bytes: 2 ** 20, items: 256 } as const;

export class FilePartition implements Partition {
  readonly id: number;
  readonly format: number;
  readonly lost: AbortSignal;
  readonly #options: FilePartitionOptions;
  readonly #listeners = new Set<(much: boolean) => void>();
  /** Appended by this process since the last `read`. */
  #newBytes = 0;
  #newItems = 0;
  #hurries = false;

  constructor(options: FilePartitionOptions) {
    this.#options = options;
    this.id = options.id;
    this.format = options.format;
    this.lost = options.lost.signal;
  }

  async read(after: EntryId | undefined, bytesMax: number): Promise<readonly Entry[]> {
    const { entries, damaged } = this.#options;
    this.#newBytes = 0;
    this.#newItems = 0;
    await entries.readable(this.id);
    const start = inboxKey(this.id, after === undefined ? 0 : sequenceOfId(after) + 1);
    const found: Entry[] = [];
    let room = bytesMax;
    for (const { key, value } of this.#fresh().getRange({ start, end: inboxEnd(this.id) })) {
      const stored = entries.stored(value);
      const { items, bytes, place, appendedAtMs } = stored;
      room -= bytes;
      if (room < 0 && found.length > 0) break;
      found.push({ id: entryId(sequenceOf(key), items, bytes, place), items, appendedAtMs, payload: stored.payload() });
    }
    for (const [at, entry] of found.entries()) {
      if (entry.payload) continue;
      // Another process may have moved it since the record was read.
      const payload = await this.reread(entry.id);
      if (payload) found[at] = { ...entry, payload };
      else damaged(1);
    }
    return found;
  }

  async reread(id: EntryId): Promise<Bytes | undefined> {
    const record = this.#fresh().getBinary(inboxKey(this.id, sequenceOfId(id)));
    return record && this.#options.entries.stored(record).payload();
  }

  /** An entry of this process can be read. */
  appended(bytes: number, items: number): void {
    this.#newBytes += bytes;
    this.#newItems += items;
    if (this.#newBytes >= much.bytes || this.#newItems >= much.items) this.notify(true);
  }

  /** The next owner waits for its commits from now on, so they wait for nobody. */
  hurry(): void {
    this.#hurries = true;
  }

  onAppend(listener: (much: boolean) => void): void {
    this.#listeners.add(listener);
  }

  notify(readNow = false): void {
    if (!this.lost.aborted) for (const listener of this.#listeners) listener(readNow);
  }

  async get(space: Space, key: string): Promise<Bytes | undefined> {
    const record = this.#fresh().getBinary(spaceKey(this.id, space, key));
    if (!record) return undefined;
    const value = decodeValue(record);
    if (!value) await this.#discard(space, [key]);
    return value;
  }

  async scan(space: Space, from: string, to: string, limit: number): Promise<readonly Pair[]> {
    const { pairs, damaged } = scanStore(this.#fresh(), this.id, space, from, to, limit);
    if (damaged.length > 0) await this.#discard(space, damaged);
    return pairs;
  }

  async commit(change: Change): Promise<void> {
    checkChange(change);
    const { transactions, leases, lease, lost, entries } = this.#options;
    this.#fresh();
    let bytes = 0;
    for (const { value } of change.put ?? []) bytes += valueHeaderLength + value.length;
    const step = (): readonly number[] => {
      if (!leases.isHeld(this.id, lease)) {
        lost.abort();
        throw fenced(this.id);
      }
      return this.#apply(change);
    };
    await entries.discard(await (this.#hurries ? transactions.run(bytes, step) : transactions.join(bytes, step)));
  }

  /** Returns the places of entries of which nothing is left. */
  #apply(change: Change): readonly number[] {
    const { store, entries } = this.#options;
    const usage = readUsage(store);
    const places: number[] = [];
    for (const id of change.acknowledge ?? []) {
      if (!store.removeSync(inboxKey(this.id, sequenceOfId(id)))) continue;
      const weight = weightOfId(id);
      usage.items -= weight.items;
      usage.bytes -= weight.bytes;
      places.push(weight.place);
    }
    for (const { space, key } of change.delete ?? []) {
      const stored = spaceKey(this.id, space, key);
      usage.bytes -= weightAt(store, stored);
      store.removeSync(stored);
    }
    for (const { space, key, value } of change.put ?? []) {
      const stored = spaceKey(this.id, space, key);
      const length = valueHeaderLength + value.length;
      usage.bytes += stored.length + length - weightAt(store, stored);
      store.putSync(stored, writeValue(recordRoom(length), value));
    }
    writeUsage(store, usage);
    return entries.release(places);
  }

  async #discard(space: Space, keys: readonly string[]): Promise<void> {
    this.#options.damaged(keys.length);
    await this.commit({ delete: keys.map((key) => ({ space, key })) });
  }

  /** The store as all processes have left it, while this partition is held. */
  #fresh(): Store {
    const { store } = this.#options;
    if (this.lost.aborted) throw fenced(this.id);
    store.resetReadTxn();
    return store;
  }
}

/** Bytes that a key and its value count, 0 if it is not there. */
function weightAt(store: Store, key: Buffer): number {
  const size = store.getBinaryFast(key)?.length;
  return size === undefined ? 0 : key.length + size;
}

export function scanStore(
  store: Store,
  partition: number,
  space: Space,
  from: string,
  to: string,
  limit: number,
): { readonly pairs: readonly Pair[]; readonly damaged: readonly string[] } {
  const pairs: Pair[] = [];
  const damaged: string[] = [];
  const start = spaceKey(partition, space, from);
  const end = spaceKey(partition, space, to);
  if (limit <= 0 || start.compare(end) >= 0) return { pairs, damaged };
  for (const { key, value: record } of store.getRange({ start, end })) {
    const value = decodeValue(record);
    if (value) pairs.push({ key: textOf(key), value });
    else damaged.push(textOf(key));
    if (pairs.length >= limit) break;
  }
  return { pairs, damaged };
}
