import type { Store } from './environment.ts';
import { usageKey } from './layout.ts';

/** What a journal holds, kept in the store and changed in the transactions that change it, so all processes agree on it. */
export interface Usage {
  /** Entries ever appended: tells the owners in other processes that there is something new. */
  appended: number;
  items: number;
  bytes: number;
}

/** As of the transaction that runs, else of the last one that this thread has seen. */
export function readUsage(store: Store): Usage {
  const stored = store.getBinary(usageKey);
  if (!stored) return { appended: 0, items: 0, bytes: 0 };
  return { appended: stored.readUIntBE(0, 6), items: stored.readUIntBE(6, 6), bytes: stored.readUIntBE(12, 6) };
}

/** Counts never go below zero: a damaged entry does not know its items. */
export function writeUsage(store: Store, usage: Usage): void {
  const stored = Buffer.allocUnsafe(18);
  stored.writeUIntBE(usage.appended, 0, 6);
  stored.writeUIntBE(Math.max(0, usage.items), 6, 6);
  stored.writeUIntBE(Math.max(0, usage.bytes), 12, 6);
  store.putSync(usageKey, stored);
}
