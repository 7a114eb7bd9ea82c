import type { Bytes } from '../model/bytes.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import { RowTable } from './row-table.ts';
import type { Rule } from './rules.ts';
import * as schema from './schema.ts';
import { skipOther } from './wire-check.ts';
import { allZero, LastId, spanIdBytes, traceIdBytes } from './wire-ids.ts';

/** Columns of a span's row. `…End` is an offset behind the content; fields without one have a fixed size. 0 = absent. */
export const Column = {
  start: 0,
  end: 1,
  traceId: 2,
  spanId: 3,
  parentSpanId: 4,
  name: 5,
  nameEnd: 6,
  traceState: 7,
  traceStateEnd: 8,
  flags: 9,
  kind: 10,
  startTime: 11,
  endTime: 12,
  attributes: 13,
  attributesLength: 14,
  droppedAttributes: 15,
  /** From the first events field to behind the last one; other fields may stand between. */
  events: 16,
  eventsEnd: 17,
  droppedEvents: 18,
  links: 19,
  linksEnd: 20,
  droppedLinks: 21,
  status: 22,
  statusEnd: 23,
} as const;
const columns = 24;

/** The spans of a request. */
export class SpanTable extends RowTable {
  /** The name that was read last: spans that follow each other often have the same. */
  lastName = '';
  readonly lastTraceId = new LastId();
  readonly lastParentId = new LastId();

  constructor(source: Bytes, view: DataView) {
    super(source, view, columns);
  }

  /** Walks one span up to `end`. Its row is kept and its offset returned; or, when the span breaks a rule of its own, the rule. */
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
    let parentEnd = 0;
    let events = 0;
    let links = 0;
    let complete = true;
    rows[row + Column.attributes] = attributes.begin();
    while (reader.at < end) {
      const fieldStart = reader.at;
      const tag = reader.tag();
      switch (tag) {
        case 0x0a:
          traceIdEnd = this.block(reader, end, row + Column.traceId);
          break;
        case 0x12:
          spanIdEnd = this.block(reader, end, row + Column.spanId);
          break;
        case 0x1a:
          rows[row + Column.traceStateEnd] = this.block(reader, end, row + Column.traceState);
          break;
        case 0x22:
          parentEnd = this.block(reader, end, row + Column.parentSpanId);
          break;
        case 0x2a:
          rows[row + Column.nameEnd] = this.block(reader, end, row + Column.name);
          break;
        case 0x30:
          rows[row + Column.kind] = reader.int32();
          break;
        case 0x39:
          rows[row + Column.startTime] = reader.at;
          reader.skipFixed(8, end);
          break;
        case 0x41:
          rows[row + Column.endTime] = reader.at;
          reader.skipFixed(8, end);
          break;
        case 0x4a:
          complete = attributes.add(reader, end) && complete;
          break;
        case 0x50:
          rows[row + Column.droppedAttributes] = reader.int32();
          break;
        case 0x5a:
          if (events++ === 0) rows[row + Column.events] = fieldStart;
          rows[row + Column.eventsEnd] = this.nested(reader, end, schema.spanEvent);
          break;
        case 0x60:
          rows[row + Column.droppedEvents] = reader.int32();
          break;
        case 0x6a:
          if (links++ === 0) rows[row + Column.links] = fieldStart;
          rows[row + Column.linksEnd] = this.nested(reader, end, schema.spanLink);
          break;
        case 0x70:
          rows[row + Column.droppedLinks] = reader.int32();
          break;
        case 0x7a:
          rows[row + Column.statusEnd] = this.nested(reader, end, schema.status, row + Column.status);
          break;
        case 0x85:
          reader.skipFixed(4, end);
          rows[row + Column.flags] = this.view.getInt32(reader.at - 4, true);
          break;
        default:
          skipOther(reader, tag, end, schema.span);
      }
    }
    reader.closed(end);
    const { source } = this;
    const traceId = rows[row + Column.traceId] as number;
    if (traceIdEnd - traceId !== traceIdBytes || allZero(source, traceId, traceIdEnd)) return 'traceId';
    const spanId = rows[row + Column.spanId] as number;
    if (spanIdEnd - spanId !== spanIdBytes || allZero(source, spanId, spanIdEnd)) return 'spanId';
    const parent = rows[row + Column.parentSpanId] as number;
    if (parentEnd !== parent && parentEnd - parent !== spanIdBytes) return 'parentSpanId';
    if (allZero(source, parent, parentEnd)) rows[row + Column.parentSpanId] = 0;
    if (!complete) return 'attributes';
    return events > reader.limits.eventsMax || links > reader.limits.eventsMax ? 'events' : undefined;
  }
}
