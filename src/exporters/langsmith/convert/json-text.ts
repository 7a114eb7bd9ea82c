import { type Bytes, bytes } from '../../../model/bytes.ts';
import type { TextRange, Value, ValueMap } from '../../../model/value.ts';
import { emptyObject, isRange, type Json, type JsonObject, QuotedText, type Text, textOf } from './json.ts';
import { exactJson, hasLongInteger } from './json-exact.ts';
import { jsonOnWire } from './json-on-wire.ts';
import { jsonOfPythonRepr } from './python-repr.ts';

/** What one attribute may hold at most as JSON; beyond it a text stays a text. */
const charactersMax = 16 << 20;
export const depthMax = 128;

export interface JsonTextOptions {
  /** Also read what Python's `repr` makes of dictionaries: `{'a': None}`. */
  readonly pythonRepr?: boolean;
}

/**
 * A value that may hold JSON as text: parsed if it is an object, an array or a string in JSON, also if it was encoded twice.
 * Objects, arrays and other scalars pass through. `undefined`: this text is a text, or JSON that was cut off (see `isCutOff`).
 */
export function jsonOf(value: Value | TextRange, options?: JsonTextOptions): Json | undefined {
  if (typeof value !== 'string') {
    if (!isRange(value)) return jsonOfValue(value);
    if (!startsLikeJson(value)) return undefined;
    const read = value.end - value.start > charactersMax || isEscaped(value) ? undefined : jsonOnWire(value, depthMax);
    if (read !== undefined) return read;
  }
  const text = textOf(value).trim();
  const parsed = parse(text, options);
  if (typeof parsed !== 'string' || !startsLikeJson(parsed)) return parsed;
  const inner = parse(parsed.trim(), options);
  return inner === undefined ? parsed : inner;
}

/** Whether a text that is not JSON begins like an object or array: an attribute length limit cut it off. */
export function isCutOff(text: Text): boolean {
  const start = firstByte(text);
  return start === 0x7b || start === 0x5b;
}

/** The text's first byte after white space says object, array or string. Costs a byte or two, where parsing costs the whole text. */
export function startsLikeJson(text: Text): boolean {
  const start = firstByte(text);
  return start === 0x7b || start === 0x5b || start === 0x22;
}

function isEscaped(range: TextRange): boolean {
  return range instanceof QuotedText && range.escaped;
}

function firstByte(given: Text): number {
  const text = typeof given !== 'string' && isEscaped(given) && given.source[given.start] === 0x5c ? textOf(given) : given;
  if (typeof text === 'string') {
    let at = 0;
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    return at < text.length ? text.charCodeAt(at) : 0;
  }
  let at = text.start;
  while (at < text.end && isSpace(text.source[at]!)) at++;
  return at < text.end ? text.source[at]! : 0;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function parse(text: string, options: JsonTextOptions | undefined): Json | undefined {
  if (!startsLikeJson(text) || text.length > charactersMax) return undefined;
  const parsed = parseStrict(text);
  if (parsed !== undefined || options?.pythonRepr !== true) return parsed;
  const rescued = jsonOfPythonRepr(text);
  return rescued === undefined ? undefined : parseStrict(rescued);
}

function parseStrict(text: string): Json | undefined {
  try {
    const parsed = hasLongInteger(text) ? exactJson(text, depthMax) : (JSON.parse(text) as Json);
    return isShallow(parsed, depthMax) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Parsed JSON has no leaves of ours, so plain `typeof` tests do. */
function isShallow(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    for (const element of value) if (!isShallow(element, depth - 1)) return false;
    return true;
  }
  for (const key of Object.keys(value)) if (!isShallow((value as JsonObject)[key]!, depth - 1)) return false;
  return true;
}

/** An attribute value as JSON: an int64 beyond 2^53 becomes its decimal text, bytes become text or `{"$bytes": base64}`. */
export function jsonOfValue(value: Value): Json {
  switch (typeof value) {
    case 'bigint':
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'string':
    case 'boolean':
      return value;
    default:
      if (value === null) return null;
      if (Array.isArray(value)) return value.map(jsonOfValue);
      return value instanceof Uint8Array ? jsonOfBytes(value) : jsonOfMap(value as ValueMap);
  }
}

function jsonOfMap(map: ValueMap): JsonObject {
  const object = emptyObject();
  for (const [key, value] of map) object[key] = jsonOfValue(value);
  return object;
}

function jsonOfBytes(value: Uint8Array): Json {
  const content: Bytes = bytes.from(value.buffer, value.byteOffset, value.length);
  const text = content.utf8Slice(0, content.length);
  const isValid = !text.includes('\0') && (!text.includes('\ufffd') || bytes.from(text).equals(content));
  if (isValid) return text;
  const object = emptyObject();
  object.$bytes = content.base64Slice(0, content.length);
  return object;
}
