/**
 * Who owns which partition: the same code for every store.
 *
 * Every replica is a member that says so from time to time. Rendezvous hashing over the live members names the wanted owner of each
 * partition; nobody has to agree on anything else. A partition, seen from one replica:
 *
 *   free ──acquire──► held ──not wanted, or closing──► handing over ──release──► free
 *                      │  the store says that the lease is another's
 *                      └──────────────────────────────────────────────► lost
 *
 * A lease is the text `<member>/<nonce>`, and the store checks all of it in each commit. Its time limit only says when another member may
 * take it, so clocks decide how soon a partition moves, never whether two owners can write.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../model/clock.ts';
import type { Owner, Partition } from './journal.ts';

/** What ownership needs of a store. Each call is one atomic step. */
export interface LeaseStore {
  /** Says that `member` and its leases live for another `ttlMs`. Answers with those of the leases that are not its own any more. */
  renew(member: string, leases: ReadonlyMap<number, string>, ttlMs: number): Promise<readonly number[]>;
  /** The live members. */
  members(): Promise<readonly string[]>;
  /** Takes the partition if it is free or its holder is dead or too late. */
  acquire(partition: number, lease: string, ttlMs: number): Promise<boolean>;
  /** Gives the partition back if the lease is still in force. */
  release(partition: number, lease: string): Promise<void>;
  leave(member: string): Promise<void>;
}

export interface OwnershipOptions {
  readonly store: LeaseStore;
  readonly member: string;
  readonly partitions: number;
  readonly owner: Owner;
  readonly clock: Clock;
  readonly leaseMs: number;
  /** Makes the owner's view of a partition. */
  open(id: number, lease: string, lost: AbortController): Partition;
  /** Told of each failed turn, and with `undefined` of the first good one after it. */
  report(error: unknown): void;
}

interface Held {
  readonly partition: Partition;
  readonly lease: string;
  readonly lost: AbortController;
  handover: Promise<void> | undefined;
}

/** An owner that does not finish within this time is not waited for. */
const handoverMs = 2_000;
/** How soon a replica sees that another came or went. */
const turnMs = 200;

export const leaseMsDefault = 15_000;

/** The member with the highest hash over (partition, member): a member that comes or goes moves only its own share. */
export function wantedOwner(partition: number, members: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestRank = '';
  for (const member of members) {
    const rank = createHash('sha256').update(`${partition}\n${member}`).digest('hex');
    if (rank > bestRank) {
      best = member;
      bestRank = rank;
    }
  }
  return best;
}

/** The member that a lease belongs to. */
export function holderOf(lease: string): string {
  return lease.slice(0, lease.lastIndexOf('/'));
}

export class Ownership {
  readonly #options: OwnershipOptions;
  readonly #held = new Map<number, Held>();
  readonly #stopping = new AbortController();
  #renewedAtMs = Number.NEGATIVE_INFINITY;
  #members = '';
  #wanted: ReadonlySet<number> = new Set();
  #loop: Promise<void> = Promise.resolve();

  constructor(options: OwnershipOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#held.size;
  }

  /** After the first turn: a lone member then owns everything. */
  async start(): Promise<void> {
    await this.#turn();
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await Promise.all([...this.#held.keys()].map((id) => this.#handOver(id)));
    await this.#options.store.leave(this.#options.member);
  }

  async #run(): Promise<void> {
    const { clock, leaseMs, report } = this.#options;
    const waitMs = Math.min(turnMs, leaseMs / 10);
    let failing = false;
    while (!this.#stopping.signal.aborted) {
      await clock.sleep(waitMs, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      try {
        await this.#turn();
        if (failing) report(undefined);
        failing = false;
      } catch (error) {
        failing = true;
        report(error);
      }
    }
  }

  async #turn(): Promise<void> {
    await this.#renew();
    await this.#look();
    for (const id of this.#held.keys()) if (!this.#wanted.has(id)) void this.#handOver(id).catch(this.#options.report);
    if (this.#stopping.signal.aborted) return;
    await Promise.all([...this.#wanted].filter((id) => !this.#held.has(id)).map((id) => this.#acquire(id)));
  }

  async #renew(): Promise<void> {
    const { store, clock, leaseMs, member } = this.#options;
    if (clock.now() - this.#renewedAtMs < leaseMs / 5) return;
    const startedAtMs = clock.now();
    const leases = new Map([...this.#held].map(([id, { lease }]) => [id, lease]));
    for (const id of await store.renew(member, leases, leaseMs)) if (this.#held.get(id)?.lease === leases.get(id)) this.#lose(id);
    this.#renewedAtMs = startedAtMs;
  }

  async #look(): Promise<void> {
    const { store, partitions, member } = this.#options;
    const members = await store.members();
    const text = members.join('\n');
    if (text === this.#members) return;
    this.#members = text;
    const wanted = new Set<number>();
    for (let id = 0; id < partitions; id++) if (wantedOwner(id, members) === member) wanted.add(id);
    this.#wanted = wanted;
  }

  async #acquire(id: number): Promise<void> {
    const { store, member, leaseMs, open, owner } = this.#options;
    const lease = `${member}/${randomBytes(8).toString('hex')}`;
    if (!(await store.acquire(id, lease, leaseMs))) return;
    const lost = new AbortController();
    const partition = open(id, lease, lost);
    this.#held.set(id, { partition, lease, lost, handover: undefined });
    lost.signal.addEventListener('abort', () => this.#lose(id), { once: true });
    owner.acquired(partition);
  }

  #lose(id: number): void {
    const held = this.#held.get(id);
    if (!held || held.handover) return;
    this.#held.delete(id);
    held.lost.abort();
  }

  #handOver(id: number): Promise<void> {
    const held = this.#held.get(id);
    if (!held) return Promise.resolve();
    held.handover ??= this.#finish(id, held);
    return held.handover;
  }

  async #finish(id: number, held: Held): Promise<void> {
    const { store, owner, clock } = this.#options;
    const late = new AbortController();
    const finished = owner.released(held.partition).catch(this.#options.report);
    await Promise.race([finished, clock.sleep(handoverMs, late.signal)]);
    late.abort();
    held.lost.abort();
    this.#held.delete(id);
    await store.release(id, held.lease);
  }
}
