/** Spans and log records of one exporter: `stored = delivered + deadLettered + waiting`. */
export interface Balance {
  /** Appended by this run of the gateway, or taken over with a partition from another. */
  readonly stored: number;
  /** Requests are not compared: always 0. */
  readonly duplicate: number;
  readonly delivered: number;
  readonly deadLettered: number;
  /** In the journal, or on the way. */
  readonly waiting: number;
}

/**
 * Counts items as they move: appended → unread → held → settled. Every move takes them from one place to another, so an imbalance means that a step
 * lost or doubled one. `own`: appended by this run of the gateway. With several replicas the equation holds for the sums of all of them.
 */
export class Ledger {
  #stored = 0;
  #unread = 0;
  #held = 0;
  #delivered = 0;
  #deadLettered = 0;
  /** Requests that wait, as far as this run of the gateway knows them. */
  requests = 0;

  appended(items: number, requests: number): void {
    this.requests += requests;
    this.#stored += items;
    this.#unread += items;
  }

  took(items: number, own: boolean): void {
    if (own) this.#unread -= items;
    else {
      this.#stored += items;
      this.requests += 1;
    }
    this.#held += items;
  }

  /** Not settled when the partition was given away. */
  gaveBack(items: number, own: boolean): void {
    this.#held -= items;
    if (own) this.#unread += items;
    else {
      this.#stored -= items;
      this.requests -= 1;
    }
  }

  /** One request, with what became of its items. */
  settled(delivered: number, deadLettered: number): void {
    this.requests -= 1;
    this.#held -= delivered + deadLettered;
    this.#delivered += delivered;
    this.#deadLettered += deadLettered;
  }

  balance(): Balance {
    return {
      stored: this.#stored,
      duplicate: 0,
      delivered: this.#delivered,
      deadLettered: this.#deadLettered,
      waiting: this.#unread + this.#held,
    };
  }
}
