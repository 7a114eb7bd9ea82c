/**
 * Reads JSON where it stands on the wire, in one pass over its bytes. Short texts become strings, since rules look at them; long ones stay where they are
 * (`QuotedText`), so that a prompt of ten kilobytes costs one look and, later, one copy.
 *
 * It takes the common case only. Whatever is odd (integers of more than 15 digits, escapes in keys, `__proto__`, JSON that is none) is left to
 * `json-text.ts`, which decides with time and care: so both always agree.
 */
import { type Bytes, noBytes } from '../../../model/bytes.ts';
import type { TextRange } from '../../../model/value.ts';
import { type Json, type JsonObject, QuotedText } from './json.ts';
import { LastViews, specialAt } from './plain-text.ts';
import { textAt, wordBytesMax } from './word-table.ts';

const digitsMax = 15;
const fractional = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The object or array that the range holds, nested at most `depthMax` deep; `undefined` where this reader does not take it. */
export function jsonOnWire(range: TextRange, depthMax: number): Json | undefined {
  return reader.whole(range, depthMax);
}

class WireJsonReader {
  readonly #views = new LastViews();
  #source: Bytes = noBytes;
  #view = this.#views.of(noBytes);
  #at = 0;
  #end = 0;

  whole({ source, start, end }: TextRange, depthMax: number): Json | undefined {
    this.#source = source;
    this.#view = this.#views.of(source);
    this.#at = start;
    this.#end = end;
    const first = this.#next();
    const value = first === 0x7b || first === 0x5b ? this.#value(depthMax) : undefined;
    return this.#next() === -1 ? value : undefined;
  }

  #value(depth: number): Json | undefined {
    switch (this.#next()) {
      case 0x22:
        return this.#text();
      case 0x7b:
        return depth === 0 ? undefined : this.#object(depth - 1);
      case 0x5b:
        return depth === 0 ? undefined : this.#array(depth - 1);
      case 0x74:
        return this.#skipWord('true') ? true : undefined;
      case 0x66:
        return this.#skipWord('false') ? false : undefined;
      case 0x6e:
        return this.#skipWord('null') ? null : undefined;
      default:
        return this.#number();
    }
  }

  #object(depth: number): JsonObject | undefined {
    const object: JsonObject = {};
    this.#at++;
    if (this.#skip(0x7d)) return object;
    do {
      const key = this.#key();
      if (key === undefined || key === '__proto__' || !this.#skip(0x3a)) return undefined;
      const value = this.#value(depth);
      if (value === undefined) return undefined;
      object[key] = value;
    } while (this.#skip(0x2c));
    return this.#skip(0x7d) ? object : undefined;
  }

  #array(depth: number): readonly Json[] | undefined {
    this.#at++;
    if (this.#skip(0x5d)) return [];
    const first = this.#value(depth);
    if (first === undefined) return undefined;
    // Most lists have one element; an empty one that grows makes room for seventeen.
    const array: Json[] = [first];
    while (this.#skip(0x2c)) {
      const value = this.#value(depth);
      if (value === undefined) return undefined;
      array.push(value);
    }
    return this.#skip(0x5d) ? array : undefined;
  }

  #key(): string | undefined {
    if (this.#next() !== 0x22) return undefined;
    const start = this.#at + 1;
    const end = specialAt(this.#view, start, this.#end);
    if (end >= this.#end || this.#source[end] !== 0x22) return undefined;
    this.#at = end + 1;
    return textAt(this.#source, start, end);
  }

  #text(): string | QuotedText | undefined {
    const start = this.#at + 1;
    let escaped = false;
    let odd = false;
    let at = specialAt(this.#view, start, this.#end);
    while (at < this.#end && this.#source[at] === 0x5c) {
      const size = this.#escapeSize(at);
      if (size === 0) return undefined;
      escaped = true;
      odd ||= !isPlainEscape(this.#source[at + 1]!);
      at = specialAt(this.#view, at + size, this.#end);
    }
    if (at >= this.#end || this.#source[at] !== 0x22) return undefined;
    this.#at = at + 1;
    if (odd) return JSON.parse(this.#source.utf8Slice(start - 1, at + 1)) as string;
    return escaped || at - start > wordBytesMax ? new QuotedText(this.#source, start, at, escaped) : textAt(this.#source, start, at);
  }

  /** 0 for what is no escape. */
  #escapeSize(at: number): number {
    const letter = at + 1 < this.#end ? this.#source[at + 1]! : 0;
    if (isPlainEscape(letter) || letter === 0x2f) return 2;
    if (letter !== 0x75 || at + 6 > this.#end) return 0;
    for (let digit = at + 2; digit < at + 6; digit++) if (!isHexDigit(this.#source[digit]!)) return 0;
    return 6;
  }

  /** Most numbers are small and whole, so they are added up digit by digit. */
  #number(): number | undefined {
    const source = this.#source;
    const start = this.#at;
    const negative = source[start] === 0x2d;
    const first = negative ? start + 1 : start;
    let at = first;
    let whole = 0;
    for (; at < this.#end && isDigit(source[at]!); at++) whole = whole * 10 + source[at]! - 0x30;
    const digits = at - first;
    if (digits === 0 || digits > digitsMax || (digits > 1 && source[first] === 0x30)) return undefined;
    this.#at = at;
    if (at < this.#end && isFractional(source[at]!)) return this.#fraction(start);
    return negative ? -whole : whole;
  }

  #fraction(start: number): number | undefined {
    let at = this.#at;
    while (at < this.#end && (isDigit(this.#source[at]!) || isFractional(this.#source[at]!) || isSign(this.#source[at]!))) at++;
    this.#at = at;
    const token = this.#source.latin1Slice(start, at);
    return fractional.test(token) ? Number(token) : undefined;
  }

  #skipWord(word: string): boolean {
    for (let index = 0; index < word.length; index++) if (this.#source[this.#at + index] !== word.charCodeAt(index)) return false;
    this.#at += word.length;
    return this.#at <= this.#end;
  }

  #skip(byte: number): boolean {
    if (this.#next() !== byte) return false;
    this.#at++;
    return true;
  }

  /** The next byte that is not white space, -1 at the end. */
  #next(): number {
    for (; this.#at < this.#end; this.#at++) {
      const byte = this.#source[this.#at]!;
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) return byte;
    }
    return -1;
  }
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isFractional = (byte: number): boolean => byte === 0x2e || byte === 0x65 || byte === 0x45;
const isHexDigit = (byte: number): boolean => isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
const isSign = (byte: number): boolean => byte === 0x2b || byte === 0x2d;

/** Escapes that the writer would write the same way, so that the text can stay as it is. */
function isPlainEscape(byte: number): boolean {
  return byte === 0x6e || byte === 0x22 || byte === 0x5c || byte === 0x74 || byte === 0x72 || byte === 0x62 || byte === 0x66;
}

const reader = new WireJsonReader();
