/**
 * The `langsmith` exporter. Read this file first.
 *
 *   consume ─► convert/ each span ─► journal.append ─► receipt             (any replica)
 *   journal ─► partition/ assembles, seals batches ─► upload/ sends them   (the replica that owns the partition)
 *
 * The journal stands between the two halves; they share nothing else.
 */
import { randomBytes } from 'node:crypto';
import type { Journal, Storage } from '../../journal/journal.ts';
import { type Batch, itemCount } from '../../model/batch.ts';
import type { Deps, Exporter } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import type { Receipt } from '../../model/receipt.ts';
import { createCompressor } from '../compressor/compressor.ts';
import { userAgent } from '../user-agent.ts';
import { Appender } from './appender.ts';
import { defaultRules } from './assemble/assemble.ts';
import { createConverter } from './convert/convert.ts';
import { Destinations } from './destinations/destinations.ts';
import { KeySealer } from './destinations/key-sealer.ts';
import { sealingKeys } from './destinations/sealing-keys.ts';
import { type Balance, Ledger } from './partition/ledger.ts';
import type { PartitionOptions } from './partition/options.ts';
import { PartitionWorker } from './partition/partition-worker.ts';
import type { Lanes } from './sealed-batch.ts';
import { type Settings, schema } from './settings.ts';
import { normalizeEndpoint } from './upload/endpoint-url.ts';
import { createLanes } from './upload/lanes.ts';

export interface LangsmithDeps extends Deps {
  /** A storage extension by its id. */
  storage(extensionId: string): Storage;
}

export const langsmithExporter = {
  kind: 'exporter',
  type: 'langsmith',
  aliases: [],
  summary: 'Turns spans into LangSmith runs and delivers them in whole trees.',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: LangsmithDeps): LangsmithExporter => new LangsmithExporter(config as Settings, deps),
} as const;

const settleWindowMs = 2_000;
const memoryBytes = 96 << 20;
const partitionMemoryBytesMin = 2 << 20;
const nodes = 200_000;
const partitionNodesMin = 4_096;
const bodyBytesMax = 64 << 20;

class LangsmithExporter implements Exporter {
  readonly #settings: Settings;
  readonly #deps: LangsmithDeps;
  readonly #endpoint: string;
  readonly #storage: Storage;
  readonly #receiver = randomBytes(8).toString('hex');
  readonly #ledger = new Ledger();
  readonly #compressor = createCompressor();
  readonly #lanes: Lanes;
  readonly #workers = new Map<number, PartitionWorker>();
  #journal: Journal | undefined;
  #appender: Appender | undefined;
  #destinations: Destinations | undefined;

  constructor(settings: Settings, deps: LangsmithDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#endpoint = normalizeEndpoint(settings.endpoint);
    this.#storage = deps.storage(settings.sending_queue.storage);
    this.#lanes = this.#createLanes();
  }

  /** The journal, once started. */
  get journal(): Journal {
    if (!this.#journal)
      throw new Fault('GW_RECEIVE_STOPPING', `cannot use exporter "${this.#deps.id}": it is not started`, { retryAfterMs: 1_000 });
    return this.#journal;
  }

  async start(): Promise<void> {
    const { durability, queue_size: bytesMax } = this.#settings.sending_queue;
    const destinations = this.#createDestinations();
    this.#destinations = destinations;
    const journal = await this.#storage.open(this.#deps.id, { durability, bytesMax });
    this.#journal = journal;
    this.#appender = new Appender(journal, createConverter({}), this.#receiver, destinations, this.#ledger);
    await this.#lanes.start();
    const options = this.#partitionOptions(journal.partitions);
    const deps = { ...this.#deps, ledger: this.#ledger, lanes: this.#lanes, compressor: this.#compressor };
    await journal.own({
      acquired: (partition) => {
        this.#workers.set(partition.id, new PartitionWorker(partition, options, deps));
      },
      released: async ({ id }) => {
        await this.#workers.get(id)?.release();
        this.#workers.delete(id);
      },
    });
  }

  readonly consume = async (batch: Batch): Promise<Receipt> => {
    const { journal } = this;
    const { id, observer } = this.#deps;
    const items = itemCount(batch);
    if (batch.signal === 'logs') {
      observer.unsupported('logs', items);
      return journal.append([]);
    }
    try {
      const { receipt, items: stored, bytes } = await (this.#appender as Appender).append(batch);
      observer.stored(id, stored, bytes);
      observer.dropped(id, 'filtered', items - stored);
      return receipt;
    } catch (error) {
      const fault = Fault.of(error);
      observer.enqueueFailed(id, items, fault);
      throw fault;
    }
  };

  /** Seals what is open, sends what can be sent until the deadline, gives the partitions back. The rest stays in the journal. */
  async stop(deadlineMs: number): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.flush()));
    await this.#lanes.stop(deadlineMs);
    await this.#journal?.close();
    await this.#compressor.close();
  }

