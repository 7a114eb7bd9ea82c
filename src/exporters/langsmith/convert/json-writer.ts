import { type Bytes, bytes } from '../../../model/bytes.ts';
import { Fault } from '../../../model/fault.ts';
import { isRange, type Json, type JsonObject, RawJson } from './json.ts';

const depthMax = 512;
const shortLength = 48;
const startBytes = 1 << 16;
const pieceBytes = 4096;
/** `\u0001`: what the worst byte grows to. The last sequence of a piece may end beyond it, which its own slack covers. */
const escapedBytesMax = 6;
/** A writer that grew beyond this for one huge run does not keep its memory. */
const keepBytesMax = 8 << 20;

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const braceOpen = 0x7b;
const hexDigits = '0123456789abcdef';

/** The letter of a two-character escape (`\n`), 0 where there is none. */
const shortEscape = new Uint8Array(0x5d);
for (const [code, letter] of [...'\b\t\n\f\r"\\'].map((char, at) => [char.charCodeAt(0), 'btnfr"\\'.charCodeAt(at)] as const))
  shortEscape[code] = letter;

/**
 * Writes JSON as UTF-8 bytes (RFC 8259) into one buffer that is reused from run to run. What it writes is always valid and of a kind that LangSmith takes:
 * NaN and the infinities become strings, NUL and everything that is not valid Unicode become U+FFFD.
 *
 * Texts go straight from the wire's bytes into the output, without a JavaScript string between them: that is most of the cost of a run.
 */
export class ByteWriter {
  #bytes: Bytes = bytes.allocUnsafeSlow(startBytes);
  #scratch: Bytes = bytes.allocUnsafeSlow(pieceBytes);
  #length = 0;
  #depth = 0;

  /** Bytes written since the last `take`: marks where a part begins, so that several parts can be taken at once. */
  get length(): number {
    return this.#length;
  }

  /** Throws `GW_CONVERT_FAILED` for a value nested deeper than 512. */
  write(json: Json): void {
    switch (typeof json) {
      case 'string':
        this.#string(json);
        return;
      case 'number':
        if (Number.isFinite(json)) this.#ascii(numberText(json));
        else this.#string(String(json));
        return;
      case 'boolean':
        this.#ascii(json ? 'true' : 'false');
        return;
      default:
        if (json === null) this.#ascii('null');
        else if (Array.isArray(json)) this.#array(json);
        else if (json instanceof RawJson) this.#raw(json);
        else if (isRange(json)) this.#range(json.source, json.start, json.end);
        else this.#object(json as JsonObject);
    }
  }

