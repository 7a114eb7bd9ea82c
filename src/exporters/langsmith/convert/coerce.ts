import type { Value } from '../../../model/value.ts';
import { isObject, isRange, isVoid, type Json, textOf } from './json.ts';

/** The few coercions that the mapping tables use (mapping §2 and §3). */

/** A whole number of at least zero, or text that is one; `undefined` for everything else. */
export function intOf(value: Json | Value | undefined): number | undefined {
  const number = floatOf(value);
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}

/** A finite number of at least zero, or text that is one. */
export function floatOf(value: Json | Value | undefined): number | undefined {
  const number = numberOf(value);
  return number !== undefined && number >= 0 ? number : undefined;
}

/** A finite number, or text that is one. Booleans are none. */
export function numberOf(value: Json | Value | undefined): number | undefined {
  if (isRange(value)) return numberOf(textOf(value));
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || !/^\s*[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*$/.test(value)) return undefined;
  return Number(value);
}

/** A boolean, or text that is one in any case. */
export function flagOf(value: Json | Value | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  const lower = value.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
}

const placeholders = new Set(['', 'null', 'None', 'undefined', 'N/A', '<not specified>', '<not serializable>']);

/** Text that says that there is nothing (mapping §3.4). */
export const isPlaceholder = (text: string): boolean => text.length <= 18 && placeholders.has(text);

/** Text that says that content was taken out: better than nothing, worse than everything else. */
export function isRedacted(text: string): boolean {
  return text.length <= 64 && /^(?:<redacted>|__redacted__|\[redacted(?:_by_[^\]]*)?\])$/i.test(text);
}

/** Some emitters write every value as JSON, texts too: the text without its quotes. */
export function unquoted(text: string): string {
  return text.length > 2 && text.startsWith('"') && text.endsWith('"') && !text.includes('\\') ? text.slice(1, -1) : text;
}

/** An empty value of content: nobody wants it as inputs or outputs. */
export function isEmptyContent(value: Json | undefined): boolean {
  if (isRange(value)) return value.end - value.start <= 18 && isEmptyContent(textOf(value));
  if (typeof value === 'string') return isPlaceholder(value) || value === '{}' || value === '[]';
  return isVoid(value);
}

/** Content that is nothing but a redaction mark. */
export function isRedactedContent(value: Json): boolean {
  if (isRange(value)) return value.end - value.start <= 64 && isRedacted(textOf(value));
  return typeof value === 'string' && isRedacted(value);
}

/** A member of an object, its own and not its prototype's. */
export function memberOf(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
