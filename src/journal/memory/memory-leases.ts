import type { LeaseStore } from '../ownership.ts';

interface Lease {
  readonly text: string;
  untilMs: number;
}

export class MemoryLeases implements LeaseStore {
  readonly #members = new Map<string, number>();
  readonly #leases = new Map<number, Lease>();

  isHeld(partition: number, lease: string): boolean {
    return this.#leases.get(partition)?.text === lease;
  }

  async renew(member: string, leases: ReadonlyMap<number, string>, ttlMs: number): Promise<readonly number[]> {
    const untilMs = Date.now() + ttlMs;
    this.#members.set(member, untilMs);
    const lost: number[] = [];
    for (const [partition, text] of leases) {
      const lease = this.#leases.get(partition);
      if (lease?.text === text) lease.untilMs = untilMs;
      else lost.push(partition);
    }
    return lost;
  }

  async members(): Promise<readonly string[]> {
    const now = Date.now();
    for (const [member, untilMs] of this.#members) if (untilMs <= now) this.#members.delete(member);
    return [...this.#members.keys()];
  }

  async acquire(partition: number, lease: string, ttlMs: number): Promise<boolean> {
    const now = Date.now();
    const current = this.#leases.get(partition);
    if (current && current.untilMs > now) return false;
    this.#leases.set(partition, { text: lease, untilMs: now + ttlMs });
    return true;
  }

  async release(partition: number, lease: string): Promise<void> {
    if (this.isHeld(partition, lease)) this.#leases.delete(partition);
  }

  async leave(member: string): Promise<void> {
    this.#members.delete(member);
  }
}
