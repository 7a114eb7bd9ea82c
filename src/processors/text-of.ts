import { bytes } from '../model/bytes.ts';
import type { Value } from '../model/value.ts';
import { jsonText } from '../ottl/json-text.ts';

/** A value as text, as the Collector's `AsString` gives it: bytes in base64, maps and lists as JSON, '' for what is empty or has no JSON form. */
export function textOf(value: Value): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return Number.isFinite(value) ? `${value}` : '';
    case 'bigint':
    case 'boolean':
      return `${value}`;
    default:
      if (value === null) return '';
      if (value instanceof Uint8Array) return bytes.from(value.buffer, value.byteOffset, value.length).base64Slice();
      return jsonOf(value);
  }
}

function jsonOf(value: Value): string {
  try {
    return jsonText(value);
  } catch {
    return '';
  }
}
