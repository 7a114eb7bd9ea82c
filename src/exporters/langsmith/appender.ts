import { crc32 } from 'node:zlib';
import type { Journal } from '../../journal/journal.ts';
import type { Batch, Caller, LeftOutSpan, LogRecord, Logs, Resource, Scope, Span, Traces } from '../../model/batch.ts';
import type { Bytes } from '../../model/bytes.ts';
import type { Deps } from '../../model/component.ts';
import type { Draft } from '../../model/draft.ts';
import type { Receipt } from '../../model/receipt.ts';
import { idOfLog } from './assemble/waiting-logs.ts';
import { draftOfLog, filteredSpanOf, isSyntheticRoot, joinKeyOf, type Traced } from './convert/convert.ts';
import { isPlaceholder } from './convert/placeholder.ts';
import type { Address, Destinations } from './destinations/destinations.ts';
import { ByteWriter } from './partition/byte-writer.ts';
import { EntryWriter } from './partition/entry-codec.ts';
import type { Ledger } from './partition/ledger.ts';
import { type OwnEntry, SharedEntries, sharingBytesMax } from './shared-entries.ts';

export type Convert = (span: Span, scope: Scope, resource: Resource, caller: Caller) => Draft;
/** What becomes of a log record in no trace; `undefined`: nothing. */
export type TraceLog = (record: LogRecord, scope: Scope, resource: Resource) => Traced | undefined;

/** Owners read entries whole, so a request of many spans becomes several. */
const entryBytes = 2 << 20;
/** Spans that were left out, with their ids; no spans are parts of a request without limit, so neither are these. */
const filteredPerEntryMax = 8_192;
/** A room that one extraordinary span has made larger is not kept. */
const keptBytesMax = 4 << 20;

interface Placed {
  readonly span: Span;
  readonly scope: Scope;
  readonly resource: Resource;
}

/** The spans of a request that go into one partition for one destination. */
interface Group {
  readonly address: Address;
  readonly partition: number;
  readonly spans: Placed[];
  readonly leftOut: Span[];
}

/**
 * From spans to the journal: converts each, groups the drafts by destination and partition of their trace, and appends them. Log records go the same way
 * as they are, so that they meet their spans there.
 */
export class Appender {
  readonly #journal: Journal;
  readonly #convert: Convert;
  readonly #receiver: string;
  readonly #destinations: Destinations;
  readonly #ledger: Ledger;
  readonly #deps: Pick<Deps, 'id' | 'observer'>;
  readonly #traceLog: TraceLog | undefined;
  readonly #shared: SharedEntries;
  /** Entries are written one after the other, so one room serves all of them; each leaves it as bytes of its own length. */
  #room = new ByteWriter(entryBytes);

  constructor(
    journal: Journal,
    convert: Convert,
    receiver: string,
    destinations: Destinations,
    ledger: Ledger,
    deps: Pick<Deps, 'id' | 'observer'>,
    traceLog?: TraceLog,
  ) {
    this.#journal = journal;
    this.#convert = convert;
    this.#receiver = receiver;
    this.#destinations = destinations;
    this.#ledger = ledger;
    this.#deps = deps;
    this.#traceLog = traceLog;
    this.#shared = new SharedEntries(journal, receiver);
  }

  /**
   * Resolves when all of it is held. Rejects with the journal's faults, or `GW_RECEIVE_UNAUTHENTICATED`; then nothing is held. `held` is told of what is:
   * spans that are no runs are left out, and log records that name no span.
   */
  async append(batch: Batch, held: (items: number, bytes: number, ms: number) => void): Promise<Receipt> {
    const entries = batch.signal === 'logs' ? this.#logEntries(batch) : this.#entries(batch);
    let items = 0;
    let size = 0;
    for (const entry of entries) {
      items += entry.items;
      size += entry.payload.length;
    }
    const takeBack = this.#ledger.appending(entries);
    try {
      const startedAt = performance.now();
      const receipt = await (size > sharingBytesMax ? this.#journal.append(entries) : this.#shared.append(entries, size));
      held(items, size, performance.now() - startedAt);
      return receipt;
    } catch (error) {
      takeBack();
      throw error;
    }
  }

  #entries(batch: Traces): OwnEntry[] {
    const { id, observer } = this.#deps;
    const entries: OwnEntry[] = [];
    const { caller } = batch;
    for (const { address, partition, spans, leftOut } of this.#groups(batch)) {
      let writer = this.#writer(address);
      for (const { span, scope, resource } of spans) {
        const draft = this.#draft(span, scope, resource, caller);
        writer.add(draft);
        observer.spanStored?.(id, draft.skeleton);
        if (writer.bytes < entryBytes) continue;
        entries.push(entryOf(address, partition, writer));
        writer = this.#writer(address);
      }
      for (const span of leftOut) {
        if (writer.filteredCount >= filteredPerEntryMax) {
          entries.push(entryOf(address, partition, writer));
          writer = this.#writer(address);
        }
        writer.addFiltered(filteredSpanOf(span));
      }
      if (writer.count + writer.filteredCount > 0) entries.push(entryOf(address, partition, writer));
    }
    return entries;
  }

