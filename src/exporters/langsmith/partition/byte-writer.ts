import { type Bytes, bytes } from '../../../model/bytes.ts';

/** Up to this length a loop costs less than a call into the runtime. */
const loopMax = 16;
const copiedByLoopMax = 12;
const dash = 0x2d;
const quote = 0x22;
/** The length in bytes of so many characters, whichever they are, is a varint of one byte. */
const shortMax = 42;
/** What 53 bits need, seven a byte. */
const varintMax = 8;

/** Growing bytes. Numbers are little endian; a text is its length in bytes (u32) and its UTF-8. */
export class ByteWriter {
  #target: Bytes;
  #view: DataView;
  #length = 0;

  /** `room`: bytes to begin with, or how many. */
  constructor(room: number | Bytes) {
    this.#target = typeof room === 'number' ? bytes.allocUnsafeSlow(Math.max(room, 64)) : room;
    this.#view = new DataView(this.#target.buffer, this.#target.byteOffset, this.#target.byteLength);
  }

  get length(): number {
    return this.#length;
  }

  /** What has room for all that was written so far. */
  get room(): Bytes {
    return this.#target;
  }

  /** Begins anew in the same room, behind `at` bytes with anything in them. */
  clear(at = 0): void {
    this.#length = at;
  }

  /** Begins anew in a room of so many bytes. */
  renew(room: number): void {
    this.#length = 0;
    this.#setRoom(bytes.allocUnsafeSlow(room));
  }

  #reserve(size: number): number {
    const at = this.#length;
    if (at + size > this.#target.length) this.#grow(at + size);
    return at;
  }

  #grow(needed: number): void {
    const larger = bytes.allocUnsafeSlow(Math.max(needed, this.#target.length * 2));
    this.#target.copy(larger, 0, 0, this.#length);
    this.#setRoom(larger);
  }

  #setRoom(room: Bytes): void {
    this.#target = room;
    this.#view = new DataView(room.buffer, room.byteOffset, room.byteLength);
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#target[at] = value;
    this.#length = at + 1;
  }

  u32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
    this.#length = at + 4;
  }

  f64(value: number): void {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value, true);
    this.#length = at + 8;
  }

  /** A whole number from 0 to 2⁵³ - 1 in as few bytes as it needs: seven bits each, the lowest first, the top bit if more follow. */
  varint(value: number): void {
    let at = this.#reserve(varintMax);
    const target = this.#target;
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) target[at++] = (rest & 0x7f) | 0x80;
    target[at++] = rest;
    this.#length = at;
  }

  text(value: string): void {
    const at = this.#reserve(4 + value.length * 3);
    const written = this.#utf8(value, at + 4);
    this.#view.setUint32(at, written, true);
    this.#length = at + 4 + written;
  }

  /** A text whose length is a varint. */
  brief(value: string): void {
    if (value.length > shortMax) {
      this.varint(bytes.byteLength(value));
      this.bare(value);
      return;
    }
    const at = this.#reserve(1 + value.length * 3);
    const written = this.#utf8(value, at + 1);
    this.#target[at] = written;
    this.#length = at + 1 + written;
  }

  /**
   * So many bytes from the text, which from `start` on is their hex digits in lower case, with dashes between bytes. Returns whether it is that; if not,
   * nothing is written.
   */
  hex(text: string, start: number, size: number): boolean {
    const from = this.#reserve(size);
    const target = this.#target;
    let at = from;
    for (let index = start; index < text.length; index += 2) {
      if (text.charCodeAt(index) === dash) index += 1;
      const value = (digitOf(text.charCodeAt(index)) << 4) | digitOf(text.charCodeAt(index + 1));
      if (value < 0 || at === from + size) return false;
      target[at++] = value;
    }
    if (at < from + size) return false;
    this.#length = at;
    return true;
  }

  /** Text of ASCII only, without its length. */
  ascii(value: string): void {
    const { length } = value;
    const at = this.#reserve(length);
    this.#asciiAt(at, value);
    this.#length = at + length;
  }

  /** The same between quotes. */
  quoted(value: string): void {
    const { length } = value;
    const at = this.#reserve(length + 2);
    const target = this.#target;
    target[at] = quote;
    this.#asciiAt(at + 1, value);
    target[at + 1 + length] = quote;
    this.#length = at + 2 + length;
  }

  #asciiAt(at: number, value: string): void {
    const { length } = value;
    const target = this.#target;
    if (length > loopMax) target.latin1Write(value, at);
    else for (let index = 0; index < length; index += 1) target[at + index] = value.charCodeAt(index);
  }

  /** The UTF-8 alone. */
  bare(value: string): void {
    const at = this.#reserve(value.length * 3);
    this.#length = at + this.#utf8(value, at);
  }

  #utf8(value: string, at: number): number {
    const { length } = value;
    const target = this.#target;
    if (length > loopMax) return target.utf8Write(value, at);
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return target.utf8Write(value, at);
      target[at + index] = code;
    }
    return length;
  }

  /** A whole number from 0 to 2³¹ - 1 as text of at least so many digits. */
  digits(value: number, width = 1): void {
    const digits = Math.max(width, digitsOf(value));
    const at = this.#reserve(digits);
    this.#length = at + digits;
    this.#digitsAt(at, digits, value);
  }

  #digitsAt(at: number, digits: number, value: number): void {
    const target = this.#target;
    let rest = value;
    for (let index = at + digits - 1; index >= at; index -= 1) {
      const above = (rest / 10) | 0;
      target[index] = 48 + rest - above * 10;
      rest = above;
    }
  }

  raw(source: Bytes): void {
    const { length } = source;
    const at = this.#reserve(length);
    const target = this.#target;
    if (length > copiedByLoopMax) target.set(source, at);
    else for (let index = 0; index < length; index += 1) target[at + index] = source[index] as number;
    this.#length = at + length;
  }

  /** `source[start, end)`. From the room itself it costs a third; a plain view of anything else costs half of what `subarray` does. */
  part(source: Bytes, start: number, end: number): void {
    const length = end - start;
    const at = this.#reserve(length);
    const target = this.#target;
    if (length <= copiedByLoopMax) for (let index = 0; index < length; index += 1) target[at + index] = source[start + index] as number;
    else if (source === target) target.copyWithin(at, start, end);
    else target.set(new Uint8Array(source.buffer, source.byteOffset + start, length), at);
    this.#length = at + length;
  }

  /** Writes over a u8 that was written before. */
  u8At(at: number, value: number): void {
    this.#target[at] = value;
  }

  /** Writes over a u32 that was reserved before. */
  u32At(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  /** Writes a number over the text in `[start, end)`. It may be longer or shorter: what was written behind it moves. */
  digitsOver(start: number, end: number, value: number): void {
    const digits = digitsOf(value);
    const more = digits - (end - start);
    if (more !== 0) {
      this.#reserve(Math.max(0, more));
      this.#target.copyWithin(end + more, end, this.#length);
      this.#length += more;
    }
    this.#digitsAt(start, digits, value);
  }

  /** A range of what is written so far; valid until the next write. */
  range(start: number, end: number): Bytes {
    return this.#target.subarray(start, end);
  }

  /** What is written, as bytes of their own. */
  copy(): Bytes {
    const copied = bytes.allocUnsafe(this.#length);
    copied.set(this.#target.subarray(0, this.#length));
    return copied;
  }

  /** What is written; it stands in the room. */
  finish(): Bytes {
    return this.#target.subarray(0, this.#length);
  }
}

/** The value of a hex digit in lower case, -1 for everything else, and for what is behind the end. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let over = 10; over <= value; over *= 10) digits += 1;
  return digits;
}
