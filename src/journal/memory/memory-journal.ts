import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../model/clock.ts';
import { issueReceipt, type Receipt } from '../../model/receipt.ts';
import { closed, entryBytesMax, entryTooLarge, full, markFor, noSuchPartition, ownedAlready } from '../faults.ts';
import type { GatheredEntries, Journal, JournalStats, NewEntry, Owner, Pair, Space } from '../journal.ts';
import { Ownership } from '../ownership.ts';
import { MemoryPartition } from './memory-partition.ts';
import type { MemoryState } from './memory-state.ts';

export interface MemoryJournalOptions {
  readonly name: string;
  readonly state: MemoryState;
  readonly bytesMax: number;
  readonly clock: Clock;
  readonly leaseClock: Clock;
  readonly leaseMs: number;
}

export class MemoryJournal implements Journal {
  readonly durability = 'memory';
  readonly partitions: number;
  readonly #options: MemoryJournalOptions;
  #ownership: Ownership | undefined;
  #closed = false;

  constructor(options: MemoryJournalOptions) {
    this.#options = options;
    this.partitions = options.state.partitions.length;
  }

  async append(what: readonly NewEntry[] | GatheredEntries): Promise<Receipt> {
    if (this.#closed) throw closed(this.#options.name);
    if (typeof what !== 'function') return this.#append(what);
    await setImmediate();
    return this.#append(what());
  }

  #append(entries: readonly NewEntry[]): Receipt {
    const { name, state, bytesMax, clock } = this.#options;
    const entryMax = Math.min(entryBytesMax, bytesMax);
    let added = 0;
    let items = 0;
    for (const entry of entries) {
      if (!state.partition(entry.partition)) throw noSuchPartition(name, entry.partition);
      if (entry.payload.length > entryMax) throw entryTooLarge(name, entry.payload.length, entryMax);
      added += entry.payload.length;
      items += entry.items;
    }
    if (state.bytes + added > markFor(items, bytesMax)) throw full(name, state.bytes, bytesMax);
    const now = clock.now();
    for (const entry of entries) state.append(entry, now);
    return issueReceipt('memory', items);
  }

  async own(owner: Owner): Promise<void> {
    const { name, state, leaseClock, leaseMs } = this.#options;
    if (this.#closed) throw closed(name);
    if (this.#ownership) throw ownedAlready(name);
    this.#ownership = new Ownership({
      store: state.leases,
      member: `memory.${randomBytes(8).toString('hex')}`,
      partitions: this.partitions,
      owner,
      clock: leaseClock,
      leaseMs,
      open: (id, lease, lost) => new MemoryPartition(state, id, lease, lost),
      report: () => {},
    });
    await this.#ownership.start();
  }

  stats(): JournalStats {
    const { state, bytesMax } = this.#options;
    return {
      bytes: state.bytes,
      bytesMax,
      inboxItems: state.items,
      partitionsOwned: this.#ownership?.count ?? 0,
      damaged: 0,
    };
  }

  async peek(partition: number, space: Space, from: string, to: string, limit: number): Promise<readonly Pair[]> {
    const { name, state } = this.#options;
    const found = state.partition(partition);
    if (!found) throw noSuchPartition(name, partition);
    return found
      .space(space)
      .range(from, to, limit)
      .map(([key, value]) => ({ key, value }));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#ownership?.stop();
  }
}
