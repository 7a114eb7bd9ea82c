/**
 * Repeated lines: the first is logged in full, the next ones are counted, and every ten seconds one line says how many there were.
 * Keyed by level and sentence, which are fixed texts of the program, so there are only so many keys.
 */
export type Emit = (level: 'debug' | 'info' | 'warn' | 'error', sentence: string, facts: Readonly<Record<string, unknown>>) => void;

const windowMs = 10_000;
const burst = 5;

interface Count {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly sentence: string;
  windowEndsAtMs: number;
  seen: number;
}

export class Summary {
  readonly #emit: Emit;
  readonly #now: () => number;
  readonly #counts = new Map<string, Count>();

  constructor(emit: Emit, now: () => number) {
    this.#emit = emit;
    this.#now = now;
  }

  log(level: 'debug' | 'info' | 'warn' | 'error', sentence: string, facts: Readonly<Record<string, unknown>>): void {
    const now = this.#now();
    const key = `${level} ${sentence}`;
    let count = this.#counts.get(key);
    if (!count || now >= count.windowEndsAtMs) {
      if (count) this.#tell(count);
      count = { level, sentence, windowEndsAtMs: now + windowMs, seen: 0 };
      this.#counts.set(key, count);
    }
    count.seen += 1;
    if (count.seen <= burst) this.#emit(level, sentence, facts);
  }

  /** Tells the counts of the windows that have ended; all of them at the end of the program. */
  flush(all: boolean): void {
    const now = this.#now();
    for (const [key, count] of this.#counts) {
      if (!all && now < count.windowEndsAtMs) continue;
      this.#tell(count);
      this.#counts.delete(key);
    }
  }

  #tell({ level, sentence, seen }: Count): void {
    if (seen > burst) this.#emit(level, sentence, { repeated: seen - burst });
  }
}
