import type { LogRecord } from '../model/batch.ts';
import { noBytes } from '../model/bytes.ts';
import type { Value } from '../model/value.ts';
import { readValue } from './any-value.ts';
import { Column, LogTable } from './log-table.ts';
import { viewOf } from './protobuf-reader.ts';
import { WireAttributes } from './wire-attributes.ts';
import { nanosAt, spanIdBytes, traceIdBytes } from './wire-ids.ts';

/** What was set on a log record. */
interface Changes {
  timeUnixNano?: bigint;
  observedTimeUnixNano?: bigint;
  severityNumber?: number;
  severityText?: string;
  eventName?: string;
  body?: Value;
  droppedAttributesCount?: number;
  flags?: number;
  traceId?: string;
  spanId?: string;
}

const noTable = new LogTable(noBytes, viewOf(noBytes));

/** A log record over its row in the table. Untouched, its bytes can be copied as they are; what is set lies over the row. */
export class WireLogRecord implements LogRecord {
  readonly table: LogTable;
  readonly row: number;
  readonly attributes: WireAttributes;
  #changes: Changes | undefined;
  #sealed = false;

  /** Without arguments: a log record of zeros. */
  constructor(table = noTable, row = 0, attributes = new WireAttributes()) {
    this.table = table;
    this.row = row;
    this.attributes = attributes;
  }

  static ofRow(table: LogTable, row: number): WireLogRecord {
    const { rows } = table;
    const first = rows[row + Column.attributes] as number;
    return new WireLogRecord(table, row, new WireAttributes(table.attributes, first, rows[row + Column.attributesLength]));
  }

  /** Whether nothing is copied from the wire that the record does not show. */
  get sealed(): boolean {
    return this.#sealed;
  }

  /** From now on only what the record shows is written. */
  seal(): void {
    this.#sealed = true;
    this.#change();
  }

  /** Whether the record's bytes on the wire still say everything. */
  get untouched(): boolean {
    return this.#changes === undefined && !this.attributes.changed && this.table !== noTable;
  }

  get timeUnixNano(): bigint {
    return this.#changes?.timeUnixNano ?? nanosAt(this.table.view, this.at(Column.time));
  }
  set timeUnixNano(nanos: bigint) {
    this.#change().timeUnixNano = nanos;
  }

  get observedTimeUnixNano(): bigint {
    return this.#changes?.observedTimeUnixNano ?? nanosAt(this.table.view, this.at(Column.observedTime));
  }
  set observedTimeUnixNano(nanos: bigint) {
    this.#change().observedTimeUnixNano = nanos;
  }

  get severityNumber(): number {
    return this.#changes?.severityNumber ?? this.at(Column.severityNumber);
  }
  set severityNumber(severity: number) {
    this.#change().severityNumber = severity;
  }

  get severityText(): string {
    return this.#changes?.severityText ?? this.#text(Column.severityText, Column.severityTextEnd);
  }
  set severityText(text: string) {
    this.#change().severityText = text;
  }

  get eventName(): string {
    return this.#changes?.eventName ?? this.#text(Column.eventName, Column.eventNameEnd);
  }
  set eventName(name: string) {
    this.#change().eventName = name;
  }

  get body(): Value {
    // A body can be set to null, so absence is told apart from it.
    if (this.#changes?.body !== undefined) return this.#changes.body;
    return readValue(this.table.source, this.table.view, this.at(Column.bodyType), this.at(Column.body), this.at(Column.bodyEnd));
  }
  set body(body: Value) {
    this.#change().body = body;
  }

  get droppedAttributesCount(): number {
    return this.#changes?.droppedAttributesCount ?? this.at(Column.droppedAttributes) >>> 0;
  }
  set droppedAttributesCount(count: number) {
    this.#change().droppedAttributesCount = count;
  }

  get flags(): number {
    return this.#changes?.flags ?? this.at(Column.flags) >>> 0;
  }
  set flags(flags: number) {
    this.#change().flags = flags;
  }

  get traceId(): string {
    return this.#changes?.traceId ?? this.#id(Column.traceId, traceIdBytes);
  }
  set traceId(id: string) {
    this.#change().traceId = id;
  }

  get spanId(): string {
    return this.#changes?.spanId ?? this.#id(Column.spanId, spanIdBytes);
  }
  set spanId(id: string) {
    this.#change().spanId = id;
  }

  /** Shares the wire's bytes and copies what was changed. */
  clone(): WireLogRecord {
    const copy = new WireLogRecord(this.table, this.row, this.attributes.clone());
    if (this.#changes !== undefined) copy.#changes = { ...this.#changes };
    copy.#sealed = this.#sealed;
    return copy;
  }

  /** A number of the row; 0 in a record that never stood on a wire. */
  at(column: number): number {
    return this.table.rows[this.row + column] as number;
  }

  #change(): Changes {
    return (this.#changes ??= {});
  }

  #id(column: number, size: number): string {
    const start = this.at(column);
    return start === 0 ? '' : this.table.source.hexSlice(start, start + size);
  }

  #text(column: number, endColumn: number): string {
    return this.table.source.utf8Slice(this.at(column), this.at(endColumn));
  }
}
