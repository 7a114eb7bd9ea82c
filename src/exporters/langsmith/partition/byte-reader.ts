import { type Bytes, noBytes } from '../../../model/bytes.ts';

/** Up to this length comparing costs less than making. */
const guessLengthMax = 64;
/** Of the eighth byte, the last that a number can have. */
const varintScaleMax = 2 ** 49;

/** Reads what `ByteWriter` wrote. Reading behind the end throws a `RangeError`. */
export class ByteReader {
  readonly source: Bytes;
  at: number;
  readonly #view: DataView;

  constructor(source: Bytes, at = 0) {
    this.source = source;
    this.at = at;
    this.#view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.at++);
  }

  u32(): number {
    const value = this.#view.getUint32(this.at, true);
    this.at += 4;
    return value;
  }

  f64(): number {
    const value = this.#view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= varintScaleMax; scale *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError('cannot read number: it has more than 56 bits');
  }

  /** `guess`: what it may be, because the record before said so; then it is not made again. */
  text(guess = ''): string {
    const length = this.u32();
    // Most texts of most records are empty.
    if (length === 0) return '';
    const start = this.at;
    this.at = this.#end(length);
    return this.#holds(guess, start) ? guess : this.source.utf8Slice(start, this.at);
  }

  /** A text whose length is a varint. */
  brief(): string {
    const length = this.varint();
    const start = this.at;
    this.at = this.#end(length);
    return this.source.utf8Slice(start, this.at);
  }

  /** So many bytes as hex digits. */
  hex(size: number): string {
    const start = this.at;
    this.at = this.#end(size);
    return this.source.hexSlice(start, this.at);
  }

  raw(length: number): Bytes {
    // Most parts of most runs are empty.
    if (length === 0) return noBytes;
    const end = this.#end(length);
    const value = this.source.subarray(this.at, end);
    this.at = end;
    return value;
  }

  /** Whether the range from `start` to here is that text, in ASCII. */
  #holds(guess: string, start: number): boolean {
    const { length } = guess;
    if (length !== this.at - start || length > guessLengthMax) return false;
    for (let index = 0; index < length; index += 1) {
      const byte = this.source[start + index] as number;
      if (byte > 0x7f || byte !== guess.charCodeAt(index)) return false;
    }
    return true;
  }

  #end(length: number): number {
    const end = this.at + length;
    if (end > this.source.length) throw new RangeError('cannot read bytes: they end too early');
    return end;
  }
}
