import { type Bytes, bytes } from '../model/bytes.ts';
import { viewOf } from './protobuf-reader.ts';

const varint32Bytes = 5;
const varint64Bytes = 10;

/**
 * Writes protobuf into one growing buffer. A nested message is opened with one byte for its length; when it turns out longer, its content is moved
 * up by what the length needs. That is a plain memory move, much cheaper than measuring every message before writing it.
 */
export class ProtobufWriter {
  #bytes: Bytes;
  #view: DataView;
  #at = 0;

  constructor(sizeExpected: number) {
    this.#bytes = bytes.allocUnsafeSlow(Math.max(64, sizeExpected));
    this.#view = viewOf(this.#bytes);
  }

  /** What was written; the writer must not be used afterwards. */
  finish(): Bytes {
    return this.#bytes.subarray(0, this.#at);
  }

  tag(number: number, wire: number): void {
    this.varint((number << 3) | wire);
  }

  /** Begins a length-delimited field; give the answer to `close`. */
  open(number: number): number {
    this.tag(number, 2);
    this.#need(1);
    return this.#at++;
  }

  close(opened: number): void {
    const length = this.#at - opened - 1;
    if (length >= 0x80) {
      const more = varintSize(length) - 1;
      this.#need(more);
      this.#bytes.copyWithin(opened + 1 + more, opened + 1, this.#at);
      this.#at += more;
    }
    this.#put(opened, length);
  }

  /** As `open`, with room for any length, so that `closeWide` moves nothing. For what may be as large as a request. */
  openWide(number: number): number {
    this.tag(number, 2);
    this.#need(varint32Bytes);
    const opened = this.#at;
    this.#at += varint32Bytes;
    return opened;
  }

  closeWide(opened: number): void {
    const last = opened + varint32Bytes - 1;
    let left = this.#at - last - 1;
    for (let at = opened; at < last; at++) {
      this.#bytes[at] = (left & 0x7f) | 0x80;
      left >>>= 7;
    }
    this.#bytes[last] = left;
  }

  /** Unsigned, below 2^32. */
  varint(value: number): void {
    this.#need(varint64Bytes);
    this.#at = this.#put(this.#at, value);
  }

  /** Signed 32 bits, as an int32 or enum: negative ones take ten bytes. */
  int32(value: number): void {
    if (value >= 0) this.varint(value);
    else this.int64(BigInt(value));
  }

  int64(value: bigint): void {
    this.#need(varint64Bytes);
    let left = BigInt.asUintN(64, value);
    while (left > 0x7fn) {
      this.#bytes[this.#at++] = Number(left & 0x7fn) | 0x80;
      left >>= 7n;
    }
    this.#bytes[this.#at++] = Number(left);
  }

  fixed32(value: number): void {
    this.#need(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  fixed64(value: bigint): void {
    this.#need(8);
    this.#view.setBigUint64(this.#at, value, true);
    this.#at += 8;
  }

  double(value: number): void {
    this.#need(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Bytes as they are, without tag or length. */
  raw(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#need(length);
    // Short runs are quicker in a loop than in a call.
    if (length < 48) for (let index = start; index < end; index++) this.#bytes[this.#at++] = source[index] as number;
    else {
      this.#bytes.set(source.subarray(start, end), this.#at);
      this.#at += length;
    }
  }

  /** A whole length-delimited field out of a range. */
  range(number: number, source: Uint8Array, start: number, end: number): void {
    this.tag(number, 2);
    this.varint(end - start);
    this.raw(source, start, end);
  }

  /** A whole string field. */
  text(number: number, text: string): void {
    const size = bytes.byteLength(text);
    this.tag(number, 2);
    this.varint(size);
    this.#need(size);
    this.#bytes.utf8Write(text, this.#at, size);
    this.#at += size;
  }

  /** A whole bytes field out of hex digits; left out if there are none. */
  hex(number: number, digits: string): void {
    if (digits === '') return;
    const id = bytes.from(digits, 'hex');
    this.range(number, id, 0, id.length);
  }

  #put(start: number, value: number): number {
    let at = start;
    let left = value >>> 0;
    while (left > 0x7f) {
      this.#bytes[at++] = (left & 0x7f) | 0x80;
      left >>>= 7;
    }
    this.#bytes[at++] = left;
    return at;
  }

  #need(count: number): void {
    const size = this.#at + count;
    if (size <= this.#bytes.length) return;
    const larger = bytes.allocUnsafeSlow(Math.max(size, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let left = value >>> 7; left > 0; left >>>= 7) size++;
  return size;
}
