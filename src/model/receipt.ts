/**
 * Proof that data is held with the declared durability. A receiver can answer success only with one, and only the journal issues them:
 * the import law lets no other room import `issueReceipt`.
 */
export type Durability = 'memory' | 'disk' | 'redis' | 'redis_fsync' | 'redis_replica';

declare const issued: unique symbol;

export interface Receipt {
  readonly [issued]: true;
  /** `none`: a terminal exporter without a journal (debug, file, nop) took the data, which promises nothing. */
  readonly durability: Durability | 'none';
  readonly items: number;
}

export function issueReceipt(durability: Durability | 'none', items: number): Receipt {
  return Object.freeze({ durability, items }) as Receipt;
}
