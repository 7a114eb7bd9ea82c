import type { Bytes } from '../../model/bytes.ts';
import { checkChange } from '../check-change.ts';
import { fenced } from '../faults.ts';
import { formats } from '../format.ts';
import type { Change, Entry, EntryId, Pair, Partition, Space } from '../journal.ts';
import type { MemoryState } from './memory-state.ts';

export class MemoryPartition implements Partition {
  readonly id: number;
  readonly format = formats.newest;
  readonly lost: AbortSignal;
  readonly #state: MemoryState;
  readonly #lease: string;
  readonly #lost: AbortController;

  constructor(state: MemoryState, id: number, lease: string, lost: AbortController) {
    this.id = id;
    this.lost = lost.signal;
    this.#state = state;
    this.#lease = lease;
    this.#lost = lost;
  }

  async read(after: EntryId | undefined, bytesMax: number): Promise<readonly Entry[]> {
    const found: Entry[] = [];
    let room = bytesMax;
    for (const entry of this.#held().inbox.values()) {
      if (after !== undefined && entry.id <= after) continue;
      room -= entry.payload.length;
      if (room < 0 && found.length > 0) break;
      found.push(entry);
    }
    return found;
  }

  onAppend(listener: (much: boolean) => void): void {
    const { listeners } = this.#held();
    listeners.add(listener);
    this.lost.addEventListener('abort', () => listeners.delete(listener), { once: true });
  }

  async get(space: Space, key: string): Promise<Bytes | undefined> {
    return this.#held().space(space).get(key);
  }

  async scan(space: Space, from: string, to: string, limit: number): Promise<readonly Pair[]> {
    const found = this.#held().space(space).range(from, to, limit);
    return found.map(([key, value]) => ({ key, value }));
  }

  async commit(change: Change): Promise<void> {
    checkChange(change);
    this.#held();
    if (!this.#state.leases.isHeld(this.id, this.#lease)) {
      this.#lost.abort();
      throw fenced(this.id);
    }
    this.#state.commit(this.id, change);
  }

  #held(): NonNullable<ReturnType<MemoryState['partition']>> {
    const state = this.#state.partition(this.id);
    if (this.lost.aborted || !state) throw fenced(this.id);
    return state;
  }
}
