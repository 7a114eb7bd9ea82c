import type { Bytes } from '../../model/bytes.ts';
import { checkChange } from '../check-change.ts';
import { fenced } from '../faults.ts';
import type { Change, Entry, EntryId, Pair, Partition, Space } from '../journal.ts';
import { decodeEntry, decodeValue } from '../record.ts';
import { changeRequest } from './change-request.ts';
import { entryId, weightOf } from './entry-id.ts';
import type { PartitionKeys } from './layout.ts';
import { beginTermScript } from './lease-scripts.ts';
import { type Link, runs } from './link.ts';
import { scanPartition } from './scan.ts';
import { readScript } from './scripts.ts';
import { unavailable } from './unavailable.ts';

/** The commit script's answer to a commit of an earlier term. */
const termOver = -1;

export interface RedisPartitionOptions {
  readonly format: number;
  readonly keys: PartitionKeys;
  readonly lease: string;
  readonly lost: AbortController;
  readonly reads: Link;
  readonly commits: Link;
  /** Counts damaged records. */
  damaged(count: number): void;
  /** Told of the usage that a commit answers with. */
  used(answer: unknown): void;
}

/**
 * A commit without an answer may still be executed, even long after its connection was closed: then nobody knows what the partition holds. So a lease
 * has terms, and each commit belongs to one. After a commit that ended unknown, the next call of any kind begins a new term first; what is executed
 * before that is seen, and what comes later is refused.
 */
export class RedisPartition implements Partition {
  readonly id: number;
  readonly format: number;
  readonly lost: AbortSignal;
  readonly #options: RedisPartitionOptions;
  readonly #listeners = new Set<(much: boolean) => void>();
  #notifying = false;
  #term = 0;
  #unknown = false;
  #beginning: Promise<void> | undefined;

  constructor(options: RedisPartitionOptions) {
    this.#options = options;
    this.id = options.keys.id;
    this.format = options.format;
    this.lost = options.lost.signal;
  }

  async read(after: EntryId | undefined, bytesMax: number): Promise<readonly Entry[]> {
    await this.#certain();
    const { keys, reads } = this.#options;
    const from = after === undefined ? '-' : `(${weightOf(after).streamId}`;
    const [answer] = await reads.ask('read', [runs(readScript, keys.slot, [keys.inbox], [from, Math.max(1, bytesMax)])]);
    const found = answer as readonly Buffer[];
    const entries: Entry[] = [];
    for (let at = 0; at < found.length; at += 2) entries.push(this.#entry(`${found[at]}`, found[at + 1] as Buffer));
    return entries;
  }

  onAppend(listener: (much: boolean) => void): void {
    this.#listeners.add(listener);
  }

  /** Soon, and once for all news until then. */
  notify(): void {
    if (this.#notifying) return;
    this.#notifying = true;
    queueMicrotask(() => {
      this.#notifying = false;
      if (!this.lost.aborted) for (const listener of this.#listeners) listener(false);
    });
  }

  async get(space: Space, key: string): Promise<Bytes | undefined> {
    await this.#certain();
    const { keys, reads } = this.#options;
    const values = keys.values(space);
    const [record] = await reads.ask('read', [{ slot: keys.slot, add: (pipeline) => void pipeline.hgetBuffer(values, key) }]);
    if (record === null) return undefined;
    const value = decodeValue(record as Buffer);
    if (!value) await this.#discard(space, [key]);
    return value;
  }

  async scan(space: Space, from: string, to: string, limit: number): Promise<readonly Pair[]> {
    await this.#certain();
    const { pairs, damaged } = await scanPartition(this.#options.reads, this.#options.keys, space, from, to, limit);
    if (damaged.length > 0) await this.#discard(space, damaged);
    return pairs;
  }

  async commit(change: Change): Promise<void> {
    checkChange(change);
    await this.#certain();
    const { lost, used } = this.#options;
    const answer = await this.#send(change);
    if (answer === null) {
      lost.abort();
      throw fenced(this.id);
    }
    if (answer === termOver) throw unavailable('commit to', new Error('its term was over before it came'));
    used(answer);
  }

  async #send(change: Change): Promise<unknown> {
    const { keys, lease, commits } = this.#options;
    const term = this.#term;
    let known = false;
    try {
      const [answer] = await commits.ask('commit to', [changeRequest(keys, lease, term, change)]);
      known = answer !== termOver;
      return answer;
    } finally {
      if (!known && term === this.#term) this.#unknown = true;
    }
  }

  /** Rejects if the partition is lost, or if what it holds cannot be made certain now. */
  async #certain(): Promise<void> {
    this.#checkHeld();
    if (!this.#unknown) return;
    this.#beginning ??= this.#beginTerm().finally(() => {
      this.#beginning = undefined;
    });
    await this.#beginning;
  }

  async #beginTerm(): Promise<void> {
    const { keys, lease, lost, commits } = this.#options;
    const term = this.#term + 1;
    const [answer] = await commits.ask('begin a term in', [runs(beginTermScript, keys.slot, [keys.lease], [lease, term])]);
    if (answer !== 1) {
      lost.abort();
      throw fenced(this.id);
    }
    this.#term = term;
    this.#unknown = false;
  }

  #entry(streamId: string, record: Buffer): Entry {
    const { items, appendedAtMs, payload } = decodeEntry(record);
    if (!payload) this.#options.damaged(1);
    return { id: entryId(streamId, items, record.length), items, appendedAtMs, payload };
  }

  async #discard(space: Space, keys: readonly string[]): Promise<void> {
    this.#options.damaged(keys.length);
    await this.commit({ delete: keys.map((key) => ({ space, key })) });
  }

  #checkHeld(): void {
    if (this.lost.aborted) throw fenced(this.id);
  }
}
