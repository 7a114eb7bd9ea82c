/**
 * Small requests that wait for the same write share entries, one for each destination and partition, so that what an entry costs is not paid per request.
 *
 *   open: takes in what comes ──the journal asks for it, or it is large──► closed ──written──► every request in it has its receipt
 *                                                                           └──does not fit──► every request in it by itself
 */
import type { Journal, NewEntry } from '../../journal/journal.ts';
import type { Bytes } from '../../model/bytes.ts';
import type { FilteredSpan } from '../../model/draft.ts';
import { Fault } from '../../model/fault.ts';
import type { Receipt } from '../../model/receipt.ts';
import type { Address } from './destinations/destinations.ts';
import { ByteWriter } from './partition/byte-writer.ts';
import { EntryWriter } from './partition/entry-codec.ts';

/** An entry as one request makes it. */
export interface OwnEntry extends NewEntry {
  readonly address: Address;
  /** Its drafts, a range of the payload. */
  readonly records: Bytes;
  readonly filtered: readonly FilteredSpan[];
}

/** A request of more bytes gains nothing by sharing. */
export const sharingBytesMax = 32 << 10;
/** What is lost with an entry, and copied for it, stays small. */
const sharedBytesMax = 1 << 20;

export class SharedEntries {
  readonly #journal: Journal;
  readonly #receiver: string;
  readonly #room = new ByteWriter(sharingBytesMax);
  #open: Gathering | undefined;

  constructor(journal: Journal, receiver: string) {
    this.#journal = journal;
    this.#receiver = receiver;
  }

  /** Resolves when the entries of this request, of so many bytes, are held. Rejects with the journal's faults, which are never due to another request. */
  async append(entries: readonly OwnEntry[], bytes: number): Promise<Receipt> {
    const gathering = (this.#open ??= this.#begin());
    gathering.add(entries, bytes);
    if (gathering.bytes >= sharedBytesMax) this.#open = undefined;
    try {
      return await gathering.held;
    } catch (error) {
      if (this.#open === gathering) this.#open = undefined;
      if (gathering.requests > 1 && doesNotFit(error)) return this.#journal.append(entries);
      throw error;
    }
  }

  #begin(): Gathering {
    const gathering: Gathering = new Gathering(
      this.#journal.append(() => {
        if (this.#open === gathering) this.#open = undefined;
        return gathering.entries(this.#receiver, this.#room);
      }),
    );
    return gathering;
  }
}

/** Requests that are written together. */
class Gathering {
  readonly held: Promise<Receipt>;
  readonly #entries = new Map<Address, OwnEntry[][]>();
  bytes = 0;
  requests = 0;

  constructor(held: Promise<Receipt>) {
    this.held = held;
  }

  add(entries: readonly OwnEntry[], bytes: number): void {
    for (const entry of entries) {
      const { address, partition } = entry;
      let partitions = this.#entries.get(address);
      if (!partitions) this.#entries.set(address, (partitions = []));
      const sharing = partitions[partition];
      if (sharing) sharing.push(entry);
      else partitions[partition] = [entry];
    }
    this.bytes += bytes;
    this.requests += 1;
  }

  entries(receiver: string, room: ByteWriter): readonly NewEntry[] {
    const made: NewEntry[] = [];
    // Not every partition has an entry.
    for (const partitions of this.#entries.values())
      for (const sharing of partitions) if (sharing) made.push(joined(sharing, receiver, room));
    return made;
  }
}

function joined(entries: readonly OwnEntry[], receiver: string, room: ByteWriter): NewEntry {
  const first = entries[0] as OwnEntry;
  if (entries.length === 1) return first;
  const { partition, address } = first;
  const writer = new EntryWriter(receiver, address.destination, address.tenant, room);
  for (const { records, items, filtered } of entries) {
    writer.addRecords(records, items);
    for (const span of filtered) writer.addFiltered(span);
  }
  return { partition, payload: writer.finish(), items: writer.count };
}

function doesNotFit(error: unknown): boolean {
  return error instanceof Fault && (error.code === 'GW_JOURNAL_FULL' || error.code === 'GW_JOURNAL_ENTRY_TOO_LARGE');
}
