import type { Partition } from '../../../journal/journal.ts';
import type { Bytes } from '../../../model/bytes.ts';
import { Fault } from '../../../model/fault.ts';
import { free } from '../../../model/free.ts';
import { decodeParked } from './entry-codec.ts';
import { type HeldDraft, type HeldEntry, parkKey } from './held-draft.ts';

/** Spans of an entry go into few batches, one after the other: seldom is more than this read for one. */
const bytesMax = 4 << 20;

/**
 * The records of drafts while something is made of them. They wait in the journal only, where it gives an entry again cheaply: what comes in half a second
 * is more than all else that a gateway has to keep in memory.
 */
export class HeldRecords {
  readonly #partition: Partition;
  readonly #payloads = new Map<HeldEntry, Bytes>();
  #bytes = 0;

  constructor(partition: Partition) {
    this.#partition = partition;
  }

  /** `undefined` if it has to be read: a promise for each run would cost as much as the run. */
  at({ held, start, bytes }: HeldDraft): Bytes | undefined {
    const payload = held && (held.payload ?? this.#payloads.get(held));
    return payload?.subarray(start, start + bytes);
  }

  /** The draft's record, wherever it stands; `undefined` if its parked value was damaged. Rejects with `GW_JOURNAL_CORRUPT` if its entry is. */
  async of(draft: HeldDraft): Promise<Bytes | undefined> {
    if (draft.held) return this.at(draft) ?? this.#read(draft, draft.held);
    const value = await this.#partition.get('park', parkKey(draft));
    return value && decodeParked(value).record;
  }

  async #read(draft: HeldDraft, held: HeldEntry): Promise<Bytes | undefined> {
    const payload = await this.#partition.reread?.(held.id);
    if (!payload) throw new Fault('GW_JOURNAL_CORRUPT', `cannot read journal entry ${held.id} again: it is damaged`);
    this.#payloads.set(held, payload);
    this.#bytes += payload.length;
    return this.at(draft);
  }

  /** Call it where no record is used any more: gives their memory back if there is much of it. */
  trim(): void {
    if (this.#bytes > bytesMax) this.close();
  }

  /** Nobody may use a record afterwards. */
  close(): void {
    for (const payload of this.#payloads.values()) free(payload);
    this.#payloads.clear();
    this.#bytes = 0;
  }
}
