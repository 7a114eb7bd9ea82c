import type { LogRecord, Logs, Resource, Scope, Span, SpanEvent, SpanLink, Traces } from '../model/batch.ts';
import type { Bytes } from '../model/bytes.ts';
import { writeAttributes, writeValue } from './encode-value.ts';
import { Column as LogColumn } from './log-table.ts';
import { checkedReader, viewOf, Wire } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import * as schema from './schema.ts';
import { Column as SpanColumn } from './span-table.ts';
import { type WireRange, WireResource, WireScope } from './wire-groups.ts';
import { WireLogRecord } from './wire-log-record.ts';
import { WireSpan } from './wire-span.ts';

/** Encodes an `ExportTraceServiceRequest`. Spans that nobody touched are copied byte for byte; fields newer than our schema survive a change, too. */
export function encodeTraces(batch: Traces): Bytes {
  const writer = new ProtobufWriter(1 << 16);
  for (const { resource, scopeSpans } of batch.resourceSpans) {
    const group = writer.open(1);
    writeResource(writer, resource);
    for (const { scope, spans } of scopeSpans) {
      const inner = writer.open(2);
      writeScope(writer, scope);
      for (const span of spans) writeSpan(writer, span);
      if (scope.schemaUrl !== '') writer.text(3, scope.schemaUrl);
      writer.close(inner);
    }
    if (resource.schemaUrl !== '') writer.text(3, resource.schemaUrl);
    writer.close(group);
  }
  return writer.finish();
}

/** Encodes an `ExportLogsServiceRequest`; otherwise as `encodeTraces`. `bytesExpected`: room to begin with. */
export function encodeLogs(batch: Logs, bytesExpected = 1 << 16): Bytes {
  const writer = new ProtobufWriter(bytesExpected);
  for (const { resource, scopeLogs } of batch.resourceLogs) {
    const group = writer.open(1);
    writeResource(writer, resource);
    for (const { scope, logRecords } of scopeLogs) {
      const inner = writer.open(2);
      writeScope(writer, scope);
      for (const record of logRecords) writeLogRecord(writer, record);
      if (scope.schemaUrl !== '') writer.text(3, scope.schemaUrl);
      writer.close(inner);
    }
    if (resource.schemaUrl !== '') writer.text(3, resource.schemaUrl);
    writer.close(group);
  }
  return writer.finish();
}

function writeResource(writer: ProtobufWriter, resource: Resource): void {
  const opened = writer.open(1);
  writeAttributes(writer, 1, resource.attributes);
  writeCount(writer, 2, resource.droppedAttributesCount);
  if (resource instanceof WireResource) copyOthers(writer, resource.wire, schema.resource, entityRefs);
  writer.close(opened);
}

function writeScope(writer: ProtobufWriter, scope: Scope): void {
  const opened = writer.open(1);
  writeText(writer, 1, scope.name);
  writeText(writer, 2, scope.version);
  writeAttributes(writer, 3, scope.attributes);
  writeCount(writer, 4, scope.droppedAttributesCount);
  if (scope instanceof WireScope) copyOthers(writer, scope.wire, schema.scope);
  writer.close(opened);
}

function writeSpan(writer: ProtobufWriter, span: Span): void {
  const wire = span instanceof WireSpan ? rangeOf(span, SpanColumn) : undefined;
  if (wire !== undefined && (span as WireSpan).untouched) {
    writer.range(2, wire.source, wire.start, wire.end);
    return;
  }
  const opened = writer.open(2);
  writer.hex(1, span.traceId);
  writer.hex(2, span.spanId);
  writeText(writer, 3, span.traceState);
  writer.hex(4, span.parentSpanId);
  writeText(writer, 5, span.name);
  writeEnum(writer, 6, span.kind);
  writeTime(writer, 7, span.startTimeUnixNano);
  writeTime(writer, 8, span.endTimeUnixNano);
  writeAttributes(writer, 9, span.attributes);
  writeCount(writer, 10, span.droppedAttributesCount);
  for (const event of span.events) writeEvent(writer, event);
  writeCount(writer, 12, span.droppedEventsCount);
  for (const link of span.links) writeLink(writer, link);
  writeCount(writer, 14, span.droppedLinksCount);
  const { code, message } = span.status;
  if (code !== 0 || message !== '') {
    const status = writer.open(15);
    writeText(writer, 2, message);
    writeEnum(writer, 3, code);
    writer.close(status);
  }
  writeFixed32(writer, 16, span.flags);
  if (wire !== undefined && !(span as WireSpan).sealed) copyOthers(writer, wire, schema.span);
  writer.close(opened);
}

