/**
 * What a memory journal holds. Replicas that open the same name of one `MemoryStorage` share it.
 * An entry's id is its sequence number as 16 digits; it is given when the entry is appended and never again.
 */
import { type Bytes, bytes } from '../../model/bytes.ts';
import type { Change, Entry, EntryId, NewEntry, Space } from '../journal.ts';
import { MemoryLeases } from './memory-leases.ts';
import { OrderedMap } from './ordered-map.ts';

type StoredEntry = Entry & { readonly payload: Bytes };

/** The caller may reuse its buffer, and a slice must not keep a larger buffer alive. */
function copyOf(given: Bytes): Bytes {
  const copy = bytes.allocUnsafeSlow(given.length);
  copy.set(given);
  return copy;
}

class PartitionState {
  readonly inbox = new Map<EntryId, StoredEntry>();
  readonly spaces = new Map<Space, OrderedMap<Bytes>>();
  readonly listeners = new Set<(much: boolean) => void>();
  sequence = 0;
  notifying = false;

  space(name: Space): OrderedMap<Bytes> {
    let space = this.spaces.get(name);
    if (!space) this.spaces.set(name, (space = new OrderedMap()));
    return space;
  }
}

export class MemoryState {
  readonly partitions: readonly PartitionState[];
  readonly leases = new MemoryLeases();
  bytes = 0;
  items = 0;

  constructor(partitions: number) {
    this.partitions = Array.from({ length: partitions }, () => new PartitionState());
  }

  partition(id: number): PartitionState | undefined {
    return this.partitions[id];
  }

  append({ partition, payload, items }: NewEntry, appendedAtMs: number): void {
    const state = this.partitions[partition] as PartitionState;
    const id = `${++state.sequence}`.padStart(16, '0');
    state.inbox.set(id, { id, items, appendedAtMs, payload: copyOf(payload) });
    this.bytes += payload.length;
    this.items += items;
    this.#notify(state);
  }

  commit(partition: number, change: Change): void {
    const state = this.partitions[partition] as PartitionState;
    for (const id of change.acknowledge ?? []) this.#acknowledge(state, id);
    for (const { space, key } of change.delete ?? []) this.#delete(state.space(space), key);
    for (const { space, key, value } of change.put ?? []) {
      this.#delete(state.space(space), key);
      state.space(space).set(key, copyOf(value));
      this.bytes += key.length + value.length;
    }
  }

  #acknowledge(state: PartitionState, id: EntryId): void {
    const entry = state.inbox.get(id);
    if (!entry) return;
    state.inbox.delete(id);
    this.bytes -= entry.payload.length;
    this.items -= entry.items;
  }

  #delete(space: OrderedMap<Bytes>, key: string): void {
    const value = space.get(key);
    if (!value) return;
    space.delete(key);
    this.bytes -= key.length + value.length;
  }

  #notify(state: PartitionState): void {
    if (state.notifying) return;
    state.notifying = true;
    queueMicrotask(() => {
      state.notifying = false;
      for (const listener of state.listeners) listener(false);
    });
  }
}
