/** One partition over a real memory journal, with a clock that the test moves and an upload that the test answers for. */

import { onTestFinished } from 'vitest';
import type { Compressor } from '../../src/exporters/compressor/compressor.ts';
import { type Command, encodeCommand } from '../../src/exporters/dead-letters/command.ts';
import type { MissingParentPolicy } from '../../src/exporters/langsmith/assemble/assemble.ts';
import { defaultRules } from '../../src/exporters/langsmith/assemble/assemble.ts';
import { ClaimedRunIds } from '../../src/exporters/langsmith/assemble/claimed-run-ids.ts';
import { createConverter, createJoin } from '../../src/exporters/langsmith/convert/convert.ts';
import { decodeEntry, EntryWriter } from '../../src/exporters/langsmith/partition/entry-codec.ts';
import { Ledger } from '../../src/exporters/langsmith/partition/ledger.ts';
import type { PartitionOptions } from '../../src/exporters/langsmith/partition/options.ts';
import { PartitionWorker } from '../../src/exporters/langsmith/partition/partition-worker.ts';
import type { BatchContent, DestinationRef, Lanes, SealedBatch, Settlement } from '../../src/exporters/langsmith/sealed-batch.ts';
import type { Change, Entry, Journal, Pair, Partition, Space } from '../../src/journal/journal.ts';
import { MemoryStorage } from '../../src/journal/memory/memory-storage.ts';
import { type Bytes, bytes } from '../../src/model/bytes.ts';
import type { AbortSignalLike, Clock } from '../../src/model/clock.ts';
import type { Draft, FilteredSpan } from '../../src/model/draft.ts';
import { Fault } from '../../src/model/fault.ts';
import { LoopTurns } from '../../src/model/loop-turns.ts';
import type { Observer } from '../../src/model/observer.ts';
import { type ParsedRun, parseRuns } from './multipart.ts';

/** Time stands still until the test moves it. */
export class ManualClock implements Clock {
  #nowMs = 1_767_323_046_000;
  readonly #sleepers = new Map<() => void, number>();

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignalLike): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      if (signal?.aborted) return resolve();
      signal?.addEventListener('abort', wake, { once: true });
      this.#sleepers.set(wake, this.#nowMs + ms);
    });
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const [wake, atMs] of [...this.#sleepers]) if (atMs <= this.#nowMs) wake();
  }
}

/** Counts what it is told, by method. */
export function countingObserver(): Observer & { readonly counts: Map<string, number>; readonly sentences: string[] } {
  const counts = new Map<string, number>();
  const sentences: string[] = [];
  const count = (name: string, items: number): void => void counts.set(name, (counts.get(name) ?? 0) + items);
  return {
    counts,
    sentences,
    received: () => {},
    accepted: () => {},
    joined: () => {},
    sending: () => {},
    refused: () => {},
    rejected: () => {},
    unsupported: (signal, items) => count(`unsupported ${signal}`, items),
    dropped: (_, reason, items) => items > 0 && count(`dropped ${reason}`, items),
    processed: () => {},
    processorRefused: () => {},
    sampled: () => {},
    redacted: () => {},
    stored: (_, items) => count('stored', items),
    enqueueFailed: (_, items) => count('enqueueFailed', items),
    duplicate: (_, items) => count('duplicate', items),
    delivered: (_, items) => count('delivered', items),
    sendFailed: (_, items) => count('sendFailed', items),
    uploaded: () => {},
    deadLettered: (_, reason, items) => count(`dead ${reason}`, items),
    orphaned: (_, policy, items) => count(`orphaned ${policy}`, items),
    degraded: (key, sentence, facts) => void sentences.push(`${key} ${sentence} ${JSON.stringify(facts)}`),
    healthy: () => {},
    log: () => {},
  };
}

/** An upload that accepts whatever is offered while it is up, and keeps what it was sent. */
export class TestLanes implements Lanes {
  up = true;
  readonly posts: (SealedBatch & BatchContent)[] = [];
  readonly runs = new Map<string, ParsedRun>();
  readonly patches: ParsedRun[] = [];
  operations = 100;
  #offered: { readonly batch: SealedBatch; readonly settlement: Settlement; readonly content: BatchContent | undefined }[] = [];

  async start(): Promise<void> {}
  async stop(): Promise<void> {}

  offer(batch: SealedBatch, settlement: Settlement, content?: BatchContent): void {
    this.#offered.push({ batch, settlement, content });
    if (this.up) void this.send();
  }

  async forget(partition: number): Promise<void> {
    this.#offered = this.#offered.filter(({ batch }) => batch.partition !== partition);
  }

  limits(): { operations: number; bytes: number; encoding: 'identity' } {
    return { operations: this.operations, bytes: 20_971_520, encoding: 'identity' };
  }

