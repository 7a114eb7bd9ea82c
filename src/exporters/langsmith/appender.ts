import { crc32 } from 'node:zlib';
import type { Journal, NewEntry } from '../../journal/journal.ts';
import type { Caller, Resource, Scope, Span, Traces } from '../../model/batch.ts';
import type { Draft } from '../../model/draft.ts';
import type { Receipt } from '../../model/receipt.ts';
import { isPlaceholder } from './convert/placeholder.ts';
import type { Address, Destinations } from './destinations/destinations.ts';
import { EntryWriter } from './partition/entry-codec.ts';
import type { Ledger } from './partition/ledger.ts';

export type Convert = (span: Span, scope: Scope, resource: Resource, caller: Caller) => Draft;

/** Owners read entries whole, so a request of many spans becomes several. */
const entryBytes = 2 << 20;

/** From spans to the journal: converts each, groups the drafts by destination and partition of their trace, and appends all of them in one step. */
export class Appender {
  readonly #journal: Journal;
  readonly #convert: Convert;
  readonly #receiver: string;
  readonly #destinations: Destinations;
  readonly #ledger: Ledger;

  constructor(journal: Journal, convert: Convert, receiver: string, destinations: Destinations, ledger: Ledger) {
    this.#journal = journal;
    this.#convert = convert;
    this.#receiver = receiver;
    this.#destinations = destinations;
    this.#ledger = ledger;
  }

  /**
   * Rejects with the journal's faults, or `GW_RECEIVE_UNAUTHENTICATED`; then nothing is appended. Items and bytes: what was appended; spans that are no
   * runs are left out.
   */
  async append(traces: Traces): Promise<{ readonly receipt: Receipt; readonly items: number; readonly bytes: number }> {
    const entries = this.#entries(traces);
    let items = 0;
    let size = 0;
    for (const entry of entries) {
      items += entry.items;
      size += entry.payload.length;
    }
    const takeBack = this.#ledger.appending(entries);
    try {
      return { receipt: await this.#journal.append(entries), items, bytes: size };
    } catch (error) {
      takeBack();
      throw error;
    }
  }

  #entries({ resourceSpans, caller }: Traces): NewEntry[] {
    const { partitions } = this.#journal;
    const entries: NewEntry[] = [];
    const open = new Map<Address, Map<number, EntryWriter>>();
    for (const { resource, scopeSpans } of resourceSpans)
      for (const { scope, spans } of scopeSpans)
        for (const span of spans) {
          if (isPlaceholder(span)) continue;
          const address = this.#destinations.addressOf(span, resource, caller);
          const partition = crc32(`${address.tenant}:${span.traceId}`) % partitions;
          let writers = open.get(address);
          if (!writers) open.set(address, (writers = new Map()));
          let writer = writers.get(partition);
          if (!writer) writers.set(partition, (writer = new EntryWriter(this.#receiver, address.destination, address.tenant)));
          writer.add(this.#draft(span, scope, resource, caller));
          if (writer.bytes < entryBytes) continue;
          entries.push(entryOf(partition, writer));
          writers.delete(partition);
        }
    for (const writers of open.values()) for (const [partition, writer] of writers) entries.push(entryOf(partition, writer));
    return entries;
  }

  #draft(span: Span, scope: Scope, resource: Resource, caller: Caller): Draft {
    const draft = this.#convert(span, scope, resource, caller);
    const project = this.#destinations.projectOf(span, resource, caller);
    return project === '' ? draft : { ...draft, skeleton: { ...draft.skeleton, project, projectId: '' } };
  }
}

function entryOf(partition: number, writer: EntryWriter): NewEntry {
  return { partition, payload: writer.finish(), items: writer.count };
}
