import type { Span, SpanEvent, SpanLink, SpanStatus } from '../model/batch.ts';
import { noBytes } from '../model/bytes.ts';
import { checkedReader, viewOf } from './protobuf-reader.ts';
import { readEvents, readLinks, readStatus } from './span-parts.ts';
import { Column, SpanTable } from './span-table.ts';
import { textAt } from './utf8.ts';
import { WireAttributes } from './wire-attributes.ts';
import { WireEvent, WireLink } from './wire-event.ts';
import { microsAt, nanosAt, spanIdBytes, traceIdBytes } from './wire-ids.ts';

/** What was set on a span, beside the texts that are cached in the span itself. */
interface Changes {
  flags?: number;
  kind?: number;
  startTimeUnixNano?: bigint;
  endTimeUnixNano?: bigint;
  droppedAttributesCount?: number;
  droppedEventsCount?: number;
  droppedLinksCount?: number;
}

const noTable = new SpanTable(noBytes, viewOf(noBytes));

/**
 * A span over its row in the table. States: untouched, every field stands on the wire and its bytes can be copied as they are; or touched: a field
 * was set, or something that can be changed in place (events, links, status) was handed out. Texts are made once and kept; setting one replaces the kept text.
 */
export class WireSpan implements Span {
  readonly table: SpanTable;
  readonly row: number;
  readonly attributes: WireAttributes;
  #touched = false;
  #sealed = false;
  #changes: Changes | undefined;
  #traceId: string | undefined;
  #spanId: string | undefined;
  #parentSpanId: string | undefined;
  #traceState: string | undefined;
  #name: string | undefined;
  #events: SpanEvent[] | undefined;
  #links: SpanLink[] | undefined;
  #status: SpanStatus | undefined;

  /** Without arguments: a span of zeros. */
  constructor(table = noTable, row = 0, attributes = new WireAttributes()) {
    this.table = table;
    this.row = row;
    this.attributes = attributes;
  }

  static ofRow(table: SpanTable, row: number): WireSpan {
    const { rows } = table;
    const first = rows[row + Column.attributes] as number;
    return new WireSpan(table, row, new WireAttributes(table.attributes, first, rows[row + Column.attributesLength]));
  }

  /** Whether nothing is copied from the wire that the span does not show. */
  get sealed(): boolean {
    return this.#sealed;
  }

  /** From now on only what the span shows is written. */
  seal(): void {
    this.#sealed = true;
    this.#touched = true;
  }

  /** Whether the span's bytes on the wire still say everything. */
  get untouched(): boolean {
    return !this.#touched && !this.attributes.changed && this.table !== noTable;
  }

