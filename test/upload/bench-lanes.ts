import { vi } from 'vitest';
import { createCompressor } from '../../src/exporters/compressor/compressor.ts';
import type { DeadLetter } from '../../src/exporters/dead-letters/dead-letter.ts';
import type {
  BatchContent,
  DestinationRef,
  Lanes,
  SealedBatch,
  Settlement,
  WholeBatch,
} from '../../src/exporters/langsmith/sealed-batch.ts';
import { createLanes, type LanesConfig, type LanesDeps } from '../../src/exporters/langsmith/upload/lanes.ts';
import { Fault } from '../../src/model/fault.ts';
import type { Observer } from '../../src/model/observer.ts';
import { Secret } from '../../src/model/secret.ts';
import { JumpingClock, type ManualClock } from './clocks.ts';

/** The journal's side of the seam, in memory: what is not settled stays in it. */
export class Journal implements Settlement {
  readonly batches = new Map<string, WholeBatch>();
  readonly damagedBatches: string[] = [];
  readonly deliveredRuns: string[] = [];
  readonly letters: DeadLetter[] = [];
  loads = 0;
  /** Thrown, in order, by the next steps. */
  faults: Fault[] = [];

  keep(whole: WholeBatch): void {
    this.batches.set(whole.batch.id, whole);
  }

  async load(batch: SealedBatch): Promise<BatchContent> {
    this.loads += 1;
    return this.#step(batch).content;
  }

  async delivered(batch: SealedBatch): Promise<void> {
    const { content } = this.#step(batch);
    this.batches.delete(batch.id);
    this.deliveredRuns.push(...content.items.map(({ runId }) => runId));
  }

  async split(batch: SealedBatch, parts: readonly WholeBatch[]): Promise<void> {
    this.#step(batch);
    this.batches.delete(batch.id);
    for (const part of parts) this.keep(part);
  }

  async dead(batch: SealedBatch, letters: readonly DeadLetter[]): Promise<void> {
    this.#step(batch);
    this.batches.delete(batch.id);
    this.letters.push(...letters);
  }

  async damaged(batch: SealedBatch): Promise<void> {
    this.#step(batch);
    this.batches.delete(batch.id);
    this.damagedBatches.push(batch.id);
  }

  #step(batch: SealedBatch): WholeBatch {
    const fault = this.faults.shift();
    if (fault) throw fault;
    const kept = this.batches.get(batch.id);
    if (!kept) throw new Fault('GW_BUG', `cannot settle batch ${batch.id}: it is not in the journal`);
    return kept;
  }
}

/** Everything the upload told the operator. */
export class Told {
  readonly entries: unknown[][] = [];
  readonly degraded = new Map<string, string>();
  readonly observer: Observer = new Proxy({} as Observer, {
    get:
      (_, method: string) =>
      (...facts: unknown[]) => {
        this.entries.push([method, ...facts]);
        if (method === 'degraded') this.degraded.set(facts[0] as string, facts[1] as string);
        if (method === 'healthy') this.degraded.delete(facts[0] as string);
      },
  });
}

export interface Bench {
  readonly lanes: Lanes;
  readonly journal: Journal;
  readonly told: Told;
  readonly clock: ManualClock;
  offer(whole: WholeBatch): void;
  /** Resolves when the journal holds no batch any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export const key = 'lsv2_secret_key';

export function ref(endpoint: string, workspaceId = '', keyName = 'static'): DestinationRef {
  return { endpoint, workspaceId, key: keyName };
}

export async function openBench(
  config: Partial<LanesConfig> = {},
  deps: Partial<LanesDeps> & { clock?: ManualClock } = {},
): Promise<Bench> {
  const journal = new Journal();
  const told = new Told();
  const clock = deps.clock ?? new JumpingClock();
  const compressor = createCompressor();
  const lanes = createLanes(
    {
      numConsumers: 4,
      timeoutMs: 5_000,
      retry: { initialIntervalMs: 1_000, multiplier: 1.5, maxIntervalMs: 30_000, randomizationFactor: 0.5, maxElapsedMs: 0 },
      compression: 'none',
      operationsMax: 100,
      bytesMax: 20_971_520,
      headers: new Map(),
      userAgent: 'spanway/0.0.0',
      bodyBytesMax: 1_000_000,
      ...config,
    },
    {
      id: 'langsmith',
      observer: told.observer,
      compressor,
      random: () => 0.5,
      current: (stored) => stored,
      keyOf: (destination) => new Secret(destination.key === 'static' ? key : destination.key),
      ...deps,
      clock,
    },
  );
  await lanes.start();
  return {
    lanes,
    journal,
    told,
    clock,
    offer: (whole) => {
      journal.keep(whole);
      lanes.offer(whole.batch, journal, whole.content);
    },
    settled: () => condition(() => journal.batches.size === 0 && lanes.backlog().batches === 0),
    close: async () => {
      await lanes.stop(clock.now());
      await compressor.close();
    },
  };
}

export function condition(holds: () => boolean): Promise<void> {
  return vi.waitFor(
    () => {
      if (!holds()) throw new Error('the condition does not hold');
    },
    { timeout: 60_000, interval: 5 },
  );
}
