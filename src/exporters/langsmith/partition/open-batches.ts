import type { BatchLimits } from '../sealed-batch.ts';
import { composedBytesMax, operationsMax } from './compose.ts';
import type { PlacedRun } from './held-draft.ts';

/** Runs for one destination that are not sealed yet. */
export class OpenBatch {
  /** JSON of the destination's reference. */
  readonly destination: string;
  readonly openedAtMs: number;
  readonly limits: BatchLimits;
  readonly runs: PlacedRun[] = [];
  bytesMax = 0;
  operations = 0;
  /** Some of its runs stand in `park` until it is sealed. */
  holdsParked = false;

  constructor(destination: string, openedAtMs: number, limits: BatchLimits) {
    this.destination = destination;
    this.openedAtMs = openedAtMs;
    this.limits = limits;
  }

  hasRoom(operations: number, bytesMax: number): boolean {
    return this.operations + operations <= this.limits.operations && this.bytesMax + bytesMax <= this.limits.bytes;
  }
}

const destinationsMax = 256;

/** The batches of one partition that are being filled: one per destination, and those that are full. Each run goes into exactly one. */
export class OpenBatches {
  readonly #open = new Map<string, OpenBatch>();
  #full: OpenBatch[] = [];
  readonly #flushTimeoutMs: number;
  readonly #limitsOf: (destination: string) => BatchLimits;

  constructor(flushTimeoutMs: number, limitsOf: (destination: string) => BatchLimits) {
    this.#flushTimeoutMs = flushTimeoutMs;
    this.#limitsOf = limitsOf;
  }

  get empty(): boolean {
    return this.#open.size === 0 && this.#full.length === 0;
  }

  /** When the next batch is due, ms since the epoch; `Infinity` if none is open. */
  get dueAtMs(): number {
    if (this.#full.length > 0) return 0;
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const { openedAtMs } of this.#open.values()) oldestMs = Math.min(oldestMs, openedAtMs);
    return oldestMs + this.#flushTimeoutMs;
  }

  add(run: PlacedRun, destination: string, sinceMs: number): void {
    const bytesMax = composedBytesMax(run);
    const operations = operationsMax(run);
    let batch = this.#open.get(destination);
    if (batch && !batch.hasRoom(operations, bytesMax)) {
      this.#close(batch);
      batch = undefined;
    }
    if (!batch) this.#open.set(destination, (batch = new OpenBatch(destination, sinceMs, this.#limitsOf(destination))));
    batch.runs.push(run);
    batch.holdsParked ||= run.draft?.held === undefined || run.logs.some(({ held }) => held === undefined);
    batch.bytesMax += bytesMax;
    batch.operations += operations;
    if (batch.operations >= batch.limits.operations || this.#open.size > destinationsMax) this.#close(batch);
  }

  /** The run that holds this node, in a batch that is not sealed. */
  find(node: PlacedRun['node']): PlacedRun | undefined {
    for (const batch of [...this.#full, ...this.#open.values()]) {
      const run = batch.runs.find((candidate) => candidate.node === node);
      if (run) return run;
    }
    return undefined;
  }

  /**
   * Takes out what is full or has waited long enough; everything if `all`. In the order in which they were opened: parents before children.
   * Parked runs leave together with the rest: once their parent is in the index, nothing would wake them after a crash. `parkedToo`: the index gets what
   * woke them in this step.
   */
  takeDue(nowMs: number, all: boolean, parkedToo = false): OpenBatch[] {
    for (const batch of this.#open.values()) if (all || batch.openedAtMs + this.#flushTimeoutMs <= nowMs) this.#close(batch);
    if (parkedToo || this.#full.length > 0) for (const batch of this.#open.values()) if (batch.holdsParked) this.#close(batch);
    const due = this.#full;
    this.#full = [];
    return due;
  }

  #close(batch: OpenBatch): void {
    this.#open.delete(batch.destination);
    this.#full.push(batch);
  }
}
