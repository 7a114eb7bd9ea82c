/**
 * Members and leases in the store itself. Times are the machine's wall clock, which all processes that can share the store read alike;
 * a clock that jumps moves partitions early or late and nothing else, because commits check the lease and not the time.
 */
import type { Clock } from '../../model/clock.ts';
import { holderOf, type LeaseStore } from '../ownership.ts';
import type { Store } from './environment.ts';
import { leaseKey, memberKey, memberOf, membersFrom, membersTo } from './layout.ts';
import { isGone, processIdentity } from './process-identity.ts';
import { smallStepBytes, type Transactions } from './transactions.ts';

/** A new member of this process: `<identity>~<nonce>`. */
export function memberName(nonce: string): string {
  return `${processIdentity}~${nonce}`;
}

function record(untilMs: number, text: string): Buffer {
  const stored = Buffer.alloc(8 + Buffer.byteLength(text));
  stored.writeDoubleLE(untilMs, 0);
  stored.write(text, 8);
  return stored;
}

export class FileLeases implements LeaseStore {
  readonly #store: Store;
  readonly #transactions: Transactions;
  readonly #clock: Clock;

  constructor(store: Store, transactions: Transactions, clock: Clock) {
    this.#store = store;
    this.#transactions = transactions;
    this.#clock = clock;
  }

  isHeld(partition: number, lease: string): boolean {
    const stored = this.#store.getBinary(leaseKey(partition));
    return stored?.toString('utf8', 8) === lease;
  }

  renew(member: string, leases: ReadonlyMap<number, string>, ttlMs: number): Promise<readonly number[]> {
    return this.#transactions.run(smallStepBytes, () => {
      const untilMs = this.#clock.now() + ttlMs;
      this.#removeDead();
      this.#store.putSync(memberKey(member), record(untilMs, ''));
      const lost: number[] = [];
      for (const [partition, lease] of leases) {
        if (this.isHeld(partition, lease)) this.#store.putSync(leaseKey(partition), record(untilMs, lease));
        else lost.push(partition);
      }
      return lost;
    });
  }

  async members(): Promise<readonly string[]> {
    this.#store.resetReadTxn();
    return this.#memberKeys()
      .filter((key) => this.#lives(key))
      .map(memberOf);
  }

  async acquire(partition: number, lease: string, ttlMs: number): Promise<boolean> {
    this.#store.resetReadTxn();
    if (!this.#isFree(partition)) return false;
    return this.#transactions.run(smallStepBytes, () => {
      if (!this.#isFree(partition)) return false;
      this.#store.putSync(leaseKey(partition), record(this.#clock.now() + ttlMs, lease));
      return true;
    });
  }

  release(partition: number, lease: string): Promise<void> {
    return this.#transactions.run(smallStepBytes, () => {
      if (this.isHeld(partition, lease)) this.#store.removeSync(leaseKey(partition));
    });
  }

  leave(member: string): Promise<void> {
    return this.#transactions.run(smallStepBytes, () => {
      this.#store.removeSync(memberKey(member));
    });
  }

  #isFree(partition: number): boolean {
    const stored = this.#store.getBinary(leaseKey(partition));
    if (!stored || stored.readDoubleLE(0) <= this.#clock.now()) return true;
    return isGone(identityOf(holderOf(stored.toString('utf8', 8))));
  }

  #memberKeys(): Buffer[] {
    return [...this.#store.getKeys({ start: membersFrom, end: membersTo })].map((key) => Buffer.from(key));
  }

  #lives(key: Buffer): boolean {
    const stored = this.#store.getBinary(key);
    return stored !== undefined && stored.readDoubleLE(0) > this.#clock.now() && !isGone(identityOf(memberOf(key)));
  }

  #removeDead(): void {
    for (const key of this.#memberKeys()) if (!this.#lives(key)) this.#store.removeSync(key);
  }
}

function identityOf(member: string): string {
  return member.slice(0, member.indexOf('~'));
}
