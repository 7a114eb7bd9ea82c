/**
 * Bytes under way: texts go from the wire straight into the output, without a JavaScript string between them.
 *
 * Stored layout: a slab, in which one output stands behind the other. `take` hands out the range that was written since the last one and moves on, so
 * an output costs neither memory of its own nor a copy. An output that does not fit moves to a new slab; the old one lives as long as its outputs.
 */
import { type Bytes, bytes, noBytes } from '../../../model/bytes.ts';
import { escapeBytesMax, sequenceSize, writeEscape, writeReplacement } from './escape.ts';
import { copyAll, copyPlain, LastViews, specialAt } from './plain-text.ts';

/** A slab that grew beyond this for one huge output is not kept. */
const keepBytesMax = 1 << 20;
const shortLength = 48;
/** Above this a native copy is faster than a loop. */
const loopBytesMax = 256;
/** `words` reads and writes so many bytes more than it is asked for. */
export const wordPadding = 3;
const quote = 0x22;
const noView = new DataView(new ArrayBuffer(0));

export class TextWriter {
  readonly #sources = new LastViews();
  readonly #slabBytes: number;
  #scratch: Bytes = noBytes;
  #bytes: Bytes = noBytes;
  #view: DataView = noView;
  /** Where the output under way begins. */
  #base = 0;
  #at = 0;

  constructor(slabBytes = 4_096) {
    this.#slabBytes = slabBytes;
  }

  /** Bytes written since the last `take`: marks where a part begins, so that several parts can be taken at once. */
  get length(): number {
    return this.#at - this.#base;
  }

  /** Everything written since the last `take` or `keep`; the writer starts anew behind it. */
  take(): Bytes {
    const taken = this.part(0, this.length);
    this.keep();
    return taken;
  }

  /** A part of what was written since then. Unless it is kept, it is good until something is written again. */
  part(start: number, end: number): Bytes {
    return this.#bytes.subarray(this.#base + start, this.#base + end);
  }

  /** Starts anew behind what was written. */
  keep(): void {
    this.#base = this.#at;
    this.clear();
  }

  /** Everything written since the last `take`, as a string. */
  text(): string {
    return this.#bytes.utf8Slice(this.#base, this.#at);
  }

  /** Forgets what was not taken. */
  clear(): void {
    this.#at = this.#base;
    if (this.#scratch.length > keepBytesMax) this.#scratch = noBytes;
    if (this.#bytes.length <= keepBytesMax) return;
    this.#bytes = noBytes;
    this.#view = noView;
    this.#base = 0;
    this.#at = 0;
  }

  /** Text that is JSON, or a part of JSON, already. */
  raw(text: string): void {
    this.#reserve(text.length * 3);
    this.#at += this.#bytes.utf8Write(text, this.#at);
  }

  byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = byte;
  }

  ascii(text: string): void {
    this.#reserve(text.length);
    for (let at = 0; at < text.length; at++) this.#bytes[this.#at++] = text.charCodeAt(at);
  }

  /** A whole number from 0 to 2^31 - 1. */
  digits(number: number): void {
    let size = 1;
    for (let power = 10; power <= number; power *= 10) size++;
    this.#reserve(size);
    let rest = number;
    for (let at = this.#at + size - 1; at >= this.#at; at--) {
      const tenth = (rest / 10) | 0;
      this.#bytes[at] = 0x30 + rest - tenth * 10;
      rest = tenth;
    }
    this.#at += size;
  }

  /** Bytes as they are. */
  copy(source: Bytes, start: number, end: number): void {
    this.#reserve(end - start);
    if (end - start > loopBytesMax) this.#at += source.copy(this.#bytes, this.#at, start, end);
    else {
      copyAll(this.#sources.of(source), start, end, this.#view, this.#at);
      this.#at += end - start;
    }
  }

  /** Bytes as they are, four at a step. Behind `end` there are `wordPadding` more. */
  words(source: DataView, start: number, end: number): void {
    this.#reserve(end - start + wordPadding);
    const shift = this.#at - start;
    for (let from = start; from < end; from += 4) this.#view.setInt32(from + shift, source.getInt32(from, true), true);
    this.#at += end - start;
  }

  /** A JSON string. Short ones (keys, roles, ids) are copied by a loop; a call into native code costs more than they do. */
  string(text: string): void {
    if (text.length <= shortLength && this.#shortString(text)) return;
    this.#reserve(text.length * 3 + 2);
    const start = this.#at + 1;
    const end = start + this.#bytes.utf8Write(text, start, text.length * 3);
    const special = specialAt(this.#view, start, end);
    this.#bytes[this.#at] = quote;
    this.#at = special;
    if (special < end) {
      if (this.#scratch.length < end - special) this.#scratch = bytes.allocUnsafeSlow(Math.max(4096, (end - special) * 2));
      this.#bytes.copy(this.#scratch, 0, special, end);
      this.#escaped(this.#scratch, 0, end - special);
    }
    this.byte(quote);
  }

  /** A JSON string of the UTF-8 in the range. */
  range(source: Bytes, start: number, end: number): void {
    this.byte(quote);
    this.#escaped(source, start, end);
    this.byte(quote);
  }

  /** Room is made for what is left as it is, and a little more whenever something grows. */
  #escaped(source: Uint8Array, start: number, end: number): void {
    const view = this.#sources.of(source);
    let from = start;
    for (;;) {
      this.#reserve(end - from + escapeBytesMax);
      const stop = copyPlain(view, from, end, this.#view, this.#at);
      this.#at += stop - from;
      if (stop === end) return;
      from = this.#special(source, stop, end);
    }
  }

  /** One escape, or all the sequences that stand together. Returns what comes behind them. */
  #special(source: Uint8Array, start: number, end: number): number {
    const target = this.#bytes;
    if (source[start]! < 0x80) {
      this.#at = writeEscape(target, this.#at, source[start]!);
      return start + 1;
    }
    let from = start;
    while (from < end && source[from]! > 0x7f) {
      const size = sequenceSize(source, from, end);
      if (size === 0) {
        this.#at = writeReplacement(target, this.#at);
        return from + 1;
      }
      for (const behind = from + size; from < behind; from++) target[this.#at++] = source[from]!;
    }
    return from;
  }

  /** False, with nothing written, where a character is not plain ASCII. */
  #shortString(text: string): boolean {
    this.#reserve(text.length + 2);
    const target = this.#bytes;
    let at = this.#at;
    target[at++] = quote;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7f || code === quote || code === 0x5c) return false;
      target[at++] = code;
    }
    target[at++] = quote;
    this.#at = at;
    return true;
  }

  #reserve(more: number): void {
    if (this.#at + more > this.#bytes.length) this.#grow(more);
  }

  #grow(more: number): void {
    const written = this.#at - this.#base;
    const grown = bytes.allocUnsafeSlow(Math.max(this.#slabBytes, (written + more) * 2));
    this.#bytes.copy(grown, 0, this.#base, this.#at);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer, grown.byteOffset, grown.byteLength);
    this.#base = 0;
    this.#at = written;
  }
}
