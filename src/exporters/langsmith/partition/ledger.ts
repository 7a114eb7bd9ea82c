/** Where every span, and every log record, is: `stored = delivered + deadLettered + waiting`, at any time. */
export interface Balance {
  /** In partitions that are ours: appended, by us or another replica, taken over with them, or replayed from the dead letters; without duplicates. */
  readonly stored: number;
  /** Re-sends, counted when they are recognised: until then they are stored and wait. */
  readonly duplicate: number;
  readonly delivered: number;
  readonly deadLettered: number;
  /** In the inbox, in memory, parked, or sealed and not delivered. */
  readonly waiting: number;
}

/** What a partition that we own holds. `unread`: appended by ourselves and not read yet. */
export interface Tally {
  readonly partition: number;
  unread: number;
  memory: number;
  parked: number;
  sealed: number;
}

type Place = 'memory' | 'parked' | 'sealed';

/**
 * Counts spans as they move. Every move takes them from one place to another, so an imbalance means that a step lost or doubled one.
 * A span is in the books of the replica that owns its partition, whoever appended it; so with several replicas over one journal the equation
 * holds for each, and the sums are those of the journal.
 */
export class Ledger {
  #stored = 0;
  #duplicate = 0;
  #delivered = 0;
  #deadLettered = 0;
  readonly #tallies = new Set<Tally>();
  readonly #current = new Map<number, Tally>();

  open(partition: number): Tally {
    const tally = { partition, unread: 0, memory: 0, parked: 0, sealed: 0 };
    this.#tallies.add(tally);
    this.#current.set(partition, tally);
    return tally;
  }

  /** What stood in the journal when the partition was taken. */
  adopted(tally: Tally, place: 'parked' | 'sealed', items: number): void {
    tally[place] += items;
    this.#stored += items;
  }

  /** The partition goes with all that it holds. */
  close(tally: Tally): void {
    if (!this.#tallies.delete(tally)) return;
    if (this.#current.get(tally.partition) === tally) this.#current.delete(tally.partition);
    this.#stored -= tally.unread + tally.memory + tally.parked + tally.sealed;
  }

  /** Said before the append, since entries may be read before its answer comes. Returns what takes it back if the append fails. */
  appending(entries: readonly { readonly partition: number; readonly items: number }[]): () => void {
    const counted = entries.flatMap(({ partition, items }) => {
      const tally = this.#current.get(partition);
      return tally ? [{ tally, items }] : [];
    });
    for (const { tally, items } of counted) {
      tally.unread += items;
      this.#stored += items;
    }
    return () => {
      for (const { tally, items } of counted) if (this.#tallies.has(tally)) this.#stored -= forget(tally, items);
    };
  }

  /** An entry was read. Those that were not expected are another replica's, or of an earlier life. */
  took(tally: Tally, items: number): void {
    this.#stored += items - forget(tally, items);
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

  /** A log record that no run shows. */
  dropped(tally: Tally, from: 'memory' | 'parked'): void {
    if (!this.#tallies.has(tally)) return;
    tally[from] -= 1;
    this.#stored -= 1;
  }

  moved(tally: Tally, from: Place, to: Place, items: number): void {
    tally[from] -= items;
    tally[to] += items;
  }

  /** A send that ends after its partition was given away is somebody else's to count. */
  delivered(tally: Tally, items: number): void {
    if (!this.#tallies.has(tally)) return;
    tally.sealed -= items;
    this.#delivered += items;
  }

  deadLettered(tally: Tally, from: Place, items: number): void {
    if (!this.#tallies.has(tally)) return;
    tally[from] -= items;
    this.#deadLettered += items;
  }

  /** A dead letter, of whatever run of the gateway, is sealed again. */
  revived(tally: Tally, items: number): void {
    this.#stored += items;
    tally.sealed += items;
  }

  /** Those of the waiting that stand in `park`. */
  parked(): number {
    let parked = 0;
    for (const tally of this.#tallies) parked += tally.parked;
    return parked;
  }

  balance(): Balance {
    let waiting = 0;
    for (const { unread, memory, parked, sealed } of this.#tallies) waiting += unread + memory + parked + sealed;
    return { stored: this.#stored, duplicate: this.#duplicate, delivered: this.#delivered, deadLettered: this.#deadLettered, waiting };
  }
}

/** Takes up to `items` off what is expected; returns how many. */
function forget(tally: Tally, items: number): number {
  const taken = Math.min(items, tally.unread);
  tally.unread -= taken;
  return taken;
}
