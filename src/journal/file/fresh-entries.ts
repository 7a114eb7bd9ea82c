import { free } from '../../model/free.ts';
import type { Entry } from '../journal.ts';
import { entryHeaderLength } from '../record.ts';
import type { Appended } from './append-queue.ts';
import { entryId } from './layout.ts';

/**
 * Entries that this process has appended to a partition that it owns, until the owner reads them: so what was just written need not be read back.
 * Only a shortcut. Every entry stands in the store, and is read from there when it is not here: appended by another process, before the partition
 * was taken, or when too much waited. Sequence numbers have no gaps, so it shows whether there is anything between.
 */
export class FreshEntries {
  readonly #bytesMax: number;
  #waiting: Appended[] = [];
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Payload bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** An entry that is held, whose memory is given up; they come in the order of their sequence numbers. */
  add(entry: Appended): void {
    const size = entry.payload.length;
    // The owner is behind: it reads from the store until it has caught up.
    if (this.#bytes + size > this.#bytesMax) {
      free(entry.payload);
      return;
    }
    this.#waiting.push(entry);
    this.#bytes += size;
  }

  /** The entries from `sequence` on without a gap: at least one if the first is here, then up to `bytesMax`. Everything before is forgotten. */
  take(sequence: number, bytesMax: number): Entry[] {
    const taken: Entry[] = [];
    let room = bytesMax;
    let passed = 0;
    for (const entry of this.#waiting) {
      const size = entryHeaderLength + entry.payload.length;
      if (entry.sequence > sequence + taken.length) break;
      const { items, appendedAtMs, payload } = entry;
      const isNext = entry.sequence === sequence + taken.length;
      if (isNext) {
        room -= size;
        if (room < 0 && taken.length > 0) break;
        taken.push({ id: entryId(entry.sequence, items, size), items, appendedAtMs, payload });
      }
      this.#bytes -= payload.length;
      passed += 1;
      if (!isNext) free(payload);
    }
    this.#waiting.splice(0, passed);
    return taken;
  }
}
