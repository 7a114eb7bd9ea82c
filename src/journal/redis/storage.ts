/**
 * Journals in Redis: read this file first.
 *
 *   RedisStorage ──open──► level.ts: do the servers give the declared durability?
 *        │                     └─► RedisJournal ──append──► AppendQueue ─┐ one pipeline per node, one script per partition
 *        │                              ├──own──► RedisPartition ─commit─┴► Link ──► the masters
 *        │                              └──────► Watch: what is used, how the servers are, what is new
 *        └ layout.ts: the keys · scripts.ts, lease-scripts.ts: the steps that the server takes as a whole
 *
 * Each partition lives in one slot, so a cluster spreads the partitions over its masters. Any replica may append to any partition; the
 * one that holds the partition's lease reads and commits.
 */
import { hostname } from 'node:os';
import type { Clock } from '../../model/clock.ts';
import type { Finding } from '../../model/finding.ts';
import type { Journal, JournalOptions, Storage } from '../journal.ts';
import { leaseMsDefault } from '../ownership.ts';
import { systemClock } from '../system-clock.ts';
import type { RedisAddress } from './address.ts';
import { examineServers } from './examine.ts';
import { openFormat } from './format.ts';
import { journalKeys } from './layout.ts';
import { checkLevel } from './level.ts';
import { type Assurance, Link } from './link.ts';
import { factsOf, type Persistence } from './node-facts.ts';
import { type Links, RedisJournal } from './redis-journal.ts';
import { unavailable } from './unavailable.ts';

export interface RedisStorageOptions {
  readonly address: RedisAddress;
  readonly prefix?: string;
  readonly persistence?: Persistence;
  readonly memoryShareMax?: number;
  readonly dialTimeoutMs?: number;
  readonly commandTimeoutMs?: number;
  readonly instanceId?: string;
  readonly clock?: Clock;
  readonly leaseMs?: number;
  readonly leaseClock?: Clock;
  /** Told of trouble with the servers, and with `undefined` that it is over. */
  readonly report?: (error: unknown) => void;
  /** Told of acknowledged bytes that a server does not have any more. */
  readonly missing?: (bytes: number, partitions: number) => void;
}

export const prefixDefault = 'spanway';
export const memoryShareMaxDefault = 0.7;
export const dialTimeoutMsDefault = 5_000;
export const commandTimeoutMsDefault = 5_000;

export class RedisStorage implements Storage {
  readonly #options: RedisStorageOptions;

  constructor(options: RedisStorageOptions) {
    this.#options = options;
  }

  /** Connects without a journal, so that trouble with it shows. */
  async check(): Promise<void> {
    (await this.#link('reply')).close();
  }

  examine({ durability, bytesMax }: JournalOptions): Promise<readonly Finding[]> {
    const { persistence = 'probe', memoryShareMax = memoryShareMaxDefault } = this.#options;
    return examineServers({ open: () => this.#link('reply'), durability, persistence, bytesMax, memoryShareMax });
  }

  async open(name: string, options: JournalOptions): Promise<Journal> {
    const { prefix = prefixDefault, persistence = 'probe', memoryShareMax = memoryShareMaxDefault } = this.#options;
    const { clock, leaseClock, leaseMs, instanceId, report, missing } = this.#options;
    const reads = await this.#link('reply');
    const opened = [reads];
    try {
      const nodes = await Promise.all(reads.nodes().map((node) => factsOf(node, persistence))).catch((error: unknown) => {
        throw unavailable('look at', error);
      });
      const assurance = checkLevel(name, options.durability, nodes);
      const keys = journalKeys(prefix, name);
      const { format, partitions } = await openFormat(reads, keys, name, options.partitions);
      const appends = await this.#link(assurance);
      opened.push(appends);
      const commits = await this.#link(assurance);
      opened.push(commits);
      const journal = new RedisJournal({
        name,
        keys,
        links: { appends, commits, reads } satisfies Links,
        durability: options.durability,
        assurance,
        persistence,
        format,
        partitions,
        bytesMax: options.bytesMax,
        memoryShareMax,
        instanceId: instanceId ?? hostname(),
        leaseMs: leaseMs ?? leaseMsDefault,
        clock: clock ?? systemClock,
        leaseClock: leaseClock ?? systemClock,
        report: report ?? (() => {}),
        missing: missing ?? (() => {}),
      });
      await journal.start();
      return journal;
    } catch (error) {
      for (const link of opened) link.close();
      throw unavailable('open a journal in', error);
    }
  }

  #link(assurance: Assurance): Promise<Link> {
    const { address, dialTimeoutMs = dialTimeoutMsDefault, commandTimeoutMs = commandTimeoutMsDefault } = this.#options;
    return Link.open({ address, dialTimeoutMs, commandTimeoutMs, name: 'spanway' }, assurance);
  }
}
