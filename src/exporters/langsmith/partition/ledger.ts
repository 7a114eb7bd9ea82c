/** Where every span is: `stored = delivered + deadLettered + waiting`, at any time. */
export interface Balance {
  /**
   * Appended by this run of the gateway, taken over with a partition (from an earlier run, another replica), or replayed from the dead letters;
   * without duplicates.
   */
  readonly stored: number;
  /** Re-sends, counted when they are recognised: until then they are stored and wait. */
  readonly duplicate: number;
  readonly delivered: number;
  readonly deadLettered: number;
  /** In the inbox, in memory, parked, or sealed and not delivered. */
  readonly waiting: number;
}

/** What a partition that we own holds. */
export interface Tally {
  memory: number;
  parked: number;
  sealed: number;
}

/**
 * Counts spans as they move. Every move takes them from one place to another, so an imbalance means that a step lost or doubled one.
 * With several replicas over one journal the equation holds for the sums of all of them.
 */
export class Ledger {
  #stored = 0;
  #unread = 0;
  #duplicate = 0;
  #delivered = 0;
  #deadLettered = 0;
  readonly #tallies = new Set<Tally>();

  open(): Tally {
    const tally = { memory: 0, parked: 0, sealed: 0 };
    this.#tallies.add(tally);
    return tally;
  }

  /** What stood in the journal when the partition was taken. */
  adopted(tally: Tally, place: 'parked' | 'sealed', items: number): void {
    tally[place] += items;
    this.#stored += items;
  }

  /** The partition goes with all that it holds; `unsettled` own spans are in the inbox again. */
  close(tally: Tally, unsettled: number): void {
    if (!this.#tallies.delete(tally)) return;
    this.#stored += unsettled - tally.memory - tally.parked - tally.sealed;
    this.#unread += unsettled;
  }

  appended(items: number): void {
    this.#stored += items;
    this.#unread += items;
  }

  took(tally: Tally, items: number, own: boolean): void {
    if (own) this.#unread -= items;
    else this.#stored += items;
    tally.memory += items;
  }

  /** It had been counted before this partition was taken. */
  replayed(tally: Tally): void {
    tally.memory -= 1;
    this.#stored -= 1;
  }

  duplicate(tally: Tally, from: 'memory' | 'parked'): void {
    tally[from] -= 1;
    this.#stored -= 1;
    this.#duplicate += 1;
  }

  moved(tally: Tally, from: keyof Tally, to: keyof Tally, items: number): void {
    tally[from] -= items;
    tally[to] += items;
  }

  /** A send that ends after its partition was given away is somebody else's to count. */
  delivered(tally: Tally, items: number): void {
    if (!this.#tallies.has(tally)) return;
    tally.sealed -= items;
    this.#delivered += items;
  }

  deadLettered(tally: Tally, from: keyof Tally, items: number): void {
    if (!this.#tallies.has(tally)) return;
    tally[from] -= items;
    this.#deadLettered += items;
  }

  /** A dead letter, of whatever run of the gateway, is sealed again. */
  revived(tally: Tally, items: number): void {
    this.#stored += items;
    tally.sealed += items;
  }

  balance(): Balance {
    let waiting = this.#unread;
    for (const { memory, parked, sealed } of this.#tallies) waiting += memory + parked + sealed;
    return { stored: this.#stored, duplicate: this.#duplicate, delivered: this.#delivered, deadLettered: this.#deadLettered, waiting };
  }
}