  backlog(): { batches: number; runs: number; bytes: number; oldestMs: number } {
    return { batches: this.#offered.length, runs: 0, bytes: 0, oldestMs: 0 };
  }

  get waiting(): readonly (SealedBatch & { readonly content: BatchContent | undefined })[] {
    return this.#offered.map(({ batch, content }) => ({ ...batch, content }));
  }

  /** A lost partition rejects: then the batch is somebody else's. */
  async send(): Promise<void> {
    for (const { batch, settlement, content: given } of this.#offered.splice(0)) {
      try {
        const content = given ?? (await settlement.load(batch));
        this.posts.push({ ...batch, ...content });
        for (const run of parseRuns(content.body, batch.boundary)) this.#take(run);
        await settlement.delivered(batch);
      } catch (error) {
        if (Fault.of(error).code !== 'GW_JOURNAL_FENCED') throw error;
      }
    }
  }

  /** Members of a patch replace those of the post. */
  #take(run: ParsedRun): void {
    if (run.kind === 'patch') this.patches.push(run);
    const posted = run.kind === 'patch' ? this.runs.get(run.id) : undefined;
    const feedback = [...(posted?.feedback ?? []), ...run.feedback];
    this.runs.set(run.id, { ...run, fields: { ...posted?.fields, ...run.fields }, feedback });
  }

  take(): { readonly batch: SealedBatch; readonly settlement: Settlement; readonly content: BatchContent | undefined } {
    const [first] = this.#offered.splice(0, 1);
    if (!first) throw new Error('no batch was offered');
    return first;
  }
}

const listeners = new WeakMap<Partition, (much: boolean) => void>();

/**
 * A partition that is lost at a chosen commit: just before it is applied, or just after. As a journal on disk does, it gives copies of its entries, and gives
 * them again.
 */
export class FragilePartition implements Partition {
  readonly id: number;
  readonly format: number;
  readonly #inner: Partition;
  readonly #lost = new AbortController();
  crashAt: number;
  readonly #applied: boolean;
  commits = 0;
  /** The journal says of what is appended that it had better be read now. */
  much = false;
  /** Thrown, in order, by the next commits. */
  readonly faults: Fault[] = [];
  /** Entries whose bytes on the disk have gone bad. */
  readonly damaged = new Set<string>();
  /** Whatever was given of an entry's payload, in order. */
  readonly given: Bytes[] = [];
  /** What was looked for, in order. */
  readonly scans: { readonly space: Space; readonly from: string }[] = [];
  readonly #read = new Map<string, Bytes>();

