/** Protobuf by hand, for bodies that no encoder would write. */
import { asBytes, type Bytes } from '../../src/model/bytes.ts';

export function varint(value: number | bigint): Bytes {
  const out: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  while (left > 0x7fn) {
    out.push(Number(left & 0x7fn) | 0x80);
    left >>= 7n;
  }
  return asBytes(Buffer.from([...out, Number(left)]));
}

export function join(...parts: readonly Uint8Array[]): Bytes {
  return asBytes(Buffer.concat(parts));
}

/** A length-delimited field. */
export function block(number: number, ...content: readonly Uint8Array[]): Bytes {
  const body = Buffer.concat(content);
  return join(varint((number << 3) | 2), varint(body.length), body);
}

export const traceId = block(1, Buffer.alloc(16, 0xab));
export const spanId = block(2, Buffer.alloc(8, 0xcd));

/** An export of these records under one resource and scope. */
export function exportOf(...records: readonly Uint8Array[]): Bytes {
  return block(1, block(2, ...records.map((record) => block(2, record))));
}

export const goodSpan = join(traceId, spanId, block(5, Buffer.from('name')));

/** An AnyValue nested in arrays: depth 1 is a plain string. */
export function nestedValue(depth: number): Bytes {
  let value = block(1, Buffer.from('x'));
  for (let level = 1; level < depth; level++) value = block(5, block(1, value));
  return value;
}

export function attribute(key: string, value: Uint8Array, number = 9): Bytes {
  return block(number, block(1, Buffer.from(key)), block(2, value));
}
