/**
 * The upload: sealed batches in, settled batches out. Read this file first.
 *
 *   offer ─► lane of the destination ─► courier: one try ─► client: HTTP ─► outcome ─► settle: one journal commit
 *
 * A lane (endpoint, workspace, key) queues, retries and pauses for itself, so one tenant's trouble is nobody else's. It exists while it has
 * batches. An endpoint (connections, what `/info` says) is shared by its lanes. Nothing here is stored: the journal is what survives.
 */
import type { Clock } from '../../../model/clock.ts';
import type { Destination } from '../../../model/destination.ts';
import type { Observer } from '../../../model/observer.ts';
import type { Secret } from '../../../model/secret.ts';
import type { ClientTls } from '../../client-tls/client-tls.ts';
import type { Codec } from '../../compressor/compressor.ts';
import type { RetryConfig } from '../../retry/backoff.ts';
import type { SealedHeaders } from '../../sealing/caller-headers.ts';
import type { BatchContent, BatchLimits, DestinationRef, Lanes, SealedBatch, Settlement } from '../sealed-batch.ts';
import { accountOf } from '../sealed-batch.ts';
import { BodyBudget } from './body-budget.ts';
import { Courier } from './courier.ts';
import { Endpoints } from './endpoint.ts';
import { Gate } from './gate.ts';
import { newJob } from './job.ts';
import { Lane } from './lane.ts';
import { LaneHealth } from './lane-health.ts';
import { Pace } from './pace.ts';

export interface LanesConfig {
  /** Requests under way per destination. */
  readonly numConsumers: number;
  /** One request, from being queued for a connection to the end of its answer. */
  readonly timeoutMs: number;
  readonly retry: RetryConfig;
  readonly compression: 'zstd' | 'gzip' | 'none';
  /** Batch limits of the configuration; `/info` may lower them. */
  readonly operationsMax: number;
  readonly bytesMax: number;
  /** Additional request headers, names in lower case. */
  readonly headers: ReadonlyMap<string, Secret>;
  readonly tls?: ClientTls;
  readonly userAgent: string;
  /** Contents of waiting batches that stay in memory; the rest is read back from the journal. */
  readonly bodyBytesMax: number;
}

export interface LanesDeps {
  /** The exporter's id. */
  readonly id: string;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly compressor: Codec;
  /** 0…1, for the jitter of waits. */
  readonly random: () => number;
  /** Where what was stored for a destination goes today: the configuration may have been corrected since. */
  readonly current: (stored: DestinationRef) => DestinationRef;
  /** The key that a stored reference stands for; `undefined` while it cannot be had: the lane waits. */
  readonly keyOf: (destination: DestinationRef) => Secret | undefined;
  /** All headers of a request, where some came with the data; `undefined` as above. */
  readonly headersOf?: ((sealed: SealedHeaders) => ReadonlyMap<string, Secret> | undefined) | undefined;
}

/** Requests over all lanes: some lanes may hang in a dead endpoint and the others still run. */
const requestsPerConsumer = 8;
/** Uncompressed bytes under way over all lanes. */
const underWayBytesMax = 128 << 20;

export function createLanes(config: LanesConfig, deps: LanesDeps): Lanes {
  return new LaneSet(config, deps);
}

class LaneSet implements Lanes {
  readonly #config: LanesConfig;
  readonly #deps: LanesDeps;
  readonly #lanes = new Map<string, Lane>();
  readonly #stop = new AbortController();
  readonly #endpoints: Endpoints;
  readonly #courier: Courier;
  readonly #gate: Gate;
  readonly #budget: BodyBudget;
  #started = false;
  #stopping = false;
  #laneNumber = 0;
  #whenQuiet: (() => void) | undefined;

  constructor(config: LanesConfig, deps: LanesDeps) {
    const requestsMax = config.numConsumers * requestsPerConsumer;
    this.#config = config;
    this.#deps = deps;
    this.#endpoints = new Endpoints({ ...config, connectionsMax: requestsMax }, () => deps.clock.now(), this.#stop.signal);
    this.#courier = new Courier({ ...deps, stop: this.#stop.signal });
    this.#gate = new Gate(requestsMax, underWayBytesMax);
    this.#budget = new BodyBudget(config.bodyBytesMax);
  }

