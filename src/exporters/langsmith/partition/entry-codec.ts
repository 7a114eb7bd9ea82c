/**
 * What one journal entry holds, and what a parked draft looks like.
 *
 *   entry:   u8 version · u8 kind
 *            drafts:  receiver (text) · destination (JSON text) · tenant (16 hex digits, text) · u32 count · drafts
 *                     and, if there are any, spans that were left out: u32 count · each: trace, span, parent (texts), u8 parent is remote
 *            command: see `dead-letters/command.ts`
 *   parked:  u8 what it waits for (`Awaited`) · f64 deadline ms · f64 appended ms · entry id (text) · u32 position · destination (JSON text) · draft
 *
 * A trace's key is `<tenant>:<trace id>`, so two tenants never share a tree.
 */
import type { Bytes } from '../../../model/bytes.ts';
import type { Draft, FilteredSpan } from '../../../model/draft.ts';
import { Fault } from '../../../model/fault.ts';
import { type Command, commandKind, decodeCommand } from '../../dead-letters/command.ts';
import type { Awaited } from '../assemble/trace.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { type DraftRecord, readDraft, writeDraft } from './draft-codec.ts';

const version = 1;
const kindDrafts = 0;
const nobody: readonly FilteredSpan[] = [];
const awaited: readonly Awaited[] = ['parent', 'logs', 'soft_parent', 'span', 'update'];
/** The first number that says what a parked draft waits for. */
const awaitedFrom = 1;

export interface DraftsEntry {
  readonly kind: 'drafts';
  /** Which run of which gateway appended it. */
  readonly receiver: string;
  readonly destination: string;
  readonly tenant: string;
  readonly drafts: readonly DraftRecord[];
  readonly filtered: readonly FilteredSpan[];
}

export type EntryContent = DraftsEntry | { readonly kind: 'command'; readonly command: Command };

/** Collects the drafts of one entry, in a room that may be used again for the next one. */
export class EntryWriter {
  readonly #writer: ByteWriter;
  readonly #countAt: number;
  readonly #filtered: FilteredSpan[] = [];
  #count = 0;

  constructor(receiver: string, destination: string, tenant: string, writer: ByteWriter = new ByteWriter(65_536)) {
    this.#writer = writer;
    this.#writer.clear();
    this.#writer.u8(version);
    this.#writer.u8(kindDrafts);
    this.#writer.text(receiver);
    this.#writer.text(destination);
    this.#writer.text(tenant);
    this.#countAt = this.#writer.length;
    this.#writer.u32(0);
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#writer.length;
  }

  get filteredCount(): number {
    return this.#filtered.length;
  }

  add(draft: Draft): void {
    writeDraft(this.#writer, draft);
    this.#count += 1;
  }

  /** So many drafts as they stand in another entry. */
  addRecords(records: Bytes, count: number): void {
    this.#writer.raw(records);
    this.#count += count;
  }

  addFiltered(span: FilteredSpan): void {
    this.#filtered.push(span);
  }

  get filtered(): readonly FilteredSpan[] {
    return this.#filtered;
  }

  /** Where the drafts stand in the payload. */
  get recordsAt(): number {
    return this.#countAt + 4;
  }

  finish(): Bytes {
    this.#writer.u32At(this.#countAt, this.#count);
    if (this.#filtered.length > 0) writeFiltered(this.#writer, this.#filtered);
    return this.#writer.copy();
  }
}

function writeFiltered(writer: ByteWriter, spans: readonly FilteredSpan[]): void {
  writer.u32(spans.length);
  for (const { traceId, spanId, parentSpanId, parentRemote } of spans) {
    writer.text(traceId);
    writer.text(spanId);
    writer.text(parentSpanId);
    writer.u8(parentRemote ? 1 : 0);
  }
}

function readFiltered(reader: ByteReader): readonly FilteredSpan[] {
  if (reader.at === reader.source.length) return nobody;
  const spans: FilteredSpan[] = [];
  for (let left = reader.u32(); left > 0; left -= 1)
    spans.push({ traceId: reader.text(), spanId: reader.text(), parentSpanId: reader.text(), parentRemote: reader.u8() === 1 });
  return spans;
}

/** Throws `GW_JOURNAL_CORRUPT`. */
export function decodeEntry(payload: Bytes): EntryContent {
  try {
    return readEntry(new ByteReader(payload));
  } catch (error) {
    throw new Fault('GW_JOURNAL_CORRUPT', 'cannot read journal entry: it is damaged or of a newer version', { cause: error });
  }
}

function readEntry(reader: ByteReader): EntryContent {
  if (reader.u8() !== version) throw new RangeError('unknown version');
  if (reader.u8() === commandKind) return { kind: 'command', command: decodeCommand(reader.source) };
  const receiver = reader.text();
  const destination = reader.text();
  const tenant = reader.text();
  const drafts: DraftRecord[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) drafts.push(readDraft(reader, drafts.at(-1)?.skeleton));
  return { kind: 'drafts', receiver, destination, tenant, drafts, filtered: readFiltered(reader) };
}

export interface ParkedRecord {
  readonly awaits: Awaited;
  readonly deadlineMs: number;
  readonly appendedAtMs: number;
  readonly entry: string;
  readonly position: number;
  readonly destination: string;
  readonly draft: DraftRecord;
  /** A range of the value. */
  readonly record: Bytes;
}

export function encodeParked(parked: Omit<ParkedRecord, 'draft' | 'record'>, record: Bytes): Bytes {
  const writer = new ByteWriter(record.length + 512);
  writer.u8(awaitedFrom + awaited.indexOf(parked.awaits));
  writer.f64(parked.deadlineMs);
  writer.f64(parked.appendedAtMs);
  writer.text(parked.entry);
  writer.u32(parked.position);
  writer.text(parked.destination);
  writer.raw(record);
  return writer.finish();
}

/** Throws a `RangeError` if the value is cut, or of a newer version. */
export function decodeParked(value: Bytes): ParkedRecord {
  const reader = new ByteReader(value);
  const head = {
    awaits: awaitedBy(reader.u8()),
    deadlineMs: reader.f64(),
    appendedAtMs: reader.f64(),
    entry: reader.text(),
    position: reader.u32(),
    destination: reader.text(),
  };
  const draft = readDraft(reader);
  return { ...head, draft, record: value.subarray(draft.start, draft.start + draft.bytes) };
}

/** An entry that holds the parked draft alone, to be given back to the inbox; `undefined` if the value cannot be read. */
export function entryOfParked(value: Bytes, tenant: string): Bytes | undefined {
  try {
    const { destination, record } = decodeParked(value);
    const writer = new EntryWriter('', destination, tenant);
    writer.addRecords(record, 1);
    return writer.finish();
  } catch {
    return undefined;
  }
}

function awaitedBy(number: number): Awaited {
  const name = awaited[number - awaitedFrom];
  if (name === undefined) throw new RangeError('unknown version');
  return name;
}
