import { type Bytes, bytes } from '../../../model/bytes.ts';

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

  /** Begins anew in the same room. */
  clear(): void {
    this.#length = 0;
  }

  #reserve(size: number): number {
    const at = this.#length;
    if (at + size > this.#target.length) this.#grow(at + size);
    return at;
  }

  #grow(needed: number): void {
    const larger = bytes.allocUnsafeSlow(Math.max(needed, this.#target.length * 2));
    this.#target.copy(larger, 0, 0, this.#length);
    this.#target = larger;
    this.#view = new DataView(larger.buffer, larger.byteOffset, larger.byteLength);
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#view.setUint8(at, value);
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

  text(value: string): void {
    const at = this.#reserve(4 + value.length * 3);
    const written = this.#target.utf8Write(value, at + 4);
    this.#view.setUint32(at, written, true);
    this.#length = at + 4 + written;
  }

  /** Text of ASCII only, without its length. */
  ascii(value: string): void {
    const at = this.#reserve(value.length);
    this.#length = at + this.#target.latin1Write(value, at);
  }

  /** The UTF-8 alone. */
  bare(value: string): void {
    const at = this.#reserve(value.length * 3);
    this.#length = at + this.#target.utf8Write(value, at);
  }

  /** A whole number, not negative, as text. */
  digits(value: number): void {
    let digits = 1;
    for (let over = 10; over <= value; over *= 10) digits += 1;
    const at = this.#reserve(digits);
    let rest = value;
    for (let index = at + digits - 1; index >= at; index -= 1) {
      const above = Math.floor(rest / 10);
      this.#target[index] = 48 + rest - above * 10;
      rest = above;
    }
    this.#length = at + digits;
  }

  raw(source: Bytes): void {
    const at = this.#reserve(source.length);
    this.#target.set(source, at);
    this.#length = at + source.length;
  }

  /** Writes over a u32 that was reserved before. */
  u32At(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  /** A range of what is written so far; valid until the next write. */
  range(start: number, end: number): Bytes {
    return this.#target.subarray(start, end);
  }

  /** What is written, as bytes of their own. */
  copy(): Bytes {
    const copied = bytes.allocUnsafeSlow(this.#length);
    copied.set(this.#target.subarray(0, this.#length));
    return copied;
  }

  /** What is written; it stands in the room. */
  finish(): Bytes {
    return this.#target.subarray(0, this.#length);
  }
}
