import { keyBytesMax, keyTooLong } from './faults.ts';
import type { Change } from './journal.ts';

/** UTF-8 has at most three bytes for each UTF-16 unit, so most keys are known to be short without counting. */
function checkKey(key: string): void {
  if (key.length * 3 <= keyBytesMax) return;
  const bytes = Buffer.byteLength(key);
  if (bytes > keyBytesMax) throw keyTooLong(bytes);
}

/** Throws if a change could not be applied as a whole, before any of it is. */
export function checkChange(change: Change): void {
  for (const { key } of change.put ?? []) checkKey(key);
}
