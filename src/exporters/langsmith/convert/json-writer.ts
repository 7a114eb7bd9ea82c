import { Fault } from '../../../model/fault.ts';
import { isRange, type Json, type JsonObject, QuotedText, RawJson } from './json.ts';
import { type KeyText, keyTextOf } from './key-text.ts';
import { TextWriter } from './text-writer.ts';

const depthMax = 512;

/**
 * Writes JSON as UTF-8 bytes (RFC 8259). What it writes is always valid and of a kind that LangSmith takes: NaN and the infinities become strings,
 * NUL and everything that is not valid Unicode become U+FFFD. Where the bytes go, `text-writer.ts` says.
 */
export class ByteWriter extends TextWriter {
  #depth = 0;
  /** Whether the next member needs a comma before it. */
  #separate = false;

  /** Throws `GW_CONVERT_FAILED` for a value nested deeper than 512. */
  write(json: Json): void {
    switch (typeof json) {
      case 'string':
        this.string(json);
        return;
      case 'number':
        this.#number(json);
        return;
      case 'boolean':
        this.ascii(json ? 'true' : 'false');
        return;
      default:
        if (json === null) this.ascii('null');
        else if (Array.isArray(json)) this.#array(json);
        else if (json instanceof RawJson) this.#raw(json);
        else if (json instanceof QuotedText) this.copy(json.source, json.start - 1, json.end + 1);
        else if (isRange(json)) this.range(json.source, json.start, json.end);
        else this.#object(json as JsonObject);
    }
  }

  /** Begins a list of members, which stands between what is written before and after it. */
  begin(): void {
    this.#separate = false;
  }

  /** The inside of an object, without braces. Where members of the same list stand before it already, a comma comes first. */
  members(object: JsonObject): void {
    this.#nest();
    for (const key in object) {
      const value = object[key];
      if (value === undefined) continue;
      this.member(key, value);
    }
    this.#depth--;
  }

  /** One more member of the list. `text`: the key's, where it is known already. */
  member(key: string, value: Json, text = keyTextOf(key)): void {
    this.#key(key, text);
    this.write(value);
    this.#separate = true;
  }

  /** Members that are JSON already. */
  splice(members: RawJson): void {
    if (this.#separate) this.byte(0x2c);
    this.#raw(members);
    this.#separate = true;
  }

  override clear(): void {
    super.clear();
    this.#depth = 0;
    this.#separate = false;
  }

  #key(key: string, text: KeyText | undefined): void {
    if (text !== undefined) {
      this.words(text.view, this.#separate ? 0 : 1, text.length);
      return;
    }
    if (this.#separate) this.byte(0x2c);
    this.string(key);
    this.byte(0x3a);
  }

  #nest(): void {
    if (++this.#depth > depthMax) throw new Fault('GW_CONVERT_FAILED', `cannot write JSON: nested deeper than ${depthMax}`);
  }

  #object(object: JsonObject): void {
    this.byte(0x7b);
    this.#separate = false;
    this.members(object);
    this.byte(0x7d);
  }

  #array(array: readonly Json[]): void {
    this.#nest();
    this.byte(0x5b);
    for (let at = 0; at < array.length; at++) {
      if (at > 0) this.byte(0x2c);
      this.write(array[at] ?? null);
    }
    this.byte(0x5d);
    this.#depth--;
  }

  #raw(json: RawJson): void {
    if (json.source === undefined) this.raw(json.text ?? 'null');
    else this.copy(json.source, json.start, json.end);
  }

  /** Whole numbers beyond 64 bits are written as floats: servers refuse such integers. */
  #number(number: number): void {
    if (number >= 0 && (number | 0) === number) this.digits(number);
    else if (!Number.isFinite(number)) this.string(String(number));
    else if (Math.abs(number) >= 2 ** 63 && Number.isInteger(number)) this.ascii(number.toExponential());
    else this.ascii(String(number));
  }
}

const texts = new ByteWriter();

/** A value's JSON as a string: for JSON that stands inside of texts (a call's arguments, a tool's structured result). */
export function jsonText(json: Json): string {
  texts.clear();
  texts.write(json);
  return texts.text();
}
