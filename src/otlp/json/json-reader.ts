import type { Bytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';

export const Char = {
  quote: 0x22,
  backslash: 0x5c,
  comma: 0x2c,
  colon: 0x3a,
  openBrace: 0x7b,
  closeBrace: 0x7d,
  openBracket: 0x5b,
  closeBracket: 0x5d,
  minus: 0x2d,
  dot: 0x2e,
  zero: 0x30,
  nine: 0x39,
} as const;

/**
 * A place in JSON text (RFC 8259), read as bytes. Tokens are ranges: a number keeps all its digits, and a string without escapes can be copied.
 * The path holds names of our schema and indices only, so a message never shows payload.
 */
export class JsonReader {
  readonly source: Bytes;
  readonly path: (string | number)[] = [];
  readonly #depthMax: number;
  at = 0;
  /** The last string or number token; a string's quotes are outside. */
  start = 0;
  end = 0;
  /** Whether the last string has escapes. */
  escaped = false;
  /** Whether the last number has neither fraction nor exponent. */
  integral = false;
  #depth = 0;

  constructor(source: Bytes, depthMax: number) {
    this.source = source;
    this.#depthMax = depthMax;
  }

  /** The next byte that is no white space, not consumed; -1 at the end. */
  peek(): number {
    for (;;) {
      const byte = this.source[this.at];
      if (byte === undefined) return -1;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.at++;
    }
  }

  /** Enters an object or array; `leave` belongs to it. */
  enter(char: number): void {
    if (this.peek() !== char) this.fail(char === Char.openBrace ? 'an object' : 'an array');
    this.at++;
    if (++this.#depth > this.#depthMax) {
      throw new Fault('GW_DECODE_TOO_DEEP', `cannot decode JSON: nested deeper than ${this.#depthMax}${this.#where()}`);
    }
  }

  /** Whether another member or element follows; consumes the comma before it, or the closing character. */
  more(first: boolean, close: number): boolean {
    const byte = this.peek();
    if (byte === close) {
      this.at++;
      this.#depth--;
      return false;
    }
    if (first) return true;
    if (byte !== Char.comma) this.fail(`"," or "${String.fromCharCode(close)}"`);
    this.at++;
    return true;
  }

  /** A string token. */
  string(expected = 'a string'): void {
    if (this.peek() !== Char.quote) this.fail(expected);
    const { source } = this;
    let at = this.at + 1;
    this.start = at;
    this.escaped = false;
    for (;;) {
      const byte = source[at];
      if (byte === Char.quote) break;
      if (byte === Char.backslash) {
        this.escaped = true;
        at += this.#escapeSize(at);
      } else if (byte === undefined || byte < 0x20) {
        this.at = at;
        this.fail('a closed string without control characters');
      } else at++;
    }
    this.end = at;
    this.at = at + 1;
  }

  /** A member's name and its colon. */
  name(): void {
    this.string('a name in quotes');
    if (this.peek() !== Char.colon) this.fail('":"');
    this.at++;
  }

  /** A number token. */
  number(expected = 'a number'): void {
    const byte = this.peek();
    if (byte !== Char.minus && !digit(byte)) this.fail(expected);
    this.start = this.at;
    if (byte === Char.minus) this.at++;
    if (this.source[this.at] === Char.zero) this.at++;
    else this.#digits();
    this.integral = true;
    if (this.source[this.at] === Char.dot) {
      this.integral = false;
      this.at++;
      this.#digits();
    }
    if (((this.source[this.at] as number) | 0x20) === 0x65) {
      this.integral = false;
      this.at++;
      const sign = this.source[this.at];
      if (sign === 0x2b || sign === Char.minus) this.at++;
      this.#digits();
    }
    this.end = this.at;
  }

  /** Consumes `true`, `false` or `null` if it stands here. */
  literal(word: string): boolean {
    this.peek();
    const end = this.at + word.length;
    if (this.source.latin1Slice(this.at, Math.min(end, this.source.length)) !== word) return false;
    this.at = end;
    return true;
  }

  /** Skips any value. Its depth counts. */
  skip(): void {
    switch (this.peek()) {
      case Char.quote:
        this.string();
        return;
      case Char.openBrace:
        this.enter(Char.openBrace);
        for (let first = true; this.more(first, Char.closeBrace); first = false) {
          this.name();
          this.skip();
        }
        return;
      case Char.openBracket:
        this.enter(Char.openBracket);
        for (let first = true; this.more(first, Char.closeBracket); first = false) this.skip();
        return;
      case 0x74:
      case 0x66:
      case 0x6e:
        if (this.literal('true') || this.literal('false') || this.literal('null')) return;
        this.fail('a value');
        break;
      default:
        this.number('a value');
    }
  }

  fail(expected: string): never {
    throw new Fault('GW_DECODE_BAD_JSON', `cannot decode JSON: expected ${expected} at byte ${this.at}${this.#where()}`);
  }

  #where(): string {
    let text = '';
    for (const step of this.path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
    return text === '' ? '' : ` (${text})`;
  }

  #digits(): void {
    if (!digit(this.source[this.at])) this.fail('a digit');
    while (digit(this.source[this.at])) this.at++;
  }

  #escapeSize(at: number): number {
    const { source } = this;
    const kind = source[at + 1];
    let size = 2;
    if (kind === 0x75) {
      while (size < 6 && hexDigit(source[at + size])) size++;
      if (size === 6) return size;
    } else if (kind !== undefined && escapeLetters[kind] === 1) return size;
    this.at = at;
    return this.fail('a valid escape');
  }
}

/** Marks the letters that may stand behind a backslash. */
const escapeLetters = new Uint8Array(256);
for (const letter of '"\\/bfnrt') escapeLetters[letter.charCodeAt(0)] = 1;

function digit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= Char.zero && byte <= Char.nine;
}

function hexDigit(byte: number | undefined): boolean {
  return digit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