  get traceId(): string {
    return (this.#traceId ??= this.table.lastTraceId.textAt(this.table.source, this.at(Column.traceId), traceIdBytes));
  }
  set traceId(id: string) {
    this.#traceId = id;
    this.#touched = true;
  }

  get spanId(): string {
    return (this.#spanId ??= this.#ownId());
  }
  set spanId(id: string) {
    this.#spanId = id;
    this.#touched = true;
  }

  get parentSpanId(): string {
    return (this.#parentSpanId ??= this.table.lastParentId.textAt(this.table.source, this.at(Column.parentSpanId), spanIdBytes));
  }
  set parentSpanId(id: string) {
    this.#parentSpanId = id;
    this.#touched = true;
  }

  get traceState(): string {
    return (this.#traceState ??= this.#text(Column.traceState, Column.traceStateEnd));
  }
  set traceState(text: string) {
    this.#traceState = text;
    this.#touched = true;
  }

  get name(): string {
    if (this.#name === undefined) {
      const { table } = this;
      this.#name = textAt(table.source, this.at(Column.name), this.at(Column.nameEnd), table.lastName);
      table.lastName = this.#name;
    }
    return this.#name;
  }
  set name(text: string) {
    this.#name = text;
    this.#touched = true;
  }

  get flags(): number {
    return this.#changes?.flags ?? this.at(Column.flags) >>> 0;
  }
  set flags(flags: number) {
    this.#change().flags = flags;
  }

  get kind(): number {
    return this.#changes?.kind ?? this.at(Column.kind);
  }
  set kind(kind: number) {
    this.#change().kind = kind;
  }

  get startTimeUnixNano(): bigint {
    return this.#changes?.startTimeUnixNano ?? nanosAt(this.table.view, this.at(Column.startTime));
  }
  set startTimeUnixNano(nanos: bigint) {
    this.#change().startTimeUnixNano = nanos;
  }

  get endTimeUnixNano(): bigint {
    return this.#changes?.endTimeUnixNano ?? nanosAt(this.table.view, this.at(Column.endTime));
  }
  set endTimeUnixNano(nanos: bigint) {
    this.#change().endTimeUnixNano = nanos;
  }

  get startMicros(): number {
    const nanos = this.#changes?.startTimeUnixNano;
    return nanos === undefined ? microsAt(this.table.view, this.at(Column.startTime)) : Number(nanos / 1000n);
  }

  get endMicros(): number {
    const nanos = this.#changes?.endTimeUnixNano;
    return nanos === undefined ? microsAt(this.table.view, this.at(Column.endTime)) : Number(nanos / 1000n);
  }

  get droppedAttributesCount(): number {
    return this.#changes?.droppedAttributesCount ?? this.at(Column.droppedAttributes) >>> 0;
  }
  set droppedAttributesCount(count: number) {
    this.#change().droppedAttributesCount = count;
  }

  get droppedEventsCount(): number {
    return this.#changes?.droppedEventsCount ?? this.at(Column.droppedEvents) >>> 0;
  }
  set droppedEventsCount(count: number) {
    this.#change().droppedEventsCount = count;
  }

  get droppedLinksCount(): number {
    return this.#changes?.droppedLinksCount ?? this.at(Column.droppedLinks) >>> 0;
  }
  set droppedLinksCount(count: number) {
    this.#change().droppedLinksCount = count;
  }

  get events(): SpanEvent[] {
    this.#touched = true;
    return (this.#events ??= this.at(Column.eventsEnd) === 0 ? [] : readEvents(this.#reader(Column.events), this.at(Column.eventsEnd)));
  }
  set events(events: SpanEvent[]) {
    this.#events = events;
    this.#touched = true;
  }

  get links(): SpanLink[] {
    this.#touched = true;
    return (this.#links ??= this.at(Column.linksEnd) === 0 ? [] : readLinks(this.#reader(Column.links), this.at(Column.linksEnd)));
  }
  set links(links: SpanLink[]) {
    this.#links = links;
    this.#touched = true;
  }

  get status(): SpanStatus {
    this.#touched = true;
    return (this.#status ??= readStatus(this.#reader(Column.status), this.at(Column.statusEnd)));
  }

  /** Shares the wire's bytes and copies what was changed. */
  clone(): WireSpan {
    const copy = new WireSpan(this.table, this.row, this.attributes.clone());
    copy.#touched = this.#touched;
    copy.#sealed = this.#sealed;
    copy.#changes = this.#changes === undefined ? undefined : { ...this.#changes };
    copy.#traceId = this.#traceId;
    copy.#spanId = this.#spanId;
    copy.#parentSpanId = this.#parentSpanId;
    copy.#traceState = this.#traceState;
    copy.#name = this.#name;
    copy.#events = this.#events?.map(WireEvent.copyOf);
    copy.#links = this.#links?.map(WireLink.copyOf);
    copy.#status = this.#status === undefined ? undefined : { ...this.#status };
    return copy;
  }

  /** A number of the row; 0 in a span that never stood on a wire. */
  at(column: number): number {
    return this.table.rows[this.row + column] as number;
  }

  #change(): Changes {
    this.#touched = true;
    return (this.#changes ??= {});
  }

  #ownId(): string {
    const start = this.at(Column.spanId);
    return start === 0 ? '' : this.table.source.hexSlice(start, start + spanIdBytes);
  }

  #text(column: number, endColumn: number): string {
    const start = this.at(column);
    return start === 0 ? '' : this.table.source.utf8Slice(start, this.at(endColumn));
  }

  #reader(column: number) {
    return checkedReader(this.table.source, this.table.view, this.at(column));
  }
}
