/**
 * Appends of one journal, on their way into its entries. Whatever has come by the time these are about to write goes along.
 */
import { free } from '../../model/free.ts';
import { full, markFor } from '../faults.ts';
import type { NewEntry } from '../journal.ts';
import type { EntryStore, Room } from './entry-store.ts';
import type { Usage } from './usage.ts';

/** An entry on its way. */
export interface Appended extends NewEntry {
  readonly appendedAtMs: number;
}

/** What one append brings. */
export interface Append {
  readonly entries: readonly Appended[];
  /** As the journal counts them. */
  readonly bytes: number;
  readonly items: number;
  /** Why it is not held, if it is not. */
  refused: unknown;
}

interface Waiting {
  /** What makes the entries, until they are made. */
  readonly gathered: (() => readonly Appended[]) | undefined;
  append: Append;
  readonly resolve: (items: number) => void;
  readonly reject: (error: unknown) => void;
}

export interface AppendQueueOptions extends Room {
  readonly entries: EntryStore;
  /** Told what the journal holds after each group. */
  used(usage: Usage): void;
}

/** Those of the appends for which there is room beside `used` bytes. Marks the others as refused. */
export function admitted(appends: readonly Append[], used: number, { name, bytesMax }: Room): readonly Append[] {
  let bytes = used;
  return appends.filter((append) => {
    const hasRoom = append.bytes <= markFor(append.items, bytesMax) - bytes;
    append.refused = hasRoom ? undefined : full(name, bytes, bytesMax);
    if (hasRoom) bytes += append.bytes;
    return hasRoom;
  });
}

/** What is written at a time: it is held in memory until it is synced. */
export const groupBytesMax = 4 * 2 ** 20;

export class AppendQueue {
  readonly #options: AppendQueueOptions;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** The entries will ask for what waits. */
  #asked = false;
  #holding = 0;
  #idle: () => void = () => {};

  constructor(options: AppendQueueOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the number of items that are held. `entries`: or what makes them, which may throw why they cannot be appended. `usedBytes`: what the
   * journal was last known to hold. Refuses early what would only wait in memory to be refused.
   */
  push(entries: readonly Appended[] | (() => readonly Appended[]), usedBytes: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const gathered = typeof entries === 'function' ? entries : undefined;
      const append = this.#appendOf(gathered ? [] : (entries as readonly Appended[]));
      const { name, bytesMax } = this.#options;
      const used = usedBytes + this.#waitingBytes;
      const mark = gathered ? bytesMax : markFor(append.items, bytesMax);
      if (used + append.bytes > mark) return reject(full(name, used, bytesMax));
      this.#waiting.push({ gathered, append, resolve, reject });
      this.#waitingBytes += append.bytes;
      if (!this.#asked) this.#ask();
    });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    if (this.#holding > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  /** What comes while one group is written goes into the very next one. */
  #ask(): void {
    this.#asked = true;
    this.#holding++;
    let group: readonly Waiting[] | undefined;
    const take = (gathers: boolean): readonly Waiting[] => {
      const taken = this.#take(gathers);
      this.#asked = false;
      if (this.#waiting.length > 0) this.#ask();
      return taken;
    };
    let appends: readonly Append[] | undefined;
    const made = (): readonly Append[] => {
      group ??= take(true);
      appends ??= group.flatMap(({ append }) => (append.refused === undefined ? [append] : []));
      return appends;
    };
    this.#options.entries
      .hold(made, this.#options)
      .then(
        (usage) => {
          this.#options.used(usage);
          for (const waiting of group ?? []) settle(waiting);
        },
        (error: unknown) => {
          for (const { reject } of group ?? take(false)) reject(error);
        },
      )
      .finally(() => {
        if (--this.#holding === 0) this.#idle();
      });
  }

  /** `gathers`: entries that are refused unseen need not be made. */
  #take(gathers: boolean): readonly Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const waiting of this.#waiting) {
      if (count > 0 && bytes + waiting.append.bytes > groupBytesMax) break;
      this.#waitingBytes -= waiting.append.bytes;
      if (gathers && waiting.gathered) waiting.append = this.#gather(waiting.gathered);
      bytes += waiting.append.bytes;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  /** What cannot be made is refused, and nothing of it written. */
  #gather(gathered: () => readonly Appended[]): Append {
    try {
      return this.#appendOf(gathered());
    } catch (error) {
      return { entries: [], bytes: 0, items: 0, refused: error };
    }
  }

  #appendOf(entries: readonly Appended[]): Append {
    let bytes = 0;
    let items = 0;
    for (const entry of entries) {
      bytes += this.#options.entries.headLength + entry.payload.length;
      items += entry.items;
    }
    return { entries, bytes, items, refused: undefined };
  }
}

function settle({ append: { entries, items, refused }, resolve, reject }: Waiting): void {
  if (refused !== undefined) {
    reject(refused);
    return;
  }
  // Whoever reads it has a copy of his own.
  for (const { payload } of entries) free(payload);
  resolve(items);
}
