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
import type { Deps, Exporter, HeadersSetter } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import type { Finding } from '../../model/finding.ts';
import { LoopTurns } from '../../model/loop-turns.ts';
import type { Receipt } from '../../model/receipt.ts';
import { clientTls } from '../client-tls/client-tls.ts';
import { createCompressor } from '../compressor/compressor.ts';
import { CallerHeaders } from '../sealing/caller-headers.ts';
import { KeySealer } from '../sealing/key-sealer.ts';
import { sealingKeys } from '../sealing/sealing-keys.ts';
import { userAgent } from '../user-agent.ts';
import { Appender } from './appender.ts';
import { defaultRules } from './assemble/assemble.ts';
import { ClaimedRunIds } from './assemble/claimed-run-ids.ts';
import { type ConvertOptions, createConverter, createJoin, tracedLog } from './convert/convert.ts';
import { Destinations } from './destinations/destinations.ts';
import { examineDestination } from './examine.ts';
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
  /** A `headers_setter` extension by its id. */
  headersSetter(extensionId: string): HeadersSetter;
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
/** What was appended waits for more during this part of the time in which a batch may fill: a step costs much the same however little it moves. */
const readShare = 0.8;
/** These bounds are what keeps a worker near 250 MiB; what is beyond them stands in the journal. */
const memoryBytes = 32 << 20;
const partitionMemoryBytesMin = 2 << 20;
const nodes = 4_096;
const partitionNodesMin = 256;
const indexFilterBytes = 4 << 20;
const bodyBytesMax = 32 << 20;

export function convertOptionsOf({ inline_media_max: inlineMediaBytesMax, dify }: Settings): ConvertOptions {
  return { inlineMediaBytesMax, difyUsageOwner: dify.usage_owner };
}

class LangsmithExporter implements Exporter {
  readonly #settings: Settings;
  readonly #deps: LangsmithDeps;
  readonly #endpoint: string;
  readonly #storage: Storage;
  readonly #headersSetter: HeadersSetter | undefined;
  readonly #receiver = randomBytes(8).toString('hex');
  readonly #ledger = new Ledger();
  readonly #compressor = createCompressor();
  readonly #lanes: Lanes;
  readonly #workers = new Map<number, PartitionWorker>();
  #journal: Journal | undefined;
  #appender: Appender | undefined;
  #destinations: Destinations | undefined;
  #callerHeaders: CallerHeaders | undefined;

  constructor(settings: Settings, deps: LangsmithDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#endpoint = normalizeEndpoint(settings.endpoint);
    this.#storage = deps.storage(settings.sending_queue.storage);
    this.#headersSetter = settings.auth && deps.headersSetter(settings.auth.authenticator);
    this.#lanes = this.#createLanes();
  }

