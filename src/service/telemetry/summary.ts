/**
 * Repeated lines: the first ones of a window are logged in full, of the rest every so many, and in the end one line says how many were left out.
 * Keyed by level and sentence, which are fixed texts of the program, so there are only so many keys. Source: `service::telemetry::logs::sampling`.
 */
export type Emit = (level: 'debug' | 'info' | 'warn' | 'error', sentence: string, facts: Readonly<Record<string, unknown>>) => void;

export interface Sampling {
  readonly enabled: boolean;
  /** Length of a window, ms. */
  readonly tick: number;
  readonly initial: number;
  /** 0 = none of the rest. */
  readonly thereafter: number;
}

/** The Collector's. */
export const samplingDefault: Sampling = { enabled: true, tick: 10_000, initial: 10, thereafter: 100 };

interface Count {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly sentence: string;
  readonly windowEndsAtMs: number;
  seen: number;
  leftOut: number;
}

export class Summary {
  readonly #emit: Emit;
  readonly #now: () => number;
  readonly #counts = new Map<string, Count>();
  sampling = samplingDefault;

  constructor(emit: Emit, now: () => number) {
    this.#emit = emit;
    this.#now = now;
  }

  log(level: 'debug' | 'info' | 'warn' | 'error', sentence: string, facts: Readonly<Record<string, unknown>>): void {
    const { enabled, tick, initial, thereafter } = this.sampling;
    if (!enabled) {
      this.#emit(level, sentence, facts);
      return;
    }
    const now = this.#now();
    const key = `${level} ${sentence}`;
    let count = this.#counts.get(key);
    if (!count || now >= count.windowEndsAtMs) {
      if (count) this.#tell(count);
      count = { level, sentence, windowEndsAtMs: now + tick, seen: 0, leftOut: 0 };
      this.#counts.set(key, count);
    }
    count.seen += 1;
    const isShown = count.seen <= initial || (thereafter > 0 && (count.seen - initial) % thereafter === 0);
    if (isShown) this.#emit(level, sentence, facts);
    else count.leftOut += 1;
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

  #tell({ level, sentence, leftOut }: Count): void {
    if (leftOut > 0) this.#emit(level, sentence, { repeated: leftOut });
  }
}