  /** Where the spans of this run of the gateway are, with what was carried over: `stored = delivered + deadLettered + waiting`. */
  balance(): Balance {
    return this.#ledger.balance();
  }

  /** Sealed batches that are not settled, in memory or in the journal only, and for how many ms the oldest has waited. */
  backlog(): { readonly batches: number; readonly bytes: number; readonly oldestMs: number } {
    let batches = 0;
    let size = 0;
    for (const { backlog } of this.#workers.values()) {
      batches += backlog.batches;
      size += backlog.bytes;
    }
    return { batches, bytes: size, oldestMs: this.#lanes.backlog().oldestMs };
  }

  /** Extensions start before exporters, so the directory of the storage is there. */
  #createDestinations(): Destinations {
    const { api_key, api_key_from, workspace_id, workspace_id_from, project_from, key_sealing, sending_queue } = this.#settings;
    const config = {
      endpoint: this.#endpoint,
      apiKey: api_key,
      workspaceId: workspace_id,
      apiKeyFrom: api_key_from,
      workspaceIdFrom: workspace_id_from,
      projectFrom: project_from,
    };
    const seals = api_key_from !== undefined || key_sealing !== undefined;
    const keys = seals ? sealingKeys(key_sealing?.key ?? [], this.#storage, sending_queue.durability === 'memory') : [];
    return new Destinations(config, seals ? new KeySealer(keys) : undefined);
  }

  #createLanes(): Lanes {
    const { compression, headers, sending_queue: queue, retry_on_failure: retry, timeout, batch } = this.#settings;
    return createLanes(
      {
        numConsumers: queue.num_consumers,
        timeoutMs: timeout,
        retry: {
          initialIntervalMs: retry.initial_interval,
          multiplier: retry.multiplier,
          maxIntervalMs: retry.max_interval,
          randomizationFactor: retry.randomization_factor,
          maxElapsedMs: retry.max_elapsed_time,
        },
        compression,
        operationsMax: batch.max_operations,
        bytesMax: batch.max_bytes,
        headers,
        userAgent,
        bodyBytesMax,
      },
      { ...this.#deps, compressor: this.#compressor, random: Math.random, keyOf: (destination) => this.#destinations?.keyOf(destination) },
    );
  }

  #partitionOptions(partitions: number): PartitionOptions {
    const { assembly, batch, project, run_id_mode: runIdMode } = this.#settings;
    return {
      exporter: this.#deps.id,
      rules: { ...defaultRules, runIdMode, defaultProject: project },
      onMissingParent: assembly.on_missing_parent,
      remoteParentWaitMs: assembly.remote_parent_wait,
      localParentWaitMs: assembly.local_parent_wait,
      lateWindowMs: assembly.late_window,
      settleWindowMs,
      flushTimeoutMs: batch.flush_timeout,
      operationsMax: batch.max_operations,
      batchBytesMax: batch.max_bytes,
      memoryBytesMax: Math.max(partitionMemoryBytesMin, memoryBytes / partitions),
      nodesMax: Math.max(partitionNodesMin, nodes / partitions),
    };
  }
}
