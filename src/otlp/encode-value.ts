import type { Attributes, Value, ValueMap } from '../model/value.ts';
import { Type } from './any-value.ts';
import type { AttributeTable } from './attribute-table.ts';
import { Wire } from './protobuf-reader.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';
import { WireAttributes } from './wire-attributes.ts';

/** Writes attributes as KeyValue fields. Values that nobody changed are copied from the wire. */
export function writeAttributes(writer: ProtobufWriter, number: number, attributes: Attributes): void {
  for (let position = 0; position < attributes.length; position++) {
    const key = attributes.keyAt(position);
    if (key === undefined) continue;
    const opened = writer.open(number);
    writer.text(1, key);
    const value = writer.open(2);
    const cell = attributes instanceof WireAttributes ? attributes.cellAt(position) : -1;
    if (cell >= 0) copyValue(writer, (attributes as WireAttributes).table, cell);
    else writeValue(writer, attributes.valueAt(position));
    writer.close(value);
    writer.close(opened);
  }
}

/** The inside of an AnyValue. */
export function writeValue(writer: ProtobufWriter, value: Value): void {
  switch (typeof value) {
    case 'string':
      writer.text(1, value);
      return;
    case 'boolean':
      writer.tag(2, Wire.varint);
      writer.varint(value ? 1 : 0);
      return;
    case 'bigint':
      writer.tag(3, Wire.varint);
      writer.int64(value);
      return;
    case 'number':
      writer.tag(4, Wire.fixed64);
      writer.double(value);
      return;
  }
  if (value === null) return;
  if (value instanceof Uint8Array) writer.range(7, value, 0, value.length);
  else if (Array.isArray(value)) writeArray(writer, value as readonly Value[]);
  else writeMap(writer, value as ValueMap);
}

function writeArray(writer: ProtobufWriter, values: readonly Value[]): void {
  const array = writer.open(5);
  for (const value of values) {
    const opened = writer.open(1);
    writeValue(writer, value);
    writer.close(opened);
  }
  writer.close(array);
}

function writeMap(writer: ProtobufWriter, map: ValueMap): void {
  const list = writer.open(6);
  for (const [key, value] of map) {
    const pair = writer.open(1);
    writer.text(1, key);
    const opened = writer.open(2);
    writeValue(writer, value);
    writer.close(opened);
    writer.close(pair);
  }
  writer.close(list);
}

function copyValue(writer: ProtobufWriter, { source, cells }: AttributeTable, cell: number): void {
  // Types are numbered as the fields of AnyValue.
  const type = (cells[cell] as number) & 7;
  const start = cells[cell + 1] as number;
  const end = cells[cell + 2] as number;
  if (type === Type.empty) return;
  if (type === Type.bool || type === Type.int) writer.tag(type, Wire.varint);
  else if (type === Type.double) writer.tag(type, Wire.fixed64);
  else {
    writer.range(type, source, start, end);
    return;
  }
  writer.raw(source, start, end);
}
