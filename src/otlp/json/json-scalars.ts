import { type Bytes, bytes } from '../../model/bytes.ts';
import type { ProtobufWriter } from '../protobuf-writer.ts';
import type { Field } from '../schema.ts';
import { Char, type JsonReader } from './json-reader.ts';

/** JSON's scalars by the rules of OTLP/JSON: what is read, what is refused, and the protobuf field it becomes. */

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;
const uint64Max = 2n ** 64n - 1n;
const integerText = /^-?\d{1,20}$/;
const numberText = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const base64Text = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Writes the last string token as a field. Without escapes its bytes are copied; the runtime's own parser resolves escapes several times faster than a loop here. */
export function writeString(json: JsonReader, writer: ProtobufWriter, field: Field): void {
  if (json.escaped) writer.text(field.number, stringText(json));
  else writer.range(field.number, json.source, json.start, json.end);
}

/** The last string token as text. */
export function stringText(json: JsonReader): string {
  const text = json.source.utf8Slice(json.start, json.end);
  return json.escaped ? (JSON.parse(`"${text}"`) as string) : text;
}

/** A trace or span id in hex digits. What is none becomes one zero byte: an id of a wrong length, for which the span alone is rejected. */
export function writeId(json: JsonReader, writer: ProtobufWriter, field: Field): void {
  json.string('an id as hex digits in a string');
  const digits = json.end - json.start;
  if (digits === 0) return;
  const id = digits % 2 === 0 && digits <= 64 ? bytes.from(json.source.latin1Slice(json.start, json.end), 'hex') : undefined;
  if (id?.length === digits / 2) writer.range(field.number, id, 0, id.length);
  else writer.text(field.number, '\0');
}

export function readBase64(json: JsonReader): Bytes {
  json.string('bytes as base64 in a string');
  const text = stringText(json);
  if (!base64Text.test(text)) json.fail('bytes as base64 in a string');
  return bytes.from(text, 'base64');
}

/** int64 and fixed64: a number or a string of digits, without losing one. */
export function readInt64(json: JsonReader, signed: boolean): bigint {
  const expected = signed ? 'a 64-bit integer' : 'an unsigned 64-bit integer';
  const text = numeric(json, expected);
  const value = integerText.test(text) ? BigInt(text) : wholeNumber(text);
  if (value === undefined || value < (signed ? int64Min : 0n) || value > (signed ? int64Max : uint64Max)) json.fail(expected);
  return value as bigint;
}

export function readUint32(json: JsonReader, expected = 'an unsigned 32-bit integer'): number {
  const value = Number(numeric(json, expected));
  if (!(Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff)) json.fail(expected);
  return value;
}

/** An enum by number, or by the name of its value. */
export function readEnum(json: JsonReader, field: Field): number {
  if (json.peek() === Char.quote) {
    const back = json.at;
    json.string();
    const value = field.values.get(stringText(json));
    if (value !== undefined) return value;
    json.at = back;
  }
  return readUint32(json, 'a number or name of the enum');
}

export function readDouble(json: JsonReader): number {
  if (json.peek() !== Char.quote) {
    json.number('a number, "NaN", "Infinity" or "-Infinity"');
    return Number(json.source.latin1Slice(json.start, json.end));
  }
  json.string();
  const text = stringText(json);
  if (text !== 'NaN' && text !== 'Infinity' && text !== '-Infinity' && !numberText.test(text))
    json.fail('a number, "NaN", "Infinity" or "-Infinity"');
  return Number(text);
}

/** The text of a number, bare or in quotes. */
function numeric(json: JsonReader, expected: string): string {
  if (json.peek() === Char.quote) json.string();
  else json.number(expected);
  const text = json.source.latin1Slice(json.start, json.end);
  if (!numberText.test(text)) json.fail(expected);
  return text;
}

/** `1.0` and `1e3` are integers, too, as far as a double holds them exactly. */
function wholeNumber(text: string): bigint | undefined {
  const value = Number(text);
  return Number.isSafeInteger(value) ? BigInt(value) : undefined;
}
