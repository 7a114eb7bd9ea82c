/** One journal of a directory, as one process sees it. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../model/clock.ts';
import type { Durability } from '../../model/receipt.ts';
import { issueReceipt, type Receipt } from '../../model/receipt.ts';
import { closed, entryBytesMax, entryTooLarge, noSuchPartition, ownedAlready } from '../faults.ts';
import type { GatheredEntries, Journal, JournalStats, NewEntry, Owner, Pair, Partition, Space } from '../journal.ts';
import { Ownership } from '../ownership.ts';
import { systemClock } from '../system-clock.ts';
import { type Appended, AppendQueue } from './append-queue.ts';
import type { EntryStore } from './entry-store.ts';
import type { Environment, Store } from './environment.ts';
import { FileLeases, memberName } from './file-leases.ts';
import { FilePartition, scanStore } from './file-partition.ts';
import { readSequence } from './inbox.ts';
import type { Usage } from './usage.ts';

export interface FileJournalOptions {
  readonly name: string;
  readonly environment: Environment;
  readonly store: Store;
  readonly entries: EntryStore;
  readonly durability: Durability;
  readonly format: number;
  readonly partitions: number;
  readonly bytesMax: number;
  readonly leaseMs: number;
  /** Stamps entries. */
  readonly clock: Clock;
  /** Paces leases; the machine's own time outside of tests. */
  readonly leaseClock: Clock;
  /** Told of trouble with the leases, and with `undefined` that it is over. */
  report(error: unknown): void;
}

/** How soon an owner sees what was appended; sooner where much of it waits. */
const lookMs = 50;

export class FileJournal implements Journal {
  readonly durability: Durability;
  readonly partitions: number;
  readonly #options: FileJournalOptions;
  readonly #appends: AppendQueue;
  readonly #owned = new Map<number, { readonly partition: FilePartition; sequence: number }>();
  readonly #closing = new AbortController();
  readonly #unlisten: () => void;
  #usage: Usage;
  /** Entries ever appended, when this process looked last. */
  #looked = -1;
  #ownership: Ownership | undefined;
  #looking: Promise<void> | undefined;
  #damaged = 0;
  #isInTrouble = false;

  constructor(options: FileJournalOptions) {
    const { name, entries, bytesMax } = options;
    this.#options = options;
    this.durability = options.durability;
    this.partitions = options.partitions;
    this.#appends = new AppendQueue({ name, entries, bytesMax, used: (usage) => void (this.#usage = usage) });
    this.#unlisten = entries.onReadable((partition, bytes, items) => this.#owned.get(partition)?.partition.appended(bytes, items));
    this.#usage = entries.usage();
  }

  async append(what: readonly NewEntry[] | GatheredEntries): Promise<Receipt> {
    if (this.#closing.signal.aborted) throw closed(this.#options.name);
    const entries = typeof what === 'function' ? () => this.#stamped(what()) : this.#stamped(what);
    return issueReceipt(this.durability, await this.#appends.push(entries, this.#usage.bytes));
  }

  #stamped(entries: readonly NewEntry[]): readonly Appended[] {
    const { name, bytesMax, clock, entries: store } = this.#options;
    const payloadMax = Math.min(entryBytesMax, bytesMax - store.headLength);
    const appendedAtMs = clock.now();
    const appended: Appended[] = [];
    for (const { partition, payload, items } of entries) {
      if (!this.#has(partition)) throw noSuchPartition(name, partition);
      if (payload.length > payloadMax) throw entryTooLarge(name, payload.length, payloadMax);
      appended.push({ partition, payload, items, appendedAtMs });
    }
    return appended;
  }

  async own(owner: Owner): Promise<void> {
    const { name, store, environment, leaseMs, leaseClock, report } = this.#options;
    if (this.#closing.signal.aborted) throw closed(name);
    if (this.#ownership) throw ownedAlready(name);
    const leases = new FileLeases(store, environment.transactions, leaseClock);
    this.#ownership = new Ownership({
      store: leases,
      member: memberName(randomBytes(8).toString('hex')),
      partitions: this.partitions,
      owner: {
        acquired: (partition) => owner.acquired(partition),
        released: (partition) => this.#release(partition, owner),
      },
      clock: leaseClock,
      leaseMs,
      open: (id, lease, lost) => this.#open(id, lease, lost, leases),
      report,
    });
    await this.#ownership.start();
    this.#looking = this.#keepLooking();
  }

  stats(): JournalStats {
    return {
      bytes: this.#usage.bytes,
      bytesMax: this.#options.bytesMax,
      inboxItems: this.#usage.items,
      partitionsOwned: this.#ownership?.count ?? 0,
      damaged: this.#damaged,
    };
  }

  async peek(partition: number, space: Space, from: string, to: string, limit: number): Promise<readonly Pair[]> {
    const { name, store } = this.#options;
    if (this.#closing.signal.aborted) throw closed(name);
    if (!this.#has(partition)) throw noSuchPartition(name, partition);
    store.resetReadTxn();
    return scanStore(store, partition, space, from, to, limit).pairs;
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    const { environment, report } = this.#options;
    await this.#ownership?.stop().catch(report);
    await this.#looking;
    await this.#appends.idle();
    this.#unlisten();
    await environment.transactions.idle();
    await environment.close();
  }

  #has(partition: number): boolean {
    return Number.isInteger(partition) && partition >= 0 && partition < this.partitions;
  }

  #open(id: number, lease: string, lost: AbortController, leases: FileLeases): FilePartition {
    const { format, store, entries, environment } = this.#options;
    const damaged = (count: number): void => void (this.#damaged += count);
    const partition = new FilePartition({
      id,
      format,
      lease,
      lost,
      store,
      entries,
      transactions: environment.transactions,
      leases,
      damaged,
    });
    this.#owned.set(id, { partition, sequence: readSequence(store, id) });
    lost.signal.addEventListener('abort', () => this.#owned.delete(id), { once: true });
    return partition;
  }

  #release(partition: Partition, owner: Owner): Promise<void> {
    this.#owned.get(partition.id)?.partition.hurry();
    return owner.released(partition);
  }

  async #keepLooking(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await systemClock.sleep(lookMs, this.#closing.signal);
      if (this.#closing.signal.aborted) return;
      this.#look();
      await this.#options.entries.look().then(
        () => this.#tell(undefined),
        (error: unknown) => this.#tell(error),
      );
    }
  }

  /** Trouble with the entries, once and when it is over. */
  #tell(trouble: unknown): void {
    if ((trouble !== undefined) === this.#isInTrouble) return;
    this.#isInTrouble = trouble !== undefined;
    this.#options.report(trouble);
  }

  /** Sees what was appended, here or in other processes, and tells the owner. */
  #look(): void {
    const { store, entries } = this.#options;
    this.#usage = entries.usage();
    if (this.#usage.appended === this.#looked) return;
    this.#looked = this.#usage.appended;
    for (const [id, owned] of this.#owned) {
      const sequence = readSequence(store, id);
      if (sequence === owned.sequence) continue;
      owned.sequence = sequence;
      owned.partition.notify();
    }
  }
}
