/**
 * How many passwords may be tried. A check is slow by design, so whoever guesses would have the time of everybody else: each network has a budget of
 * checks, and all of them together have one. Good pairs that are remembered need no check, so callers that are in stay in while others guess.
 */
import { Fault } from '../../model/fault.ts';
import { networkOf } from '../../model/network.ts';
import { Bucket } from '../rate-limiter/bucket.ts';

/** A check takes about a millisecond: one network gets at most a hundredth of a core, all together a fifth. */
const ofNetwork = { perSecond: 10, burstMs: 10_000 };
const ofAll = { perSecond: 200, burstMs: 2_000 };
/** Further networks are limited together only. */
const networksMax = 10_000;

export class Attempts {
  readonly #now: () => number;
  readonly #all: Bucket;
  /** Who was here last stands last. */
  readonly #networks = new Map<string, Bucket>();

  constructor(now: () => number) {
    this.#now = now;
    this.#all = new Bucket(ofAll.perSecond, ofAll.burstMs, now());
  }

  /** Before each check. Throws `GW_RECEIVE_TOO_BUSY`, with when to try again. */
  take(address: string): void {
    const now = this.#now();
    const waitMs = this.#bucketOf(networkOf(address), now)?.take(1, now) || this.#all.take(1, now);
    if (waitMs > 0)
      throw new Fault('GW_RECEIVE_TOO_BUSY', 'cannot authenticate the request: too many passwords were tried', { retryAfterMs: waitMs });
  }

  #bucketOf(network: string, now: number): Bucket | undefined {
    const known = this.#networks.get(network);
    if (known) this.#networks.delete(network);
    else if (this.#networks.size >= networksMax && !this.#forgetOne(now)) return undefined;
    const bucket = known ?? new Bucket(ofNetwork.perSecond, ofNetwork.burstMs, now);
    this.#networks.set(network, bucket);
    return bucket;
  }

  /** Only one whose bucket is full again: nothing is known of it that a new one would not have. */
  #forgetOne(now: number): boolean {
    for (const [network, bucket] of this.#networks) {
      if (!bucket.isFull(now)) return false;
      return this.#networks.delete(network);
    }
    return false;
  }
}