function writeEvent(writer: ProtobufWriter, event: SpanEvent): void {
  const opened = writer.open(11);
  writeTime(writer, 1, event.timeUnixNano);
  writeText(writer, 2, event.name);
  writeAttributes(writer, 3, event.attributes);
  writeCount(writer, 4, event.droppedAttributesCount);
  writer.close(opened);
}

function writeLink(writer: ProtobufWriter, link: SpanLink): void {
  const opened = writer.open(13);
  writer.hex(1, link.traceId);
  writer.hex(2, link.spanId);
  writeText(writer, 3, link.traceState);
  writeAttributes(writer, 4, link.attributes);
  writeCount(writer, 5, link.droppedAttributesCount);
  writeFixed32(writer, 6, link.flags);
  writer.close(opened);
}

function writeLogRecord(writer: ProtobufWriter, record: LogRecord): void {
  const wire = record instanceof WireLogRecord ? rangeOf(record, LogColumn) : undefined;
  if (wire !== undefined && (record as WireLogRecord).untouched) {
    writer.range(2, wire.source, wire.start, wire.end);
    return;
  }
  const opened = writer.open(2);
  writeTime(writer, 1, record.timeUnixNano);
  writeEnum(writer, 2, record.severityNumber);
  writeText(writer, 3, record.severityText);
  const body = record.body;
  if (body !== null) {
    const value = writer.open(5);
    writeValue(writer, body);
    writer.close(value);
  }
  writeAttributes(writer, 6, record.attributes);
  writeCount(writer, 7, record.droppedAttributesCount);
  writeFixed32(writer, 8, record.flags);
  writer.hex(9, record.traceId);
  writer.hex(10, record.spanId);
  writeTime(writer, 11, record.observedTimeUnixNano);
  writeText(writer, 12, record.eventName);
  if (wire !== undefined && !(record as WireLogRecord).sealed) copyOthers(writer, wire, schema.logRecord);
  writer.close(opened);
}

function rangeOf(record: WireSpan | WireLogRecord, column: { readonly start: number; readonly end: number }): WireRange {
  return { source: record.table.source, start: record.at(column.start), end: record.at(column.end) };
}

/** Entity references have a place in the schema and none in the model: they travel as they came. */
const entityRefs = 3;

/** Copies the fields of a checked message that the schema does not know, and the one that is named. */
function copyOthers(writer: ProtobufWriter, { source, start, end }: WireRange, message: schema.Message, also = 0): void {
  const reader = checkedReader(source, viewOf(source), start);
  while (reader.at < end) {
    const from = reader.at;
    const tag = reader.tag();
    const number = tag >>> 3;
    reader.skip(tag, end);
    if (number === also || message.byNumber[number] === undefined) writer.raw(source, from, reader.at);
  }
}

function writeText(writer: ProtobufWriter, number: number, text: string): void {
  if (text !== '') writer.text(number, text);
}

function writeCount(writer: ProtobufWriter, number: number, count: number): void {
  if (count === 0) return;
  writer.tag(number, Wire.varint);
  writer.varint(count);
}

function writeEnum(writer: ProtobufWriter, number: number, value: number): void {
  if (value === 0) return;
  writer.tag(number, Wire.varint);
  writer.int32(value);
}

function writeTime(writer: ProtobufWriter, number: number, nanos: bigint): void {
  if (nanos === 0n) return;
  writer.tag(number, Wire.fixed64);
  writer.fixed64(nanos);
}

function writeFixed32(writer: ProtobufWriter, number: number, value: number): void {
  if (value === 0) return;
  writer.tag(number, Wire.fixed32);
  writer.fixed32(value);
}
