import type { SpanStatus } from '../model/batch.ts';
import { AttributeTable } from './attribute-table.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import { WireAttributes } from './wire-attributes.ts';
import { WireEvent, WireLink } from './wire-event.ts';
import { readText } from './wire-groups.ts';
import { hexOf, spanIdBytes, traceIdBytes } from './wire-ids.ts';

/** Reads a checked Event message. */
function readEvent(reader: ProtobufReader, end: number, table: AttributeTable): WireEvent {
  const first = table.begin();
  let time = 0;
  let name = '';
  let dropped = 0;
  while (reader.at < end) {
    const tag = reader.tag();
    switch (tag) {
      case 0x09:
        time = reader.at;
        reader.at += 8;
        break;
      case 0x12:
        name = readText(reader, end);
        break;
      case 0x1a:
        table.add(reader, end);
        break;
      case 0x20:
        dropped = reader.int32() >>> 0;
        break;
      default:
        reader.skip(tag, end);
    }
  }
  return new WireEvent(name, new WireAttributes(table, first, table.length), dropped, reader.view, time);
}

/** Reads a checked Link message. An id of a wrong size is ''. */
function readLink(reader: ProtobufReader, end: number, table: AttributeTable): WireLink {
  const first = table.begin();
  const link = { traceId: '', spanId: '', traceState: '', flags: 0, dropped: 0 };
  while (reader.at < end) {
    const tag = reader.tag();
    switch (tag) {
      case 0x0a:
        link.traceId = readId(reader, end, traceIdBytes);
        break;
      case 0x12:
        link.spanId = readId(reader, end, spanIdBytes);
        break;
      case 0x1a:
        link.traceState = readText(reader, end);
        break;
      case 0x22:
        table.add(reader, end);
        break;
      case 0x28:
        link.dropped = reader.int32() >>> 0;
        break;
      case 0x35:
        link.flags = reader.view.getUint32(reader.at, true);
        reader.at += 4;
        break;
      default:
        reader.skip(tag, end);
    }
  }
  const { dropped, ...fields } = link;
  return Object.assign(new WireLink(new WireAttributes(table, first, table.length)), fields, { droppedAttributesCount: dropped });
}

function readId(reader: ProtobufReader, end: number, size: number): string {
  const close = reader.block(end);
  const id = hexOf(reader.source, reader.at, close, size);
  reader.at = close;
  return id;
}

/** All events between the first and the last of a checked span; other fields that stand between are passed over. */
export function readEvents(reader: ProtobufReader, end: number): WireEvent[] {
  const events: WireEvent[] = [];
  if (reader.at >= end) return events;
  const table = new AttributeTable(reader.source, reader.view, 8);
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === 0x5a) events.push(readEvent(reader, reader.block(end), table));
    else reader.skip(tag, end);
  }
  return events;
}

export function readLinks(reader: ProtobufReader, end: number): WireLink[] {
  const links: WireLink[] = [];
  if (reader.at >= end) return links;
  const table = new AttributeTable(reader.source, reader.view, 8);
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === 0x6a) links.push(readLink(reader, reader.block(end), table));
    else reader.skip(tag, end);
  }
  return links;
}

export function readStatus(reader: ProtobufReader, end: number): SpanStatus {
  const status: SpanStatus = { code: 0, message: '' };
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === 0x12) status.message = readText(reader, end);
    else if (tag === 0x18) status.code = reader.int32();
    else reader.skip(tag, end);
  }
  return status;
}
