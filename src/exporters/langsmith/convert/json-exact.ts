import { emptyObject, type Json, RawJson } from './json.ts';

/** An integer so long that a double may lose its last digits, where JSON may have one. May also hit inside a string: that costs time only. */
const longInteger = /(?:^|[\s:,[-])\d{16,}\s*(?:[,\]}]|$)/;
const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const digitsOf64Bits = 18;

export function hasLongInteger(text: string): boolean {
  return longInteger.test(text);
}

/**
 * Parses JSON whose integers are not all safe: ids of 64 bits that a double would change. They become `RawJson` where 64 bits hold them, else a string
 * (LangSmith refuses larger integers). Four times slower than JSON.parse, so used only where `hasLongInteger`. Throws `SyntaxError`.
 */
export function exactJson(text: string, depthMax: number): Json {
  return new Parser(text, depthMax).whole();
}

class Parser {
  readonly #text: string;
  readonly #depthMax: number;
  #at = 0;

  constructor(text: string, depthMax: number) {
    this.#text = text;
    this.#depthMax = depthMax;
  }

  whole(): Json {
    const value = this.#value(0);
    if (this.#next() !== '') this.#fail();
    return value;
  }

  #value(depth: number): Json {
    if (depth > this.#depthMax) this.#fail();
    switch (this.#next()) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): Json {
    const object = emptyObject();
    this.#at++;
    if (this.#skip('}')) return object;
    do {
      if (this.#next() !== '"') this.#fail();
      const key = this.#string();
      if (!this.#skip(':')) this.#fail();
      object[key] = this.#value(depth + 1);
    } while (this.#skip(','));
    if (!this.#skip('}')) this.#fail();
    return object;
  }

  #array(depth: number): Json {
    const array: Json[] = [];
    this.#at++;
    if (this.#skip(']')) return array;
    do array.push(this.#value(depth + 1));
    while (this.#skip(','));
    if (!this.#skip(']')) this.#fail();
    return array;
  }

  /** JSON.parse knows the escapes; only the end is looked for here. */
  #string(): string {
    const start = this.#at;
    let end = this.#text.indexOf('"', start + 1);
    while (end > 0 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    if (end < 0) this.#fail();
    this.#at = end + 1;
    return JSON.parse(this.#text.slice(start, end + 1)) as string;
  }

  #isEscaped(quote: number): boolean {
    let before = quote - 1;
    while (this.#text[before] === '\\') before--;
    return (quote - before) % 2 === 0;
  }

  #number(): Json {
    number.lastIndex = this.#at;
    const match = number.exec(this.#text);
    if (match === null) this.#fail();
    const [token, fraction, exponent] = match;
    this.#at += token.length;
    const value = Number(token);
    if (fraction !== undefined || exponent !== undefined || Number.isSafeInteger(value)) return value;
    const isSigned64 = token.length <= digitsOf64Bits || BigInt.asIntN(64, BigInt(token)) === BigInt(token);
    return isSigned64 ? new RawJson(token) : token;
  }

  #word<Word extends Json>(word: string, value: Word): Word {
    if (!this.#text.startsWith(word, this.#at)) this.#fail();
    this.#at += word.length;
    return value;
  }

  #skip(char: string): boolean {
    if (this.#next() !== char) return false;
    this.#at++;
    return true;
  }

  /** The next character that is not white space, '' at the end. */
  #next(): string {
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at]!;
      if (char !== ' ' && char !== '\n' && char !== '\r' && char !== '\t') return char;
    }
    return '';
  }

  #fail(): never {
    throw new SyntaxError(`cannot parse JSON: unexpected text at ${this.#at}`);
  }
}