  constructor(inner: Partition, crashAt = Number.POSITIVE_INFINITY, applied = false) {
    this.id = inner.id;
    this.format = inner.format;
    this.#inner = inner;
    this.crashAt = crashAt;
    this.#applied = applied;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async read(after: string | undefined, bytesMax: number): Promise<readonly Entry[]> {
    this.#check();
    const entries = await this.#inner.read(after, bytesMax);
    return entries.map((entry) => ({ ...entry, payload: this.#copyOf(entry) }));
  }

  async reread(id: string): Promise<Bytes | undefined> {
    this.#check();
    return this.#copyOf({ id, payload: this.#read.get(id) });
  }

  #copyOf({ id, payload }: Pick<Entry, 'id' | 'payload'>): Bytes | undefined {
    if (!payload || this.damaged.has(id)) return undefined;
    this.#read.set(id, payload);
    const copy = bytes.allocUnsafeSlow(payload.length);
    copy.set(payload);
    this.given.push(copy);
    return copy;
  }

  /** The partition below outlives the processes that die in tests, so it is listened to once, for the last of them. */
  onAppend(listener: (much: boolean) => void): void {
    if (!listeners.has(this.#inner)) this.#inner.onAppend((much) => listeners.get(this.#inner)?.(much));
    listeners.set(this.#inner, (much) => listener(much || this.much));
  }

  async get(space: Space, key: string): Promise<Bytes | undefined> {
    this.#check();
    return await this.#inner.get(space, key);
  }

  async scan(space: Space, from: string, to: string, limit: number): Promise<readonly Pair[]> {
    this.#check();
    this.scans.push({ space, from });
    return await this.#inner.scan(space, from, to, limit);
  }

  async commit(change: Change): Promise<void> {
    this.#check();
    this.commits += 1;
    const fault = this.faults.shift();
    if (fault) throw fault;
    if (this.commits === this.crashAt) {
      if (this.#applied) await this.#inner.commit(change);
      this.crash();
    }
    this.#check();
    await this.#inner.commit(change);
  }

  crash(): void {
    this.#lost.abort();
  }

  #check(): void {
    if (this.#lost.signal.aborted) throw new Fault('GW_JOURNAL_FENCED', 'cannot use partition: it crashed');
  }
}

export const destination: DestinationRef = { endpoint: 'http://langsmith.test', workspaceId: '', key: 'static' };
export const tenant = '0badcafe';

export class World {
  readonly clock = new ManualClock();
  readonly observer = countingObserver();
  readonly lanes = new TestLanes();
  readonly compressor: Compressor = { compress: async (body) => body, close: async () => {} };
  readonly journal: Journal;
  ledger = new Ledger();
  worker: PartitionWorker;
  partition: FragilePartition;
  readonly #inner: Partition;
  #options: Partial<PartitionOptions>;
  #generation = 0;

  private constructor(clock: ManualClock, journal: Journal, inner: Partition, options: Partial<PartitionOptions>) {
    this.clock = clock;
    this.journal = journal;
    this.#inner = inner;
    this.#options = options;
    this.partition = new FragilePartition(inner);
    this.worker = this.#start();
  }

  static async open(options: Partial<PartitionOptions> = {}): Promise<World> {
    const clock = new ManualClock();
    const journal = await new MemoryStorage({ clock }).open('langsmith', { durability: 'memory', bytesMax: 1 << 28, partitions: 1 });
    const inner = await new Promise<Partition>((resolve, reject) => {
      journal.own({ acquired: resolve, released: async () => {} }).catch(reject);
    });
    return new World(clock, journal, inner, options);
  }

  #start(): PartitionWorker {
    this.#generation += 1;
    const options: PartitionOptions = {
      exporter: 'langsmith',
      rules: defaultRules,
      onMissingParent: 'promote' satisfies MissingParentPolicy,
      remoteParentWaitMs: 30_000,
      localParentWaitMs: 3_600_000,
      lateWindowMs: 600_000,
      logJoinWindowMs: 10_000,
      settleWindowMs: 2_000,
      flushTimeoutMs: 500,
      readEveryMs: 0,
      operationsMax: 100,
      batchBytesMax: 20 << 20,
      memoryBytesMax: 8 << 20,
      nodesMax: 10_000,
      indexFilterBytesMax: 2 ** 16,
      ...this.#options,
    };
    const { clock, observer, ledger, lanes, compressor } = this;
    const joinLogs = createJoin(createConverter());
    return new PartitionWorker(this.partition, options, {
      clock,
      observer,
      ledger,
      lanes,
      compressor,
      joinLogs,
      runIds: new ClaimedRunIds(),
      turns: new LoopTurns(),
    });
  }

  /** The process dies and another one begins: only the journal is left. */
  async restart(crashAt?: number, applied?: boolean): Promise<void> {
    this.partition.crash();
    await quiet();
    this.lanes.forget(this.partition.id);
    this.ledger = new Ledger();
    this.partition = new FragilePartition(this.#inner, crashAt, applied);
    this.worker = this.#start();
    await quiet();
  }

  async append(...drafts: readonly Draft[]): Promise<void> {
    const writer = new EntryWriter(`run-${this.#generation}`, JSON.stringify(destination), tenant);
    for (const draft of drafts) writer.add(draft);
    const entry = { partition: 0, payload: writer.finish(), items: drafts.length };
    this.ledger.appending([entry]);
    await this.journal.append([entry]);
    await quiet();
  }

  /** An entry that tells of spans that were left out. */
  async appendFiltered(...spans: readonly FilteredSpan[]): Promise<void> {
    const writer = new EntryWriter(`run-${this.#generation}`, JSON.stringify(destination), tenant);
    for (const span of spans) writer.addFiltered(span);
    await this.journal.append([{ partition: 0, payload: writer.finish(), items: 0 }]);
    await quiet();
  }

  /** An entry on which our own code fails: the length of its first draft's body goes beyond its end. */
  async appendPoison(...drafts: readonly Draft[]): Promise<void> {
    const writer = new EntryWriter(`run-${this.#generation}`, JSON.stringify(destination), tenant);
    for (const each of drafts) writer.add(each);
    const payload = writer.finish();
    const entry = decodeEntry(payload);
    const first = entry.kind === 'drafts' && entry.drafts[0];
    if (!first) throw new Error('there is no draft');
    const record = payload.subarray(first.start, first.start + first.bytes);
    const lengthOfSkeleton = new DataView(record.buffer, record.byteOffset).getUint32(12, true);
    record.fill(0xff, 16 + lengthOfSkeleton, 20 + lengthOfSkeleton);
    this.ledger.appending([{ partition: 0, items: drafts.length }]);
    await this.journal.append([{ partition: 0, payload, items: drafts.length }]);
    await quiet();
  }

  async command(command: Command): Promise<void> {
    await this.journal.append([{ partition: 0, payload: encodeCommand(command), items: 0 }]);
    await quiet();
  }

  /** Moves the clock in small steps, so that everything that is due in between happens in its order. */
  async pass(ms: number, stepMs = 250): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(Math.min(stepMs, ms - passed));
      await quiet();
    }
  }

  async keys(space: Space): Promise<string[]> {
    return (await this.journal.peek(0, space, '', '~', 100_000)).map(({ key }) => key);
  }

  async values(space: Space): Promise<readonly Pair[]> {
    return await this.journal.peek(0, space, '', '~', 100_000);
  }
}

/** A world that is given back when the test is over. */
export async function openWorld(options: Partial<PartitionOptions> = {}): Promise<World> {
  const world = await World.open(options);
  onTestFinished(async () => {
    await world.worker.release();
    await world.journal.close();
  });
  return world;
}

/** Resolves when everything that can go on without the clock has gone on. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** For an exporter whose settings name no setter. */
export const noHeadersSetter = (): never => {
  throw new Error('nobody sets headers here');
};

/** The machine's clock, for whole exporters. */
export const wallClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
      const wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
      signal?.addEventListener('abort', wake, { once: true });
    }),
};

export async function until(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come true in time');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
