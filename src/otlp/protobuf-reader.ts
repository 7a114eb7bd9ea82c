import type { Bytes } from '../model/bytes.ts';
import { Fault } from '../model/fault.ts';
import { defaultLimits, type Limits } from './limits.ts';

/** Wire types of the protobuf encoding; 3 and 4 (groups) are refused. */
export const Wire = { varint: 0, fixed64: 1, block: 2, fixed32: 5 } as const;

/**
 * A place in protobuf bytes. Ends are offsets in the same bytes, so nothing is sliced. A message is read by
 * `while (reader.at < end) { const tag = reader.tag(); … }` and then `reader.closed(end)`: a field that runs over the end of its message is found there.
 */
export class ProtobufReader {
  readonly source: Bytes;
  readonly view: DataView;
  readonly limits: Limits;
  at: number;
  #elementsLeft: number;

  constructor(source: Bytes, limits: Limits = defaultLimits, view = viewOf(source), at = 0) {
    this.source = source;
    this.view = view;
    this.limits = limits;
    this.at = at;
    this.#elementsLeft = limits.elementsMax;
  }

  tag(): number {
    const at = this.at;
    const first = this.source[at];
    // Field numbers 1 to 15, nearly all of OTLP, take one byte.
    if (first !== undefined && first < 0x80 && first > 7) {
      this.at = at + 1;
      return first;
    }
    const tag = this.#uint32('a field tag');
    if (tag >>> 3 === 0) this.fail('a field number above 0', at);
    return tag;
  }

  /** Reads the length of a string, bytes or message field and returns where its content ends. */
  block(end: number): number {
    const at = this.at;
    const first = this.source[at];
    let length: number;
    if (first !== undefined && first < 0x80) {
      this.at = at + 1;
      length = first;
    } else {
      length = this.#uint32('a length');
    }
    if (length > end - this.at) this.fail(`a length of at most ${Math.max(0, end - this.at)} bytes`, at);
    return this.at + length;
  }

  /** The low 32 bits of a varint, signed. */
  int32(): number {
    const at = this.at;
    const last = this.#varintEnd();
    this.at = last;
    return varintLow(this.source, at);
  }

  skipVarint(): void {
    this.at = this.#varintEnd();
  }

  skipFixed(size: number, end: number): void {
    if (size > end - this.at) this.fail(`${size} bytes`, this.at);
    this.at += size;
  }

  skip(tag: number, end: number): void {
    switch (tag & 7) {
      case Wire.varint:
        this.skipVarint();
        return;
      case Wire.fixed64:
        this.skipFixed(8, end);
        return;
      case Wire.block:
        this.at = this.block(end);
        return;
      case Wire.fixed32:
        this.skipFixed(4, end);
        return;
      default:
        this.fail('a field of wire type 0, 1, 2 or 5', this.at);
    }
  }

  closed(end: number): void {
    if (this.at !== end) this.fail(`a field that ends within its message, at byte ${end}`, this.at);
  }

  /** Takes elements from the request's budget. */
  spend(count: number): void {
    this.#elementsLeft -= count;
    if (this.#elementsLeft < 0) {
      throw new Fault(
        'GW_DECODE_TOO_MANY',
        `cannot decode request: more than ${this.limits.elementsMax} attributes, events, links and nested values`,
      );
    }
  }

  fail(expected: string, at: number): never {
    throw new Fault('GW_DECODE_BAD_PROTOBUF', `cannot decode protobuf: expected ${expected} at byte ${at}`);
  }

  /** Tags and lengths: at most 32 bits in at most five bytes. */
  #uint32(what: string): number {
    const start = this.at;
    let value = 0;
    for (let index = 0; index < 5; index++) {
      const byte = this.source[start + index];
      if (byte === undefined) this.fail(`${what}, not the end`, start);
      value |= (byte & 0x7f) << (7 * index);
      if (byte < 0x80) {
        if (index === 4 && byte > 0x0f) break;
        this.at = start + index + 1;
        return value >>> 0;
      }
    }
    return this.fail(`${what} of at most 32 bits`, start);
  }

  #varintEnd(): number {
    const start = this.at;
    for (let index = 0; index < 10; index++) {
      const byte = this.source[start + index];
      if (byte === undefined) this.fail('a varint, not the end', start);
      if (byte < 0x80) return start + index + 1;
    }
    return this.fail('a varint of at most ten bytes', start);
  }
}

const noLimits: Limits = { itemsMax: Infinity, attributesMax: Infinity, eventsMax: Infinity, depthMax: Infinity, elementsMax: Infinity };

/** A reader of bytes that have been checked within the limits. */
export function checkedReader(source: Bytes, view: DataView, at: number): ProtobufReader {
  return new ProtobufReader(source, noLimits, view, at);
}

export function viewOf(source: Uint8Array): DataView {
  return new DataView(source.buffer, source.byteOffset, source.byteLength);
}

/** The low 32 bits of a valid varint, signed. */
function varintLow(source: Bytes, start: number): number {
  let value = 0;
  for (let index = 0; index < 5; index++) {
    const byte = source[start + index] as number;
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) break;
  }
  return value;
}

/** A valid varint as int64, no digit lost. */
export function varintInt64(source: Bytes, start: number): bigint {
  let low = 0;
  let high = 0;
  for (let index = 0; index < 10; index++) {
    const byte = source[start + index] as number;
    const bits = byte & 0x7f;
    const shift = 7 * index;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high |= bits >>> 4;
    } else high |= bits << (shift - 32);
    if (byte < 0x80) break;
  }
  // Small positive numbers are the common case and need one BigInt only.
  return high === 0 ? BigInt(low >>> 0) : BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low >>> 0));
}

/** A valid varint as a number; NaN if it has more than 49 bits, as negative ones do. */
export function varintNumber(source: Bytes, start: number): number {
  let value = 0;
  let unit = 1;
  for (let index = 0; index < 7; index++) {
    const byte = source[start + index] as number;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) return value;
    unit *= 128;
  }
  return Number.NaN;
}

/** Whether a valid varint is not zero. */
export function varintTrue(source: Bytes, start: number): boolean {
  for (let at = start; ; at++) {
    const byte = source[at] as number;
    if ((byte & 0x7f) !== 0) return true;
    if (byte < 0x80) return false;
  }
}