  /** The journal, once started. */
  get journal(): Journal {
    if (!this.#journal) throw this.#notStarted();
    return this.#journal;
  }

  get appender(): Appender {
    if (!this.#appender) throw this.#notStarted();
    return this.#appender;
  }

  #notStarted(): Fault {
    return new Fault('GW_RECEIVE_STOPPING', `cannot use exporter "${this.#deps.id}": it is not started`, { retryAfterMs: 1_000 });
  }

  async start(): Promise<void> {
    const { durability, queue_size: bytesMax } = this.#settings.sending_queue;
    const destinations = this.#createDestinations();
    this.#destinations = destinations;
    const journal = await this.#storage.open(this.#deps.id, { durability, bytesMax });
    const convertOptions = convertOptionsOf(this.#settings);
    this.#journal = journal;
    this.#appender = new Appender(
      journal,
      createConverter({ ...convertOptions, reuseBytes: true }),
      this.#receiver,
      destinations,
      this.#ledger,
      this.#deps,
      this.#settings.assembly.synthesize_from_logs ? tracedLog : undefined,
    );
    await this.#lanes.start();
    const options = this.#partitionOptions(journal.partitions);
    const joinLogs = createJoin(createConverter(convertOptions));
    const own = { ledger: this.#ledger, lanes: this.#lanes, compressor: this.#compressor };
    const deps = { ...this.#deps, ...own, joinLogs, runIds: new ClaimedRunIds(), turns: new LoopTurns() };
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
    const { id, observer } = this.#deps;
    const items = itemCount(batch);
    try {
      let stored = 0;
      const receipt = await this.appender.append(batch, (held, bytes, ms) => {
        stored += held;
        observer.stored(id, held, bytes, ms, batch.signal);
      });
      if (batch.signal === 'traces') observer.dropped(id, 'filtered', items - stored);
      // A log record that names no span is nothing that a client did wrong, so it is no partial success: there is no run that could show it.
      else if (items > stored) observer.unsupported('logs', items - stored);
      return receipt;
    } catch (error) {
      const fault = Fault.of(error);
      observer.enqueueFailed(id, items, fault, batch.signal);
      throw fault;
    }
  };

  async examine(stop: AbortSignal): Promise<readonly Finding[]> {
    const { durability, queue_size: bytesMax } = this.#settings.sending_queue;
    const stored = (await this.#storage.examine?.({ durability, bytesMax })) ?? [];
    return [...(await examineDestination(this.#settings, this.#deps.clock, stop)), ...stored];
  }

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

  /**
   * Sealed batches that are not settled, in memory or in the journal only, and for how many ms the oldest has waited. What is parked, for how many ms
   * the time of the first has been over, and how many ms ago the oldest draft that waits, parked or in memory, was appended.
   */
  backlog(): {
    readonly batches: number;
    readonly bytes: number;
    readonly oldestMs: number;
    readonly parked: number;
    readonly overdueMs: number;
    readonly waitingMs: number;
  } {
    let batches = 0;
    let size = 0;
    let overdue = 0;
    const nowMs = this.#deps.clock.now();
    let oldestMs = nowMs;
    for (const { backlog, overdueMs, oldestWaitingMs } of this.#workers.values()) {
      batches += backlog.batches;
      size += backlog.bytes;
      overdue = Math.max(overdue, overdueMs);
      oldestMs = Math.min(oldestMs, oldestWaitingMs);
    }
    const waits = { parked: this.#ledger.parked(), overdueMs: overdue, waitingMs: nowMs - oldestMs };
    return { batches, bytes: size, oldestMs: this.#lanes.backlog().oldestMs, ...waits };
  }

  /** Extensions start before exporters, so the directory of the storage is there. */
  #createDestinations(): Destinations {
    const { api_key, api_key_from, workspace_id, workspace_id_from, project_from, key_sealing, sending_queue, auth, headers } =
      this.#settings;
    const seals = api_key_from !== undefined || key_sealing !== undefined || auth !== undefined;
    const inMemory = sending_queue.durability === 'memory';
    const sealer = seals ? new KeySealer(sealingKeys(key_sealing?.key ?? [], this.#storage, inMemory)) : undefined;
    if (this.#headersSetter && sealer) this.#callerHeaders = new CallerHeaders(this.#headersSetter, headers, () => sealer);
    this.#callerHeaders?.open();
    const config = {
      endpoint: this.#endpoint,
      apiKey: api_key,
      workspaceId: workspace_id,
      apiKeyFrom: api_key_from,
      workspaceIdFrom: workspace_id_from,
      projectFrom: project_from,
      callerHeaders: this.#callerHeaders,
    };
    return new Destinations(config, sealer);
  }

  #createLanes(): Lanes {
    const { compression, headers, tls, sending_queue: queue, retry_on_failure: retry, timeout, batch } = this.#settings;
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
        tls: clientTls(tls),
        userAgent,
        bodyBytesMax,
      },
      {
        ...this.#deps,
        compressor: this.#compressor,
        random: Math.random,
        current: (stored) => this.#destinations?.current(stored) ?? stored,
        keyOf: (destination) => this.#destinations?.keyOf(destination),
        headersOf: ({ sealed }) => this.#callerHeaders?.unseal(sealed),
      },
    );
  }

  #partitionOptions(partitions: number): PartitionOptions {
    const { assembly, batch, project, run_id_mode: runIdMode } = this.#settings;
    return {
      exporter: this.#deps.id,
      rules: { ...defaultRules, runIdMode, defaultProject: project, waitsForLogs: assembly.log_join_window > 0 },
      onMissingParent: assembly.on_missing_parent,
      remoteParentWaitMs: assembly.remote_parent_wait,
      localParentWaitMs: assembly.local_parent_wait,
      lateWindowMs: assembly.late_window,
      logJoinWindowMs: assembly.log_join_window,
      settleWindowMs,
      flushTimeoutMs: batch.flush_timeout,
      readEveryMs: batch.flush_timeout * readShare,
      operationsMax: batch.max_operations,
      batchBytesMax: batch.max_bytes,
      memoryBytesMax: Math.max(partitionMemoryBytesMin, memoryBytes / partitions),
      nodesMax: Math.max(partitionNodesMin, nodes / partitions),
      indexFilterBytesMax: indexFilterBytes / partitions,
    };
  }
}