  start(): Promise<void> {
    this.#started = true;
    for (const lane of this.#lanes.values()) lane.pump();
    return Promise.resolve();
  }

  offer(batch: SealedBatch, settlement: Settlement, content?: BatchContent): void {
    const lane = this.#laneOf(this.#deps.current(batch.destination));
    lane.offer(newJob(batch, settlement, content));
    if (this.#started) lane.pump();
  }

  async forget(partition: number): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.forget(partition)));
  }

  limits(stored: DestinationRef): BatchLimits {
    const ref = this.#deps.current(stored);
    const endpoint = this.#endpoints.of(ref.endpoint);
    const destination = this.#destination(ref);
    if (destination && !this.#stopping) endpoint.refresh(destination);
    return endpoint.limits();
  }

  backlog(): { batches: number; runs: number; bytes: number; oldestMs: number } {
    let batches = 0;
    let runs = 0;
    let size = 0;
    let oldestAtMs = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes.values())
      for (const batch of lane.batches()) {
        batches += 1;
        runs += batch.runs;
        size += batch.compressedBytes;
        oldestAtMs = Math.min(oldestAtMs, batch.sealedAtMs);
      }
    return { batches, runs, bytes: size, oldestMs: batches === 0 ? 0 : Math.max(0, this.#deps.clock.now() - oldestAtMs) };
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    await this.#quiet(deadlineMs, () => [...this.#lanes.values()].some((lane) => lane.busy));
    this.#stop.abort();
    // Answers are cut off now; what they would have said is learnt when the batch is sent again.
    await this.#quiet(Number.POSITIVE_INFINITY, () => [...this.#lanes.values()].some((lane) => lane.underWay > 0));
    for (const lane of this.#lanes.values()) lane.close();
    await this.#endpoints.close();
  }

  #laneOf(ref: DestinationRef): Lane {
    const key = accountOf(ref);
    const found = this.#lanes.get(key);
    if (found) return found;
    const { id, observer, random } = this.#deps;
    const { numConsumers, retry } = this.#config;
    const facts = { exporter: id, endpoint: ref.endpoint, workspace: ref.workspaceId };
    const lane: Lane = new Lane({
      ...this.#deps,
      retry,
      courier: this.#courier,
      stop: this.#stop.signal,
      gate: this.#gate,
      budget: this.#budget,
      endpoint: this.#endpoints.of(ref.endpoint),
      pace: new Pace(numConsumers, retry, random),
      health: new LaneHealth(observer, `${id}/upload/${++this.#laneNumber}`, facts),
      destination: () => this.#destination(ref),
      rested: () => {
        if (lane.empty && this.#lanes.delete(key)) lane.close();
        this.#whenQuiet?.();
      },
    });
    this.#lanes.set(key, lane);
    return lane;
  }

  #destination(ref: DestinationRef): Destination | undefined {
    const apiKey = this.#deps.keyOf(ref);
    const headers = ref.headers && this.#deps.headersOf?.(ref.headers);
    if (!apiKey || (ref.headers && !headers)) return undefined;
    return { endpoint: ref.endpoint, apiKey, workspaceId: ref.workspaceId, ...(headers ? { headers } : {}) };
  }

  /** Resolves when no lane is `busy`, or at the deadline. */
  async #quiet(deadlineMs: number, busy: () => boolean): Promise<void> {
    if (!busy()) return;
    const { clock } = this.#deps;
    const cancel = new AbortController();
    const quiet = new Promise<void>((resolve) => {
      this.#whenQuiet = () => {
        if (!busy()) resolve();
      };
    });
    const waits = [quiet];
    if (deadlineMs < Number.POSITIVE_INFINITY) waits.push(clock.sleep(Math.max(0, deadlineMs - clock.now()), cancel.signal));
    await Promise.race(waits);
    cancel.abort();
    this.#whenQuiet = undefined;
  }
}
