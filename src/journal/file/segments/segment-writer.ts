/**
 * Writes groups of entries into segments, one group after the other.
 *
 *   no segment ──► one that is being written ──full, or taken over by another process──► the next one
 *
 * A segment is this process's as long as its record says so. A process that was stopped for long may find that another one has taken it over: what it wrote
 * meanwhile may or may not have been seen by that one, so it is written once more, elsewhere.
 */
import type { Append } from '../append-queue.ts';
import type { Store } from '../environment.ts';
import { smallStepBytes, type Transactions } from '../transactions.ts';
import { unavailable } from '../unavailable.ts';
import { headLength, writeHead } from './entry-head.ts';
import type { Held, HeldEntry } from './inbox-feed.ts';
import { type SegmentFile, type SegmentFiles, segmentBytesMax } from './segment-files.ts';
import { addSegment, getSegment, type Segment, writerName } from './segment-table.ts';

const attemptsMax = 3;

export interface SegmentWriterOptions {
  readonly store: Store;
  readonly transactions: Transactions;
  readonly files: SegmentFiles;
  /** Told of what is held, in order. */
  held(held: Held): void;
}

export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #file: SegmentFile | undefined;
  /** The one behind it, made before it is needed. */
  #next: Promise<SegmentFile> | undefined;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
  }

  /** Resolves when all of it is held. Rejects, with nothing of it promised, with `GW_JOURNAL_UNAVAILABLE` or `GW_JOURNAL_LOCKED`. */
  async write(appends: readonly Append[], bytes: number): Promise<void> {
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const file = await this.#fileFor(bytes);
      const { parts, entries } = layOut(appends, file);
      await file.append(parts, bytes).catch((error: unknown) => this.#failed(file, error));
      const segment = this.#look(file.number);
      if (segment?.writer === writerName) return this.#options.held({ segment: file.number, entries, end: file.length });
      await this.#end(file);
      // It was taken over, and done with, before it had this file.
      if (!segment) await this.#options.files.remove(file.number);
    }
    throw unavailable('write', new Error('another process takes over whatever this one writes'));
  }

  /** Nothing more is written. */
  async end(): Promise<void> {
    await this.#end(this.#file);
    await this.#end(await this.#next?.catch(() => undefined));
  }

  /** The segment takes nothing more. */
  async #end(file: SegmentFile | undefined): Promise<void> {
    if (!file) return;
    if (file === this.#file) this.#file = undefined;
    this.#options.held({ segment: file.number, entries: [], end: file.length, last: true });
    await file.close();
  }

  async #fileFor(bytes: number): Promise<SegmentFile> {
    if (this.#file && this.#file.length > 0 && this.#file.length + bytes > segmentBytesMax) await this.#end(this.#file);
    if (!this.#file) {
      const next = this.#next ?? this.#make();
      this.#next = undefined;
      this.#file = await next;
    }
    if (this.#file.length > segmentBytesMax / 2 && !this.#next) this.#prepare();
    return this.#file;
  }

  #prepare(): void {
    const next = this.#make();
    this.#next = next;
    // Whoever needs it tries again, and says what is the matter.
    next.catch(() => {
      if (this.#next === next) this.#next = undefined;
    });
  }

  /** A segment that takes nothing more can be removed soon, which makes room on a disk that is full. */
  async #failed(file: SegmentFile, error: unknown): Promise<never> {
    if (file.length > 0) await this.#end(file);
    throw unavailable('write', error);
  }

  /** The record comes before the file: a file without a record is nobody's. */
  async #make(): Promise<SegmentFile> {
    const { store, transactions, files } = this.#options;
    const number = await transactions.run(smallStepBytes, () => addSegment(store));
    try {
      return await files.create(number);
    } catch (error) {
      this.#options.held({ segment: number, entries: [], end: 0, last: true });
      throw unavailable('write', error);
    }
  }

  #look(number: number): Segment | undefined {
    const { store } = this.#options;
    store.resetReadTxn();
    return getSegment(store, number);
  }
}

/** Heads and payloads by turns, as they come to stand behind what the file has. */
function layOut(appends: readonly Append[], file: SegmentFile): { readonly parts: Uint8Array[]; readonly entries: HeldEntry[] } {
  const count = appends.reduce((sum, append) => sum + append.entries.length, 0);
  const heads = Buffer.allocUnsafe(count * headLength);
  const parts: Uint8Array[] = [];
  const entries: HeldEntry[] = [];
  let position = file.length;
  for (const append of appends)
    for (const entry of append.entries) {
      const head = heads.subarray(entries.length * headLength, (entries.length + 1) * headLength);
      writeHead(head, entry.payload, entry, { segment: file.number, position });
      parts.push(head, entry.payload);
      const bytes = headLength + entry.payload.length;
      entries.push({ partition: entry.partition, items: entry.items, bytes, head });
      position += bytes;
    }
  return { parts, entries };
}