  #groups(batch: Traces): readonly Group[] {
    const { caller, leftOut = [] } = batch;
    const groups: Group[] = [];
    const byAddress = new Map<Address, (Group | undefined)[]>();
    const groupOf = (address: Address, { traceId }: Span): Group => {
      const partition = this.#partitionOf(address, traceId);
      let byPartition = byAddress.get(address);
      if (!byPartition) byAddress.set(address, (byPartition = []));
      let group = byPartition[partition];
      if (!group) groups.push((group = byPartition[partition] = { address, partition, spans: [], leftOut: [] }));
      return group;
    };
    for (const each of this.#placed(batch)) {
      const group = groupOf(this.#destinations.addressOf(each.span, each.resource, caller), each.span);
      if (isSyntheticRoot(each.span)) {
        this.#deps.observer.leftOut?.(this.#deps.id, each.span, 'a root that Dify makes above what it exports');
        group.leftOut.push(each.span);
      } else group.spans.push(each);
    }
    for (const each of leftOut) {
      const address = this.#addressOfLeftOut(each, caller);
      if (address) groupOf(address, each.span).leftOut.push(each.span);
    }
    return groups;
  }

  /** `undefined` without a key of its own: then it is in nobody's trace. */
  #addressOfLeftOut({ span, resource }: LeftOutSpan, caller: Caller): Address | undefined {
    try {
      return this.#destinations.addressOf(span, resource, caller);
    } catch {
      return undefined;
    }
  }

  #partitionOf({ tenant }: Address, traceId: string): number {
    return crc32(`${tenant}:${traceId}`) % this.#journal.partitions;
  }

  #logEntries({ resourceLogs, caller }: Logs): OwnEntry[] {
    const entries: OwnEntry[] = [];
    const open = new Map<string, { readonly address: Address; readonly partition: number; readonly writer: EntryWriter }>();
    for (const { resource, scopeLogs } of resourceLogs)
      for (const { scope, logRecords } of scopeLogs)
        for (const record of logRecords) {
          const draft = this.#draftOfLog(record, scope, resource, caller);
          if (!draft) continue;
          const address = this.#destinations.addressOf(record, resource, caller);
          const partition = this.#partitionOf(address, draft.skeleton.traceId);
          const name = `${partition} ${address.destination}`;
          let group = open.get(name);
          if (!group)
            open.set(name, (group = { address, partition, writer: new EntryWriter(this.#receiver, address.destination, address.tenant) }));
          group.writer.add(draft);
          if (group.writer.bytes < entryBytes) continue;
          entries.push(entryOf(address, partition, group.writer));
          open.delete(name);
        }
    for (const { address, partition, writer } of open.values()) entries.push(entryOf(address, partition, writer));
    return entries;
  }

  /** `undefined` for a record that is neither a run nor in one. */
  #draftOfLog(record: LogRecord, scope: Scope, resource: Resource, caller: Caller): Draft | undefined {
    const traced = record.traceId === '' ? this.#traceLog?.(record, scope, resource) : undefined;
    if (traced?.span) return this.#draft(traced.span, scope, resource, caller);
    const joining = traced?.record ?? record;
    const key = joinKeyOf(joining);
    return key && draftOfLog(joining, scope, key, logId);
  }

  #writer({ destination, tenant }: Address): EntryWriter {
    if (this.#room.room.length > keptBytesMax) this.#room = new ByteWriter(entryBytes);
    return new EntryWriter(this.#receiver, destination, tenant, this.#room);
  }

  #draft(span: Span, scope: Scope, resource: Resource, caller: Caller): Draft {
    const draft = this.#convert(span, scope, resource, caller);
    const project = this.#destinations.projectOf(span, resource, caller);
    return project === '' ? draft : { ...draft, skeleton: { ...draft.skeleton, project, projectId: '' } };
  }

  #placed({ resourceSpans }: Traces): Placed[] {
    const { id, observer } = this.#deps;
    const all: Placed[] = [];
    for (const { resource, scopeSpans } of resourceSpans)
      for (const { scope, spans } of scopeSpans)
        for (const span of spans) {
          if (isPlaceholder(span)) observer.leftOut?.(id, span, 'a placeholder of a span that is still open');
          else all.push({ span, scope, resource });
        }
    return all;
  }
}

/** The same record gets the same id, so one that is sent again is recognised. */
function logId(spanId: string, content: Bytes): string {
  return idOfLog(spanId, `${content.length.toString(16)}-${crc32(content).toString(16)}`);
}

function entryOf(address: Address, partition: number, writer: EntryWriter): OwnEntry {
  const { bytes: end, count: items, filtered, recordsAt } = writer;
  const payload = writer.finish();
  return { address, partition, payload, items, records: payload.subarray(recordsAt, end), filtered };
}
