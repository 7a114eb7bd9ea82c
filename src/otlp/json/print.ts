import type { Logs, Traces } from '../../model/batch.ts';
import type { Bytes } from '../../model/bytes.ts';
import { encodeLogs, encodeTraces } from '../encode.ts';
import { checkedReader, type ProtobufReader, varintInt64, varintTrue, viewOf, Wire } from '../protobuf-reader.ts';
import * as schema from '../schema.ts';

/**
 * A batch as OTLP/JSON text: lowerCamelCase names, ids in hex, 64-bit integers as strings, enums as numbers, zero values left out.
 * Source: OTLP specification, "JSON Protobuf Encoding".
 */
export function tracesJson(batch: Traces): string {
  return printJson(encodeTraces(batch), schema.traces);
}

export function logsJson(batch: Logs): string {
  return printJson(encodeLogs(batch), schema.logs);
}

/** Only names of the schema become members, so an object of ours never gets one from outside. */
type Printed = string | number | boolean | Printed[] | { [name: string]: Printed };

function printJson(body: Bytes, message: schema.Message): string {
  return JSON.stringify(printMessage(checkedReader(body, viewOf(body), 0), body.length, message));
}

function printMessage(reader: ProtobufReader, end: number, message: schema.Message): Printed {
  const object: { [name: string]: Printed } = {};
  while (reader.at < end) {
    const tag = reader.tag();
    const field = message.byNumber[tag >>> 3];
    if (field === undefined) {
      reader.skip(tag, end);
      continue;
    }
    const value = printField(reader, end, field);
    if (field.repeated) ((object[field.name] ??= []) as Printed[]).push(value);
    else if (field.oneof) for (const name of Object.keys(object)) delete object[name];
    if (!field.repeated && (field.oneof || !isZero(field, value))) object[field.name] = value;
  }
  return object;
}

/** 64-bit integers are text here, so their zero is, too. */
function isZero(field: schema.Field, value: Printed): boolean {
  return value === (field.kind === 'fixed64' ? '0' : field.wire === Wire.block ? '' : 0);
}

function printField(reader: ProtobufReader, end: number, field: schema.Field): Printed {
  const { source, view } = reader;
  const start = reader.at;
  switch (field.kind) {
    case 'message':
      return printMessage(reader, reader.block(end), field.message);
    case 'string':
    case 'bytes':
    case 'traceId':
    case 'spanId': {
      const close = reader.block(end);
      const content = reader.at;
      reader.at = close;
      if (field.kind === 'string') return source.utf8Slice(content, close);
      return field.kind === 'bytes' ? source.base64Slice(content, close) : source.hexSlice(content, close);
    }
    case 'bool':
      reader.skipVarint();
      return varintTrue(source, start);
    case 'int64':
      reader.skipVarint();
      return `${varintInt64(source, start)}`;
    case 'uint32':
      return reader.int32() >>> 0;
    case 'enum':
      return reader.int32();
    case 'double': {
      reader.at += 8;
      const value = view.getFloat64(start, true);
      return Number.isFinite(value) ? value : `${value}`;
    }
    case 'fixed64':
      reader.at += 8;
      return `${view.getBigUint64(start, true)}`;
    case 'fixed32':
      reader.at += 4;
      return view.getUint32(start, true);
  }
}
