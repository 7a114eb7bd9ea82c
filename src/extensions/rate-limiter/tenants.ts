/**
 * Budgets by tenant, of a bounded number of tenants. Only one whose buckets are full again is forgotten, because then nothing is known of it that a new
 * one would not have. While there is none, further tenants share one budget: whoever makes up names gets no budget for each.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Allowance } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { Bucket } from './bucket.ts';

export type Resource = 'requests' | 'bytes' | 'items';

export interface Rates {
  /** Per second; a resource that is missing has no limit. */
  readonly perSecond: ReadonlyMap<Resource, number>;
  readonly burstMs: number;
}

const names: Readonly<Record<Resource, string>> = { requests: 'requests', bytes: 'bytes', items: 'spans' };

class Budget implements Allowance {
  readonly #buckets: ReadonlyMap<Resource, Bucket>;
  readonly #now: () => number;

  constructor({ perSecond, burstMs }: Rates, now: () => number) {
    this.#now = now;
    this.#buckets = new Map([...perSecond].map(([resource, rate]) => [resource, new Bucket(rate, burstMs, now())]));
  }

  get isFull(): boolean {
    for (const bucket of this.#buckets.values()) if (!bucket.isFull(this.#now())) return false;
    return true;
  }

  spend(of: Resource, amount: number): void {
    const waitMs = this.#buckets.get(of)?.take(amount, this.#now()) ?? 0;
    if (waitMs === 0) return;
    throw new Fault('GW_RECEIVE_TOO_BUSY', `cannot take the request: its sender sent too many ${names[of]}`, {
      retryAfterMs: waitMs,
      hint: 'send less, or ask the operator for a higher limit',
    });
  }
}

export class Tenants {
  readonly #rates: Rates;
  readonly #max: number;
  readonly #now: () => number;
  /** Names are hashed with a key of this process: they may be credentials, and stay in memory for as long as their budget. */
  readonly #key = randomBytes(32);
  /** Who was here last stands last. */
  readonly #budgets = new Map<string, Budget>();
  readonly #shared: Budget;

  constructor(rates: Rates, tenantsMax: number, now: () => number) {
    this.#rates = rates;
    this.#max = tenantsMax;
    this.#now = now;
    this.#shared = new Budget(rates, now);
  }

  get size(): number {
    return this.#budgets.size;
  }

  budgetOf(tenant: string): Allowance {
    const hash = createHmac('sha256', this.#key).update(tenant).digest('base64');
    const known = this.#budgets.get(hash);
    if (known) this.#budgets.delete(hash);
    else if (this.#budgets.size >= this.#max && !this.#forgetOne()) return this.#shared;
    const budget = known ?? new Budget(this.#rates, this.#now);
    this.#budgets.set(hash, budget);
    return budget;
  }

  #forgetOne(): boolean {
    for (const [hash, budget] of this.#budgets) {
      if (budget.isFull) this.#budgets.delete(hash);
      return budget.isFull;
    }
    return false;
  }
}
