import { Fault } from '../model/fault.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import type { Field, Message } from './schema.ts';
import * as schema from './schema.ts';

/**
 * Checks a message that nobody reads yet: wire types, lengths, depth, and the request's budget of elements. What has passed can be read later
 * without a check. `depth` is the nesting of attribute values so far.
 */
export function checkMessage(reader: ProtobufReader, end: number, message: Message, depth: number): void {
  if (message === schema.anyValue && depth > reader.limits.depthMax) {
    throw new Fault('GW_DECODE_TOO_DEEP', `cannot decode request: attribute values nested deeper than ${reader.limits.depthMax}`);
  }
  const deeper = message === schema.anyValue ? depth + 1 : depth;
  while (reader.at < end) {
    const tag = reader.tag();
    const field = message.byNumber[tag >>> 3];
    if (field?.kind !== 'message') {
      if (field !== undefined) expectWire(reader, tag, field, message);
      reader.skip(tag, end);
      continue;
    }
    expectWire(reader, tag, field, message);
    const close = reader.block(end);
    if (field.repeated) reader.spend(1);
    checkMessage(reader, close, field.message, deeper);
  }
  reader.closed(end);
}

export function expectWire(reader: ProtobufReader, tag: number, field: Field, message: Message): void {
  if ((tag & 7) !== field.wire) wrongWire(reader, tag, message);
}

/** The tag just read has a known field number with another wire type than the schema's. */
export function wrongWire(reader: ProtobufReader, tag: number, message: Message): never {
  const field = message.byNumber[tag >>> 3] as Field;
  return reader.fail(`wire type ${field.wire} for ${message.name}.${field.name}, not ${tag & 7}`, reader.at);
}

/** Skips a field that has no place here: unknown is fine, known with a wrong wire type is not. */
export function skipOther(reader: ProtobufReader, tag: number, end: number, message: Message): void {
  if (message.byNumber[tag >>> 3] !== undefined) wrongWire(reader, tag, message);
  reader.skip(tag, end);
}
