import type { LeaseStore } from '../ownership.ts';
import type { JournalKeys } from './layout.ts';
import { acquireScript, membersScript, releaseScript, renewMemberScript, renewScript } from './lease-scripts.ts';
import { type Link, runs } from './link.ts';

/** Members and leases. A lease stands in its partition's slot, where each commit compares it. */
export class RedisLeases implements LeaseStore {
  readonly #link: Link;
  readonly #keys: JournalKeys;

  constructor(link: Link, keys: JournalKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  /** Renews all that can be renewed, then rejects if anything could not. */
  async renew(member: string, leases: ReadonlyMap<number, string>, ttlMs: number): Promise<readonly number[]> {
    const requests = [runs(renewMemberScript, this.#keys.slot, [this.#keys.members], [member, ttlMs])];
    for (const [partition, lease] of leases) {
      const { slot, lease: key } = this.#keys.partition(partition);
      requests.push(runs(renewScript, slot, [key], [lease, ttlMs]));
    }
    const [, ...renewed] = await this.#link.ask('renew leases in', requests);
    return [...leases.keys()].filter((_, at) => renewed[at] === 0);
  }

  async members(): Promise<readonly string[]> {
    const [found] = await this.#link.ask('look for members in', [runs(membersScript, this.#keys.slot, [this.#keys.members], [])]);
    return (found as readonly Buffer[]).map(String).sort();
  }

  async acquire(partition: number, lease: string, ttlMs: number): Promise<boolean> {
    const { slot, lease: key } = this.#keys.partition(partition);
    const [answer] = await this.#link.ask('take a lease from', [runs(acquireScript, slot, [key], [lease, ttlMs])]);
    return answer === 1;
  }

  async release(partition: number, lease: string): Promise<void> {
    const { slot, lease: key } = this.#keys.partition(partition);
    await this.#link.ask('give a lease back to', [runs(releaseScript, slot, [key], [lease])]);
  }

  async leave(member: string): Promise<void> {
    const { slot, members } = this.#keys;
    await this.#link.ask('leave', [{ slot, add: (pipeline) => void pipeline.zrem(members, member) }]);
  }
}
