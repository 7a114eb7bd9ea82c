import type { Bytes } from '../../../model/bytes.ts';
import type { TextRange } from '../../../model/value.ts';

const depthMax = 128;
/** 2^63 has 19 digits: shorter integers always fit, longer ones are refused. */
const integerDigitsMax = 18;
const exponentDigitsMax = 2;

/**
 * Whether these bytes may be spliced into a run as they are: one JSON value (RFC 8259) that LangSmith takes: no `\u0000`, no lone surrogate,
 * no integer beyond 64 bits, no number beyond a double, not nested deeper than 128. What is refused here is parsed and written anew.
 */
export function isJson(range: TextRange): boolean {
  return new Validator(range.source, range.end).isValue(range.start);
}

const spaceByte = new Uint8Array(256);
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) spaceByte[byte] = 1;
/** Bytes that need no look inside a string: everything but controls, quote and backslash. */
const plainByte = new Uint8Array(256).fill(1, 0x20);
plainByte[0x22] = 0;
plainByte[0x5c] = 0;

/** Walks containers with a bit per level instead of recursion. `#at` is where the walk stands. */
class Validator {
  readonly #source: Bytes;
  readonly #end: number;
  readonly #isObject = new Uint8Array(depthMax);
  #at = 0;

  constructor(source: Bytes, end: number) {
    this.#source = source;
    this.#end = end;
  }

  isValue(start: number): boolean {
    this.#at = start;
    let depth = 0;
    for (;;) {
      const byte = this.#next();
      if (byte === 0x7b || byte === 0x5b) {
        if (depth === depthMax) return false;
        this.#isObject[depth++] = byte === 0x7b ? 1 : 0;
        this.#at++;
        if (this.#next() !== byte + 2) {
          if (byte === 0x7b && !this.#key()) return false;
          continue;
        }
        this.#at++;
        depth--;
      } else if (!this.#scalar(byte)) return false;
      for (;;) {
        if (depth === 0) return this.#next() === -1;
        const inObject = this.#isObject[depth - 1] === 1;
        const after = this.#next();
        this.#at++;
        if (after === 0x2c) {
          if (inObject && !this.#key()) return false;
          break;
        }
        if (after !== (inObject ? 0x7d : 0x5d)) return false;
        depth--;
      }
    }
  }

  /** The next byte that is not white space, -1 at the end. */
  #next(): number {
    while (this.#at < this.#end && spaceByte[this.#source[this.#at]!] === 1) this.#at++;
    return this.#at < this.#end ? this.#source[this.#at]! : -1;
  }

  #key(): boolean {
    if (this.#next() !== 0x22 || !this.#string() || this.#next() !== 0x3a) return false;
    this.#at++;
    return true;
  }

  #scalar(byte: number): boolean {
    switch (byte) {
      case 0x22:
        return this.#string();
      case 0x74:
        return this.#word('true');
      case 0x66:
        return this.#word('false');
      case 0x6e:
        return this.#word('null');
      default:
        return this.#number(byte);
    }
  }

  #word(word: string): boolean {
    for (let index = 0; index < word.length; index++)
      if (this.#at + index >= this.#end || this.#source[this.#at + index] !== word.charCodeAt(index)) return false;
    this.#at += word.length;
    return true;
  }

  #string(): boolean {
    const source = this.#source;
    let at = this.#at + 1;
    for (;;) {
      while (at < this.#end && plainByte[source[at]!] === 1) at++;
      if (at >= this.#end) return false;
      if (source[at] === 0x22) {
        this.#at = at + 1;
        return true;
      }
      const size = source[at] === 0x5c ? this.#escapeSize(at) : 0;
      if (size === 0) return false;
      at += size;
    }
  }

  /** 0 for what is no escape, or one that must not be spliced. */
  #escapeSize(at: number): number {
    if (at + 1 >= this.#end) return 0;
    if ('"\\/bfnrt'.includes(String.fromCharCode(this.#source[at + 1]!))) return 2;
    const unit = this.#unit(at);
    if (unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff)) return 0;
    if (unit < 0xd800 || unit > 0xdfff) return 6;
    const low = this.#unit(at + 6);
    return low >= 0xdc00 && low <= 0xdfff ? 12 : 0;
  }

  /** The code unit of `\uXXXX`; -1 if there is none. */
  #unit(at: number): number {
    if (at + 6 > this.#end || this.#source[at] !== 0x5c || this.#source[at + 1] !== 0x75) return -1;
    const digits = this.#source.latin1Slice(at + 2, at + 6);
    return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
  }

  #number(byte: number): boolean {
    if (byte === 0x2d) this.#at++;
    const zero = this.#at < this.#end && this.#source[this.#at] === 0x30;
    const whole = this.#digits();
    if (whole === 0 || (zero && whole > 1) || whole > integerDigitsMax) return false;
    if (this.#source[this.#at] === 0x2e && this.#at < this.#end) {
      this.#at++;
      if (this.#digits() === 0) return false;
    }
    if (this.#at < this.#end && (this.#source[this.#at]! | 0x20) === 0x65) {
      this.#at++;
      if (this.#at < this.#end && (this.#source[this.#at] === 0x2b || this.#source[this.#at] === 0x2d)) this.#at++;
      const digits = this.#digits();
      return digits > 0 && digits <= exponentDigitsMax;
    }
    return true;
  }

  #digits(): number {
    const start = this.#at;
    while (this.#at < this.#end && this.#source[this.#at]! >= 0x30 && this.#source[this.#at]! <= 0x39) this.#at++;
    return this.#at - start;
  }
}