  /** The inside of an object, without braces. Where members stand before it already, a comma comes first. */
  members(object: JsonObject): void {
    this.#nest();
    let separate = this.#length > 0 && this.#bytes[this.#length - 1] !== braceOpen && this.#bytes[this.#length - 1] !== comma;
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (value === undefined) continue;
      if (separate) this.#ascii(',');
      separate = true;
      this.#string(key);
      this.#ascii(':');
      this.write(value);
    }
    this.#depth--;
  }

  /** Text that is JSON, or a part of JSON, already. */
  raw(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.utf8Write(text, this.#length);
  }

  /** A copy of everything written; the writer starts anew. Call it also after an error. */
  take(): Bytes {
    const taken = bytes.concat([this.#bytes.subarray(0, this.#length)], this.#length);
    this.clear();
    return taken;
  }

  /** Everything written so far, as a string. */
  text(): string {
    return this.#bytes.utf8Slice(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    this.#depth = 0;
    if (this.#bytes.length > keepBytesMax) this.#bytes = bytes.allocUnsafeSlow(startBytes);
    if (this.#scratch.length > keepBytesMax) this.#scratch = bytes.allocUnsafeSlow(pieceBytes);
  }

  #nest(): void {
    if (++this.#depth > depthMax) throw new Fault('GW_CONVERT_FAILED', `cannot write JSON: nested deeper than ${depthMax}`);
  }

  #object(object: JsonObject): void {
    this.#ascii('{');
    this.members(object);
    this.#ascii('}');
  }

  #array(array: readonly Json[]): void {
    this.#nest();
    this.#ascii('[');
    for (let at = 0; at < array.length; at++) {
      if (at > 0) this.#ascii(',');
      this.write(array[at] ?? null);
    }
    this.#ascii(']');
    this.#depth--;
  }

  #raw(json: RawJson): void {
    if (json.source === undefined) {
      this.raw(json.text ?? 'null');
      return;
    }
    this.#reserve(json.end - json.start);
    this.#length += json.source.copy(this.#bytes, this.#length, json.start, json.end);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = bytes.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }

  #ascii(text: string): void {
    this.#reserve(text.length);
    for (let at = 0; at < text.length; at++) this.#bytes[this.#length++] = text.charCodeAt(at);
  }

  /** Short texts (keys, roles, ids) are copied by a loop; a call into native code costs more than they do. */
  #string(text: string): void {
    if (text.length <= shortLength && this.#shortString(text)) return;
    const room = text.length * 3;
    if (this.#scratch.length < room) this.#scratch = bytes.allocUnsafeSlow(room);
    this.#range(this.#scratch, 0, this.#scratch.utf8Write(text, 0, room));
  }

  /** False, with nothing written, where a character is not plain ASCII. */
  #shortString(text: string): boolean {
    this.#reserve(text.length + 2);
    const target = this.#bytes;
    let at = this.#length;
    target[at++] = quote;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7f || code === quote || code === backslash) return false;
      target[at++] = code;
    }
    target[at++] = quote;
    this.#length = at;
    return true;
  }

  #range(source: Uint8Array, start: number, end: number): void {
    this.#ascii('"');
    for (let from = start; from < end; ) from = this.#piece(source, from, Math.min(from + pieceBytes, end), end);
    this.#ascii('"');
  }

  /** Escapes one piece of a text, so that the room reserved for the worst case stays small. Returns where the next one begins. */
  #piece(source: Uint8Array, from: number, until: number, end: number): number {
    this.#reserve((until - from) * escapedBytesMax);
    const target = this.#bytes;
    let at = this.#length;
    let index = from;
    for (; index < until; index++) {
      const byte = source[index]!;
      if (byte >= 0x20 && byte < 0x80 && byte !== quote && byte !== backslash) target[at++] = byte;
      else if (byte < 0x80) at = writeEscape(target, at, byte);
      else {
        const size = sequenceSize(source, index, end);
        if (size === 0) at = writeReplacement(target, at);
        else {
          target[at++] = byte;
          for (let more = 1; more < size; more++) target[at++] = source[++index]!;
        }
      }
    }
    this.#length = at;
    return index;
  }
}

/** Whole numbers beyond 64 bits are written as floats: servers refuse such integers. */
function numberText(number: number): string {
  return Math.abs(number) >= 2 ** 63 && Number.isInteger(number) ? number.toExponential() : String(number);
}

function writeEscape(target: Uint8Array, at: number, byte: number): number {
  if (byte === 0) return writeReplacement(target, at);
  target[at++] = backslash;
  const letter = shortEscape[byte];
  if (letter) {
    target[at++] = letter;
    return at;
  }
  for (const char of ['u', '0', '0', hexDigits[byte >> 4]!, hexDigits[byte & 15]!]) target[at++] = char.charCodeAt(0);
  return at;
}

function writeReplacement(target: Uint8Array, at: number): number {
  target[at++] = 0xef;
  target[at++] = 0xbf;
  target[at++] = 0xbd;
  return at;
}

/** Length of the valid UTF-8 sequence (RFC 3629, table 3-7 of Unicode) that begins at `at` with a byte over 0x7f; 0 if there is none. */
function sequenceSize(source: Uint8Array, at: number, end: number): number {
  const first = source[at]!;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + size > end) return 0;
  const second = source[at + 1]!;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let more = 2; more < size; more++) if ((source[at + more]! & 0xc0) !== 0x80) return 0;
  return size;
}

const texts = new ByteWriter();

/** A value's JSON as a string: for JSON that stands inside of texts (a call's arguments, a tool's structured result). */
export function jsonText(json: Json): string {
  texts.clear();
  texts.write(json);
  return texts.text();
}
