import type { Bytes } from '../../model/bytes.ts';
import { checkChange } from '../check-change.ts';
import { fenced } from '../faults.ts';
import type { Change, Entry, EntryId, Pair, Partition, Space } from '../journal.ts';
import { decodeEntry, decodeValue } from '../record.ts';
import { changeRequest } from './change-request.ts';
import { entryId, weightOf } from './entry-id.ts';
import type { PartitionKeys } from './layout.ts';
import { type Link, runs } from './link.ts';
import { scanPartition } from './scan.ts';
import { readScript } from './scripts.ts';
import type { Manner, Takeover } from './takeovers.ts';

export interface RedisPartitionOptions {
  readonly keys: PartitionKeys;
  readonly lease: string;
  readonly lost: AbortController;
  readonly takeover: Takeover;
  readonly reads: Link;
  readonly commits: Link;
  /** Counts damaged records. */
  damaged(count: number): void;
  /** Told of the usage that a commit answers with. */
  used(answer: unknown): void;
}

export class RedisPartition implements Partition {
  readonly id: number;
  readonly lost: AbortSignal;
  readonly #options: RedisPartitionOptions;
  readonly #listeners = new Set<() => void>();
  #manner: Manner;
  #notifying = false;

  constructor(options: RedisPartitionOptions) {
    this.#options = options;
    this.id = options.keys.id;
    this.lost = options.lost.signal;
    this.#manner = options.takeover.manner;
  }

  async read(after: EntryId | undefined, bytesMax: number): Promise<readonly Entry[]> {
    this.#checkHeld();
    const { keys, lease, reads } = this.#options;
    const from = after === undefined ? '-' : `(${weightOf(after).streamId}`;
    const names = [keys.lease, keys.inbox, keys.takeovers];
    const [answer] = await reads.ask('read', [runs(readScript, keys.slot, names, [lease, from, Math.max(1, bytesMax), this.#manner])]);
    const found = answer as readonly Buffer[];
    if (found.length === 0) this.#manner = 'plain';
    const entries: Entry[] = [];
    for (let at = 0; at < found.length; at += 2) entries.push(this.#entry(`${found[at]}`, found[at + 1] as Buffer));
    return entries;
  }

  onAppend(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Soon, and once for all news until then. */
  notify(): void {
    if (this.#notifying) return;
    this.#notifying = true;
    queueMicrotask(() => {
      this.#notifying = false;
      if (!this.lost.aborted) for (const listener of this.#listeners) listener();
    });
  }

  async get(space: Space, key: string): Promise<Bytes | undefined> {
    this.#checkHeld();
    const { keys, reads } = this.#options;
    const values = keys.values(space);
    const [record] = await reads.ask('read', [{ slot: keys.slot, add: (pipeline) => void pipeline.hgetBuffer(values, key) }]);
    if (record === null) return undefined;
    const value = decodeValue(record as Buffer);
    if (!value) await this.#discard(space, [key]);
    return value;
  }

  async scan(space: Space, from: string, to: string, limit: number): Promise<readonly Pair[]> {
    this.#checkHeld();
    const { pairs, damaged } = await scanPartition(this.#options.reads, this.#options.keys, space, from, to, limit);
    if (damaged.length > 0) await this.#discard(space, damaged);
    return pairs;
  }

  async commit(change: Change): Promise<void> {
    checkChange(change);
    this.#checkHeld();
    const { keys, lease, lost, commits, used } = this.#options;
    const [answer] = await commits.ask('commit to', [changeRequest(keys, lease, change)]);
    if (answer === null) {
      lost.abort();
      throw fenced(this.id);
    }
    used(answer);
  }

  #entry(streamId: string, record: Buffer): Entry {
    const { items, appendedAtMs, payload } = decodeEntry(record);
    const given = this.#options.takeover.poison.has(streamId) ? undefined : payload;
    if (!given) this.#options.damaged(1);
    return { id: entryId(streamId, items, record.length), items, appendedAtMs, payload: given };
  }

  async #discard(space: Space, keys: readonly string[]): Promise<void> {
    this.#options.damaged(keys.length);
    await this.commit({ delete: keys.map((key) => ({ space, key })) });
  }

  #checkHeld(): void {
    if (this.lost.aborted) throw fenced(this.id);
  }
}
