/**
 * Appends of one journal, on their way to the nodes. Each node has a lane:
 *
 *   waiting ──as soon as fewer than two flights are in the air──► flight: one pipeline, one script per partition ──► answered
 *
 * What comes while flights are in the air goes with the next one, so groups grow with the load, and an idle journal does not wait.
 */
import { full, markFor } from '../faults.ts';
import type { PartitionKeys } from './layout.ts';
import { type Link, type Request, runs } from './link.ts';
import { appendScript, commandScript } from './scripts.ts';
import { isOutOfMemory, unavailable } from './unavailable.ts';
import type { UsageTable } from './usage-table.ts';

export interface EncodedEntry {
  readonly keys: PartitionKeys;
  readonly record: Buffer;
  readonly items: number;
}

interface Append {
  left: number;
  failure: Error | undefined;
  readonly settle: (failure: Error | undefined) => void;
}

interface Waiting extends EncodedEntry {
  readonly append: Append;
}

interface Lane {
  waiting: Waiting[];
  flights: number;
}

export interface AppendQueueOptions {
  readonly name: string;
  readonly link: Link;
  readonly usage: UsageTable;
  readonly bytesMax: number;
}

const flightsMax = 2;
const flightBytesMax = 4 * 2 ** 20;
/** What waits in memory, over all lanes, while Redis is slow. One append may always wait. */
const queueBytesMax = 64 * 2 ** 20;

export class AppendQueue {
  readonly #options: AppendQueueOptions;
  readonly #lanes = new Map<string, Lane>();
  #bytes = 0;
  #idle: () => void = () => {};

  constructor(options: AppendQueueOptions) {
    this.#options = options;
  }

  /** Resolves when all entries are stored. `items`, `bytes`: of all of them. */
  async push(entries: readonly EncodedEntry[], items: number, bytes: number): Promise<void> {
    const { name, usage, bytesMax } = this.#options;
    if (entries.length === 0) return;
    const used = usage.bytes + this.#bytes;
    if (used + bytes > markFor(items, bytesMax)) throw full(name, used, bytesMax);
    if (this.#bytes > 0 && this.#bytes + bytes > queueBytesMax) throw unavailable('append to', 'too much waits for its answer');
    const failure = await new Promise<Error | undefined>((settle) => this.#enqueue(entries, bytes, settle));
    if (!failure) return;
    if (isOutOfMemory(failure)) throw full(name, usage.bytes, bytesMax);
    throw unavailable('append to', failure);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#bytes > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  #enqueue(entries: readonly EncodedEntry[], bytes: number, settle: (failure: Error | undefined) => void): void {
    this.#bytes += bytes;
    const append: Append = { left: entries.length, failure: undefined, settle };
    const lanes = new Set<string>();
    for (const { keys, record, items } of entries) {
      const name = this.#options.link.nodeName(keys.slot);
      this.#lane(name).waiting.push({ keys, record, items, append });
      lanes.add(name);
    }
    for (const name of lanes) this.#fly(this.#lane(name));
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name);
    if (!lane) this.#lanes.set(name, (lane = { waiting: [], flights: 0 }));
    return lane;
  }

  #fly(lane: Lane): void {
    while (lane.waiting.length > 0 && lane.flights < flightsMax) {
      lane.flights++;
      void this.#finish(lane, takeGroup(lane));
    }
  }

  async #finish(lane: Lane, group: readonly Waiting[]): Promise<void> {
    const partitions = byPartition(group);
    const answers = await this.#options.link.send(partitions.map(requestFor));
    lane.flights--;
    for (const [at, entries] of partitions.entries()) this.#settle(entries, answers[at]);
    this.#fly(lane);
    if (this.#bytes === 0) this.#idle();
  }

  #settle(entries: readonly Waiting[], answer: unknown): void {
    if (!(answer instanceof Error)) this.#options.usage.take((entries[0] as Waiting).keys.id, answer);
    for (const { append, record } of entries) {
      this.#bytes -= record.length;
      if (answer instanceof Error) append.failure = answer;
      if (--append.left === 0) append.settle(append.failure);
    }
  }
}

function takeGroup(lane: Lane): readonly Waiting[] {
  let count = 0;
  let bytes = 0;
  for (const { record } of lane.waiting) {
    if (count > 0 && bytes + record.length > flightBytesMax) break;
    bytes += record.length;
    count++;
  }
  return lane.waiting.splice(0, count);
}

function byPartition(group: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const partitions = new Map<number, Waiting[]>();
  for (const entry of group) {
    const entries = partitions.get(entry.keys.id);
    if (entries) entries.push(entry);
    else partitions.set(entry.keys.id, [entry]);
  }
  return [...partitions.values()];
}

function requestFor(entries: readonly Waiting[]): Request {
  const { slot, inbox, usage } = (entries[0] as Waiting).keys;
  const args: (number | Buffer)[] = [0];
  let items = 0;
  for (const entry of entries) {
    items += entry.items;
    args.push(entry.record);
  }
  args[0] = items;
  return runs(items > 0 ? appendScript : commandScript, slot, [inbox, usage], args);
}
