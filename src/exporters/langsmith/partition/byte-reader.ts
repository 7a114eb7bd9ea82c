import { type Bytes, noBytes } from '../../../model/bytes.ts';

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

  text(): string {
    const end = this.#end(this.u32());
    const value = this.source.utf8Slice(this.at, end);
    this.at = end;
    return value;
  }

  raw(length: number): Bytes {
    // Most parts of most runs are empty.
    if (length === 0) return noBytes;
    const end = this.#end(length);
    const value = this.source.subarray(this.at, end);
    this.at = end;
    return value;
  }

  #end(length: number): number {
    const end = this.at + length;
    if (end > this.source.length) throw new RangeError('cannot read bytes: they end too early');
    return end;
  }
}
