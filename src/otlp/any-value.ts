import type { Bytes } from '../model/bytes.ts';
import type { Value, ValueMap, ValueType } from '../model/value.ts';
import { checkedReader, type ProtobufReader, varintInt64, varintTrue } from './protobuf-reader.ts';
import * as schema from './schema.ts';
import { checkMessage, skipOther } from './wire-check.ts';

/** Types of values as small numbers, in the attribute table: the field numbers of AnyValue, so array is 5 and map 6. */
export const Type = { empty: 0, string: 1, bool: 2, int: 3, double: 4, array: 5, map: 6, bytes: 7 } as const;
export const typeNames: readonly ValueType[] = ['empty', 'string', 'bool', 'int', 'double', 'array', 'map', 'bytes'];

/** Where an AnyValue's content stands: the text's bytes, the varint, the eight bytes of a double, or the inside of the nested message. */
export class ValuePlace {
  type = 0;
  start = 0;
  end = 0;

  /** Reads one AnyValue up to its end. Of several members of the oneof the last one counts. Nested messages are not looked into. */
  locate(reader: ProtobufReader, end: number): void {
    this.type = Type.empty;
    while (reader.at < end) {
      const tag = reader.tag();
      switch (tag) {
        case 0x0a: {
          const close = reader.block(end);
          this.#set(Type.string, reader.at, close);
          reader.at = close;
          break;
        }
        case 0x10: {
          const start = reader.at;
          reader.skipVarint();
          this.#set(Type.bool, start, reader.at);
          break;
        }
        case 0x18: {
          const start = reader.at;
          reader.skipVarint();
          this.#set(Type.int, start, reader.at);
          break;
        }
        case 0x21: {
          const start = reader.at;
          reader.skipFixed(8, end);
          this.#set(Type.double, start, reader.at);
          break;
        }
        case 0x2a:
        case 0x32:
        case 0x3a: {
          const close = reader.block(end);
          this.#set(tag === 0x2a ? Type.array : tag === 0x32 ? Type.map : Type.bytes, reader.at, close);
          reader.at = close;
          break;
        }
        default:
          skipOther(reader, tag, end, schema.anyValue);
      }
    }
    reader.closed(end);
  }

  #set(type: number, start: number, end: number): void {
    this.type = type;
    this.start = start;
    this.end = end;
  }
}

/** Checks the inside of an array or map value that was located; leaves the reader where it is. */
export function checkNested(reader: ProtobufReader, place: ValuePlace): void {
  if (place.type !== Type.array && place.type !== Type.map) return;
  const back = reader.at;
  reader.at = place.start;
  const field = schema.anyValue.byNumber[place.type === Type.array ? 5 : 6] as schema.Field;
  checkMessage(reader, place.end, field.message, 2);
  reader.at = back;
}

/** Makes a value of checked bytes. */
export function readValue(source: Bytes, view: DataView, type: number, start: number, end: number): Value {
  switch (type) {
    case Type.string:
      return source.utf8Slice(start, end);
    case Type.bool:
      return varintTrue(source, start);
    case Type.int:
      return varintInt64(source, start);
    case Type.double:
      return view.getFloat64(start, true);
    case Type.bytes:
      return source.subarray(start, end);
    case Type.array:
      return readArray(checkedReader(source, view, start), end);
    case Type.map:
      return readMap(checkedReader(source, view, start), end);
    default:
      return null;
  }
}

function readArray(reader: ProtobufReader, end: number): readonly Value[] {
  const values: Value[] = [];
  const place = new ValuePlace();
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag !== 0x0a) {
      reader.skip(tag, end);
      continue;
    }
    values.push(readElement(reader, reader.block(end), place));
  }
  return values;
}

function readMap(reader: ProtobufReader, end: number): ValueMap {
  const values = new Map<string, Value>();
  const place = new ValuePlace();
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag !== 0x0a) {
      reader.skip(tag, end);
      continue;
    }
    const close = reader.block(end);
    let key = '';
    let value: Value = null;
    while (reader.at < close) {
      const inner = reader.tag();
      if (inner === 0x0a) {
        const keyEnd = reader.block(close);
        key = reader.source.utf8Slice(reader.at, keyEnd);
        reader.at = keyEnd;
      } else if (inner === 0x12) {
        value = readElement(reader, reader.block(close), place);
      } else {
        reader.skip(inner, close);
      }
    }
    values.set(key, value);
  }
  return values;
}

function readElement(reader: ProtobufReader, end: number, place: ValuePlace): Value {
  place.locate(reader, end);
  return readValue(reader.source, reader.view, place.type, place.start, place.end);
}
