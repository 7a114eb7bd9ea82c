import type { Change, Pair, Partition } from '../../../journal/journal.ts';
import { chunkTime } from './index-codec.ts';
import { endOfTrace, type TraceCache } from './trace-cache.ts';

const pageOfChunks = 256;
/** Pause behind a page of which the half or more is deleted, behind another full page, and at the end of the index. */
const pauseMs = { fruitful: 50, fruitless: 1_000, end: 5_000 };

interface LastChunk {
  readonly pair: Pair;
  readonly keys: string[];
}

/**
 * Deletes the index of traces that had no run for the late window and of which nothing is parked. It pages over the whole index, round and round, one
 * page at a time, and the faster the more there is to delete, so that the index cannot grow faster than it is swept. A trace's chunks are ordered by
 * time, so its last one tells its age; a trace that goes on behind the page is left to the next.
 */
export class IndexSweep {
  readonly #partition: Partition;
  readonly #traces: TraceCache;
  readonly #lateWindowMs: number;
  #from = '';
  /** When the next page is due. */
  dueAtMs = 0;

  constructor(partition: Partition, traces: TraceCache, lateWindowMs: number) {
    this.#partition = partition;
    this.#traces = traces;
    this.#lateWindowMs = lateWindowMs;
  }

  /** The deletions of the page that is due. */
  async next(nowMs: number): Promise<NonNullable<Change['delete']>> {
    const page = await this.#partition.scan('index', this.#from, '~', pageOfChunks);
    const full = page.length === pageOfChunks;
    const last = page.at(-1);
    this.#from = full && last ? `${last.key}\0` : '';
    const deletions: { space: 'index'; key: string }[] = [];
    for (const [traceKey, { pair, keys }] of groupByTrace(page)) {
      if (chunkTime(pair.value) + this.#lateWindowMs > nowMs) continue;
      const goesOn = full && pair === last && (await this.#has('index', this.#from, endOfTrace(traceKey)));
      if (goesOn || (this.#traces.peek(traceKey)?.unsaved ?? 0) > 0) continue;
      if (await this.#has('park', `${traceKey}/`, endOfTrace(traceKey))) continue;
      this.#traces.drop(traceKey);
      for (const key of keys) deletions.push({ space: 'index', key });
    }
    this.dueAtMs = nowMs + (!full ? pauseMs.end : 2 * deletions.length >= pageOfChunks ? pauseMs.fruitful : pauseMs.fruitless);
    return deletions;
  }

  async #has(space: 'index' | 'park', from: string, to: string): Promise<boolean> {
    return (await this.#partition.scan(space, from, to, 1)).length > 0;
  }
}

function groupByTrace(page: readonly Pair[]): Map<string, LastChunk> {
  const groups = new Map<string, LastChunk>();
  for (const pair of page) {
    const traceKey = pair.key.slice(0, pair.key.indexOf('/'));
    const keys = groups.get(traceKey)?.keys ?? [];
    keys.push(pair.key);
    groups.set(traceKey, { pair, keys });
  }
  return groups;
}
