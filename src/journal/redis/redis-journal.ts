/** One journal in Redis, as one replica sees it. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../model/clock.ts';
import { type Durability, issueReceipt, type Receipt } from '../../model/receipt.ts';
import { closed, entryBytesMax, entryTooLarge, noSuchPartition, ownedAlready } from '../faults.ts';
import type { GatheredEntries, Journal, JournalStats, NewEntry, Owner, Pair, Space } from '../journal.ts';
import { Ownership } from '../ownership.ts';
import { encodeEntry, entryHeaderLength } from '../record.ts';
import { AppendQueue, type EncodedEntry } from './append-queue.ts';
import { AppendTurns } from './append-turns.ts';
import type { JournalKeys, PartitionKeys } from './layout.ts';
import type { Assurance, Link } from './link.ts';
import type { Persistence } from './node-facts.ts';
import { RedisLeases } from './redis-leases.ts';
import { RedisPartition } from './redis-partition.ts';
import { scanPartition } from './scan.ts';
import { UsageTable } from './usage-table.ts';
import { Watch } from './watch.ts';

/** Each kind of work has its own connections, so that a large read or a slow disk does not hold up the others. */
export interface Links {
  readonly appends: Link;
  readonly commits: Link;
  readonly reads: Link;
}

export interface RedisJournalOptions {
  readonly name: string;
  readonly keys: JournalKeys;
  readonly links: Links;
  readonly durability: Durability;
  readonly assurance: Assurance;
  readonly persistence: Persistence;
  readonly format: number;
  readonly partitions: number;
  readonly bytesMax: number;
  readonly memoryShareMax: number;
  readonly instanceId: string;
  readonly leaseMs: number;
  /** Stamps entries. */
  readonly clock: Clock;
  /** Paces leases; the machine's own time outside of tests. */
  readonly leaseClock: Clock;
  /** Told of trouble with the servers, and with `undefined` that it is over. */
  report(error: unknown): void;
  /** Told of acknowledged bytes that a server does not have any more. */
  missing(bytes: number, partitions: number): void;
}

export class RedisJournal implements Journal {
  readonly durability: Durability;
  readonly partitions: number;
  readonly #options: RedisJournalOptions;
  readonly #keys: readonly PartitionKeys[];
  readonly #usage: UsageTable;
  readonly #appends: AppendQueue;
  readonly #turns = new AppendTurns();
  readonly #watch: Watch;
  readonly #owned = new Map<number, RedisPartition>();
  #ownership: Ownership | undefined;
  #closed = false;
  #damaged = 0;

  constructor(options: RedisJournalOptions) {
    const { name, keys, links, partitions, bytesMax } = options;
    this.#options = options;
    this.durability = options.durability;
    this.partitions = partitions;
    this.#keys = Array.from({ length: partitions }, (_, id) => keys.partition(id));
    this.#usage = new UsageTable(partitions, (id) => this.#owned.get(id)?.notify());
    this.#appends = new AppendQueue({ name, link: links.appends, usage: this.#usage, bytesMax });
    this.#watch = new Watch({ ...options, link: links.reads, usage: this.#usage, owned: () => this.#owned.keys() });
  }

  /** Before anything else. */
  async start(): Promise<void> {
    await this.#watch.begin();
  }

  async append(what: readonly NewEntry[] | GatheredEntries): Promise<Receipt> {
    if (this.#closed) throw closed(this.#options.name);
    if (typeof what !== 'function') return this.#append(what);
    const { refusal } = this.#watch;
    if (refusal) throw refusal;
    await this.#turns.begin();
    try {
      return await this.#append(what());
    } finally {
      this.#turns.end();
    }
  }

  async #append(entries: readonly NewEntry[]): Promise<Receipt> {
    const { name, bytesMax, clock } = this.#options;
    const payloadMax = Math.min(entryBytesMax, bytesMax - entryHeaderLength);
    for (const { partition, payload } of entries) {
      if (!this.#keys[partition]) throw noSuchPartition(name, partition);
      if (payload.length > payloadMax) throw entryTooLarge(name, payload.length, payloadMax);
    }
    const now = clock.now();
    const encoded: EncodedEntry[] = [];
    let items = 0;
    let bytes = 0;
    for (const entry of entries) {
      const record = encodeEntry(entry.payload, entry.items, now);
      encoded.push({ keys: this.#keys[entry.partition] as PartitionKeys, record, items: entry.items });
      items += entry.items;
      bytes += record.length;
    }
    const { refusal } = this.#watch;
    if (refusal && !(items === 0 && refusal.code === 'GW_JOURNAL_FULL')) throw refusal;
    await this.#appends.push(encoded, items, bytes);
    return issueReceipt(this.durability, items);
  }

  async own(owner: Owner): Promise<void> {
    const { name, keys, links, instanceId, leaseMs, leaseClock, report } = this.#options;
    if (this.#closed) throw closed(name);
    if (this.#ownership) throw ownedAlready(name);
    this.#ownership = new Ownership({
      store: new RedisLeases(links.reads, keys),
      member: `${instanceId}~${randomBytes(8).toString('hex')}`,
      partitions: this.partitions,
      owner,
      clock: leaseClock,
      leaseMs,
      open: (id, lease, lost) => this.#open(id, lease, lost),
      report,
    });
    await this.#ownership.start();
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
    const { name, links } = this.#options;
    if (this.#closed) throw closed(name);
    const keys = this.#keys[partition];
    if (!keys) throw noSuchPartition(name, partition);
    return (await scanPartition(links.reads, keys, space, from, to, limit)).pairs;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { links, report } = this.#options;
    await this.#ownership?.stop().catch(report);
    await this.#turns.idle();
    await this.#appends.idle();
    await this.#watch.stop();
    for (const link of Object.values(links) as Link[]) link.close();
  }

  #open(id: number, lease: string, lost: AbortController): RedisPartition {
    const { format, links } = this.#options;
    const { reads, commits } = links;
    const partition = new RedisPartition({
      format,
      keys: this.#keys[id] as PartitionKeys,
      lease,
      lost,
      reads,
      commits,
      damaged: (count) => void (this.#damaged += count),
      used: (answer) => this.#usage.take(id, answer),
    });
    this.#owned.set(id, partition);
    lost.signal.addEventListener('abort', () => this.#forget(partition), { once: true });
    return partition;
  }

  #forget(partition: RedisPartition): void {
    if (this.#owned.get(partition.id) === partition) this.#owned.delete(partition.id);
  }
}
