import type { Partition } from '../../../journal/journal.ts';
import { type BatchContent, type Lanes, type SealedBatch, type Settlement, tenantOf, type WholeBatch } from '../sealed-batch.ts';
import { decodeBatch } from './records.ts';

/** What one destination's batches of this partition may be with its lane. */
const offeredMax = 512;
/** Over all destinations; beyond it each may still have `offeredMin`, so that a destination that is down holds up no other. */
const offeredInAllMax = 2_048;
const offeredMin = 16;
const page = 256;

/** The batches of one destination. Ids are in order of time, so `last` tells what the lane has had from what only the journal has. */
interface Line {
  /** With the lane. */
  offered: number;
  /** Id of the last one that was offered. */
  last: string;
  /** There are more in the journal behind `last`. */
  more: boolean;
}

/**
 * The sealed batches of a partition, each destination's in its own line:
 *
 *   sealed ─► with the lane ─► settled: gone
 *      └────► in the journal only ─┘  when the lane has room again
 *
 * So however many wait for a destination, memory holds a few hundred of their headers. The partition's step calls all methods but `left`, one
 * after the other; that makes them free of races.
 */
export class Backlog {
  readonly #partition: Partition;
  readonly #lanes: Lanes;
  readonly #wake: () => void;
  readonly #lines = new Map<string, Line>();
  #offered = 0;
  /** With the lanes or in the journal only. */
  batches = 0;
  bytes = 0;

  constructor(partition: Partition, lanes: Lanes, wake: () => void) {
    this.#partition = partition;
    this.#lanes = lanes;
    this.#wake = wake;
  }

  /** Takes over what stands in the journal, which is all that has to be read of it: the headers, a page at a time. */
  async adopt(settlement: Settlement, each: (batch: SealedBatch) => void): Promise<void> {
    for (let from = ''; ; ) {
      const pairs = await this.#partition.scan('batch', from, '~', page);
      for (const { value } of pairs) {
        const batch = decodeBatch(value);
        each(batch);
        this.sealed({ batch }, settlement);
      }
      if (pairs.length < page) return;
      from = `${pairs.at(-1)?.key}\0`;
    }
  }

  /** A batch that stands in the journal now. The batches of a step come in the order of their ids. */
  sealed({ batch, content }: { readonly batch: SealedBatch; readonly content?: BatchContent }, settlement: Settlement): void {
    const tenant = tenantOf(batch.destination);
    let line = this.#lines.get(tenant);
    if (!line) this.#lines.set(tenant, (line = { offered: 0, last: '', more: false }));
    this.batches += 1;
    this.bytes += batch.compressedBytes;
    if (line.more || line.offered >= this.#roomOf()) line.more = true;
    else this.#offer(line, batch, settlement, content);
  }

  /** The batch has left the journal, and its parts, if it was split, are with the lane. */
  left(batch: SealedBatch, parts: readonly WholeBatch[]): void {
    this.batches += parts.length - 1;
    this.bytes -= batch.compressedBytes;
    for (const part of parts) this.bytes += part.batch.compressedBytes;
    this.#offered += parts.length - 1;
    const tenant = tenantOf(batch.destination);
    const line = this.#lines.get(tenant);
    if (!line) return;
    line.offered += parts.length - 1;
    if (this.#wants(line)) this.#wake();
    else if (line.offered === 0 && !line.more) this.#lines.delete(tenant);
  }

  /** Gives the lanes what they have room for. */
  async refill(settlement: Settlement): Promise<void> {
    for (const [tenant, line] of this.#lines) if (this.#wants(line)) await this.#read(tenant, line, settlement);
  }

  async #read(tenant: string, line: Line, settlement: Settlement): Promise<void> {
    const room = Math.min(page, this.#roomOf() - line.offered);
    const from = line.last === '' ? `${tenant}-` : `${line.last}\0`;
    const pairs = await this.#partition.scan('batch', from, `${tenant}.`, room);
    for (const { value } of pairs) this.#offer(line, decodeBatch(value), settlement, undefined);
    line.more = pairs.length === room;
    if (line.offered === 0 && !line.more) this.#lines.delete(tenant);
  }

  #offer(line: Line, batch: SealedBatch, settlement: Settlement, content: BatchContent | undefined): void {
    line.last = batch.id;
    line.offered += 1;
    this.#offered += 1;
    this.#lanes.offer(batch, settlement, content);
  }

  #wants(line: Line): boolean {
    return line.more && line.offered <= this.#roomOf() / 2;
  }

  /** How many batches one destination may have with its lane now. */
  #roomOf(): number {
    return this.#offered < offeredInAllMax ? offeredMax : offeredMin;
  }
}
