import type { Partition } from '../../../journal/journal.ts';
import type { Bytes } from '../../../model/bytes.ts';
import type { Assembler } from '../assemble/assemble.ts';
import { Trace as TraceOf } from '../assemble/trace.ts';
import { decodeParked, type ParkedRecord } from './entry-codec.ts';
import type { HeldDraft, Trace } from './held-draft.ts';
import type { IndexedTraces } from './indexed-traces.ts';
import { restoreNodes } from './restore-nodes.ts';

const pageOfChunks = 64;
const pageOfParked = 16;
/** The bound may be passed by this part of it. */
const uncountedShare = 4;

/** The first key behind all keys of a trace: `0` follows `/`. */
export function endOfTrace(traceKey: string): string {
  return `${traceKey}0`;
}

/**
 * The traces of one partition that were lately seen. A trace that is not here is rebuilt from the journal's `index` and `park`; the one not used
 * for longest goes first, as soon as all that is known of it stands in the journal.
 */
export class TraceCache {
  readonly #partition: Partition;
  readonly #assembler: Assembler<HeldDraft>;
  readonly #indexed: IndexedTraces;
  readonly #nodesMax: number;
  readonly #parked: () => number;
  readonly #traces = new Map<string, Trace>();
  /** Traces that were new and are not saved yet. */
  #fresh: Trace[] = [];
  /** Nodes that may have come since the last count, at most. */
  #news = 0;

  /** `parked`: how many drafts are known to be parked; those whose deadline was damaged are not. */
  constructor(partition: Partition, assembler: Assembler<HeldDraft>, indexed: IndexedTraces, nodesMax: number, parked: () => number) {
    this.#partition = partition;
    this.#assembler = assembler;
    this.#indexed = indexed;
    this.#nodesMax = nodesMax;
    this.#parked = parked;
  }

  get size(): number {
    return this.#traces.size;
  }

  /** Makes the traces ready for `get`. */
  async load(keys: Iterable<string>, nowMs: number): Promise<void> {
    const missing: string[] = [];
    for (const key of keys) {
      const trace = this.#traces.get(key);
      if (trace) {
        this.#traces.delete(key);
        this.#traces.set(key, trace);
      } else missing.push(key);
    }
    if (missing.length === 0) return;
    const anyParked = await this.#anyParked();
    const restored: Promise<void>[] = [];
    for (const key of missing) {
      const indexed = this.#indexed.mayHold(key, nowMs);
      if (indexed || anyParked) restored.push(this.#restore(key, indexed, anyParked, nowMs));
      else this.#fresh.push(this.#begin(key));
    }
    await Promise.all(restored);
  }

  #begin(key: string): Trace {
    const trace: Trace = new TraceOf(key, key.slice(key.indexOf(':') + 1));
    this.#traces.set(key, trace);
    this.#news += 1;
    return trace;
  }

  /** Asked once for all traces of a step: often nothing is parked, and then none of them has to be looked for. */
  async #anyParked(): Promise<boolean> {
    return this.#parked() > 0 || (await this.#partition.scan('park', '', '~', 1)).length > 0;
  }

  peek(key: string): Trace | undefined {
    return this.#traces.get(key);
  }

  /** The trace; it was loaded in the same step. */
  get(key: string): Trace {
    const trace = this.#traces.get(key);
    if (!trace) throw new Error('cannot assemble trace: it is not loaded');
    this.#news += 1;
    return trace;
  }

  drop(key: string): void {
    this.#traces.delete(key);
  }

  /** Forgets traces that need not be kept. */
  evict(): void {
    this.#forgetWhole();
    this.#forgetOldest();
  }

  /**
   * A new trace that waits for nobody is most likely whole, since parents end last: it goes as soon as it is saved, before it becomes old in the
   * collector's sense. Whoever comes late finds it in the journal, and from then on it is kept like the others.
   */
  #forgetWhole(): void {
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const trace of fresh) {
      // It may have been dropped, and have come anew.
      if (this.#traces.get(trace.key) !== trace) continue;
      if (trace.unsaved > 0) this.#fresh.push(trace);
      else if (trace.waiting.size === 0 && trace.logs.count === 0) this.#traces.delete(trace.key);
    }
  }

  /** Until the bound holds. A trace weighs its nodes and one more. Counting visits all of them, so it is not done for a few nodes. */
  #forgetOldest(): void {
    if (this.#news < this.#nodesMax / uncountedShare) return;
    this.#news = 0;
    let weight = 0;
    for (const trace of this.#traces.values()) weight += 1 + trace.size;
    for (const [key, trace] of this.#traces) {
      if (weight <= this.#nodesMax) return;
      if (trace.unsaved > 0) continue;
      this.#traces.delete(key);
      weight -= 1 + trace.size;
    }
  }

  async #restore(key: string, indexed: boolean, anyParked: boolean, nowMs: number): Promise<void> {
    const trace = this.#begin(key);
    // What is parked keeps its trace's index beyond the late window.
    const parked = anyParked && (await this.#partition.scan('park', `${key}/`, endOfTrace(key), 1)).length > 0;
    const chunks: Bytes[] = [];
    if (parked || indexed) await this.#pages('index', key, pageOfChunks, (value) => chunks.push(value));
    if (chunks.length > 0) restoreNodes(trace, chunks);
    if (parked) await this.#pages('park', key, pageOfParked, (value) => this.#restoreParked(trace, value, nowMs));
    this.#news += trace.size;
    if (trace.size === 0) this.#fresh.push(trace);
  }

  /**
   * Only the skeleton is kept; the body is read again when the draft has its place. A value that cannot be read is left out: its deadline finds it.
   */
  #restoreParked(trace: Trace, value: Bytes, nowMs: number): void {
    const parked = readableParked(value);
    if (!parked) return;
    const { awaits, deadlineMs, appendedAtMs, entry, position, destination, draft } = parked;
    this.#assembler.restore(trace, {
      skeleton: draft.skeleton,
      filteredParent: '',
      hash: draft.hash,
      entry,
      position,
      appendedAtMs,
      traceKey: trace.key,
      destination,
      operations: draft.operations,
      bytes: draft.bytes,
      start: 0,
      awaits,
      deadlineMs,
      sinceMs: nowMs,
      state: 'parked',
      held: undefined,
      parkedUntilMs: deadlineMs,
    });
  }

  async #pages(space: 'index' | 'park', traceKey: string, limit: number, each: (value: Bytes) => void): Promise<void> {
    const to = endOfTrace(traceKey);
    let from = `${traceKey}/`;
    for (;;) {
      const page = await this.#partition.scan(space, from, to, limit);
      for (const { value } of page) each(value);
      if (page.length < limit) return;
      from = `${(page.at(-1) as { key: string }).key}\0`;
    }
  }
}

function readableParked(value: Bytes): ParkedRecord | undefined {
  try {
    return decodeParked(value);
  } catch {
    return undefined;
  }
}
