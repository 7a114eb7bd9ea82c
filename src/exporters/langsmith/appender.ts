import { crc32 } from 'node:zlib';
import type { Journal, NewEntry } from '../../journal/journal.ts';
import type { Caller, Resource, Scope, Span, Traces } from '../../model/batch.ts';
import type { Draft } from '../../model/draft.ts';
import type { Receipt } from '../../model/receipt.ts';
import { isPlaceholder } from './convert/placeholder.ts';
import { EntryWriter } from './partition/entry-codec.ts';
import { type DestinationRef, tenantOf } from './sealed-batch.ts';

export type Convert = (span: Span, scope: Scope, resource: Resource, caller: Caller) => Draft;

/** Owners read entries whole, so a request of many spans becomes several. */
const entryBytes = 2 << 20;

/** From spans to the journal: converts each, groups the drafts by the partition of their trace, and appends all of them in one step. */
export class Appender {
  readonly #journal: Journal;
  readonly #convert: Convert;
  readonly #receiver: string;
  readonly #destination: string;
  readonly #tenant: string;

  constructor(journal: Journal, convert: Convert, receiver: string, destination: DestinationRef) {
    this.#journal = journal;
    this.#convert = convert;
    this.#receiver = receiver;
    this.#destination = JSON.stringify(destination);
    this.#tenant = tenantOf(destination);
  }

  /** Rejects with the journal's faults. Items and bytes: what was appended; spans that are no runs are left out. */
  async append(traces: Traces): Promise<{ readonly receipt: Receipt; readonly items: number; readonly bytes: number }> {
    const entries = this.#entries(traces);
    let items = 0;
    let size = 0;
    for (const entry of entries) {
      items += entry.items;
      size += entry.payload.length;
    }
    return { receipt: await this.#journal.append(entries), items, bytes: size };
  }

  #entries({ resourceSpans, caller }: Traces): NewEntry[] {
    const entries: NewEntry[] = [];
    const open = new Map<number, EntryWriter>();
    const close = (partition: number, writer: EntryWriter): void => {
      entries.push({ partition, payload: writer.finish(), items: writer.count });
      open.delete(partition);
    };
    for (const { resource, scopeSpans } of resourceSpans)
      for (const { scope, spans } of scopeSpans)
        for (const span of spans) {
          if (isPlaceholder(span)) continue;
          const partition = crc32(`${this.#tenant}:${span.traceId}`) % this.#journal.partitions;
          const writer = open.get(partition) ?? new EntryWriter(this.#receiver, this.#destination, this.#tenant);
          open.set(partition, writer);
          writer.add(this.#convert(span, scope, resource, caller));
          if (writer.bytes >= entryBytes) close(partition, writer);
        }
    for (const [partition, writer] of open) close(partition, writer);
    return entries;
  }
}
