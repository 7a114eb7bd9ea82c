import type { Bytes } from '../model/bytes.ts';
import { checkNested, ValuePlace } from './any-value.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import { RowTable } from './row-table.ts';
import type { Rule } from './rules.ts';
import * as schema from './schema.ts';
import { skipOther } from './wire-check.ts';
import { allZero, spanIdBytes, traceIdBytes } from './wire-ids.ts';

/** Columns of a log record's row, as in the span table. */
export const Column = {
  start: 0,
  end: 1,
  time: 2,
  observedTime: 3,
  severityNumber: 4,
  severityText: 5,
  severityTextEnd: 6,
  bodyType: 7,
  body: 8,
  bodyEnd: 9,
  attributes: 10,
  attributesLength: 11,
  droppedAttributes: 12,
  flags: 13,
  traceId: 14,
  spanId: 15,
  eventName: 16,
  eventNameEnd: 17,
} as const;
const columns = 18;

/** The log records of a request. */
export class LogTable extends RowTable {
  readonly #place = new ValuePlace();

  constructor(source: Bytes, view: DataView) {
    super(source, view, columns);
  }

  /** Walks one log record up to `end`. Its row is kept and its offset returned; or, when it breaks a rule of its own, the rule. */
  walk(reader: ProtobufReader, end: number): number | Rule {
    const row = this.open();
    const { rows } = this;
    rows[row + Column.start] = reader.at;
    rows[row + Column.end] = end;
    const rule = this.#fields(reader, end, row);
    if (rule !== undefined) {
      this.attributes.cancel();
      return rule;
    }
    rows[row + Column.attributesLength] = this.attributes.length;
    this.keep();
    return row;
  }

  #fields(reader: ProtobufReader, end: number, row: number): Rule | undefined {
    const { rows, attributes } = this;
    let traceIdEnd = 0;
    let spanIdEnd = 0;
    let complete = true;
    rows[row + Column.attributes] = attributes.begin();
    while (reader.at < end) {
      const tag = reader.tag();
      switch (tag) {
        case 0x09:
          rows[row + Column.time] = reader.at;
          reader.skipFixed(8, end);
          break;
        case 0x10:
          rows[row + Column.severityNumber] = reader.int32();
          break;
        case 0x1a:
          rows[row + Column.severityTextEnd] = this.block(reader, end, row + Column.severityText);
          break;
        case 0x2a:
          this.#body(reader, end, row);
          break;
        case 0x32:
          complete = attributes.add(reader, end) && complete;
          break;
        case 0x38:
          rows[row + Column.droppedAttributes] = reader.int32();
          break;
        case 0x45:
          reader.skipFixed(4, end);
          rows[row + Column.flags] = this.view.getInt32(reader.at - 4, true);
          break;
        case 0x4a:
          traceIdEnd = this.block(reader, end, row + Column.traceId);
          break;
        case 0x52:
          spanIdEnd = this.block(reader, end, row + Column.spanId);
          break;
        case 0x59:
          rows[row + Column.observedTime] = reader.at;
          reader.skipFixed(8, end);
          break;
        case 0x62:
          rows[row + Column.eventNameEnd] = this.block(reader, end, row + Column.eventName);
          break;
        default:
          skipOther(reader, tag, end, schema.logRecord);
      }
    }
    reader.closed(end);
    // A log record needs no ids: absent and all zero mean none.
    const traceId = rows[row + Column.traceId] as number;
    if (traceIdEnd !== traceId && traceIdEnd - traceId !== traceIdBytes) return 'logTraceId';
    if (allZero(this.source, traceId, traceIdEnd)) rows[row + Column.traceId] = 0;
    const spanId = rows[row + Column.spanId] as number;
    if (spanIdEnd !== spanId && spanIdEnd - spanId !== spanIdBytes) return 'logSpanId';
    if (allZero(this.source, spanId, spanIdEnd)) rows[row + Column.spanId] = 0;
    return complete ? undefined : 'attributes';
  }

  #body(reader: ProtobufReader, end: number, row: number): void {
    const place = this.#place;
    place.locate(reader, reader.block(end));
    checkNested(reader, place);
    this.rows[row + Column.bodyType] = place.type;
    this.rows[row + Column.body] = place.start;
    this.rows[row + Column.bodyEnd] = place.end;
  }
}
