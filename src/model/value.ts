import type { AttributeKey } from './attribute-key.ts';
import type { Bytes } from './bytes.ts';

/**
 * An attribute value (opentelemetry-proto `AnyValue`) once somebody asked for it.
 * `bigint` is an int64, `number` a double: OTTL tells them apart, and neither loses a digit. Maps have no prototype, so `__proto__` is an ordinary key.
 */
export type Value = null | string | boolean | number | bigint | Uint8Array | readonly Value[] | ValueMap;
export type ValueMap = ReadonlyMap<string, Value>;

export type ValueType = 'empty' | 'string' | 'bool' | 'int' | 'double' | 'array' | 'map' | 'bytes';

/** A string value's bytes where they stand on the wire: `source[start, end)`, valid UTF-8, not copied. */
export class TextRange {
  readonly source: Bytes;
  readonly start: number;
  readonly end: number;

  constructor(source: Bytes, start: number, end: number) {
    this.source = source;
    this.start = start;
    this.end = end;
  }
}

/**
 * The attributes of a span, resource, scope, event, link or log record. Lazy: a value is decoded when it is asked for, and a change is an
 * overlay over the wire's bytes. Duplicate keys on the wire: the last one wins.
 *
 * The plain view (`get`, `set`, `delete`, iteration) is for everybody. The view by position (`length`, `keyAt`, …) is for the hot path: it visits
 * each attribute once without making its value. Positions are stable until the next `set` or `delete`.
 */
export interface Attributes extends Iterable<[key: string, value: Value]> {
  /** How many attributes there are. */
  readonly size: number;
  get(key: string): Value | undefined;
  has(key: string): boolean;
  set(key: string, value: Value): void;
  /** `set` by a key that is known at load. */
  put(key: AttributeKey, value: Value): void;
  delete(key: string): boolean;
  deleteAt(position: number): void;
  keys(): Iterable<string>;

  /** Number of positions, empty ones included. */
  readonly length: number;
  /** The key at a position, interned; `undefined` where it was deleted or is overridden by a later duplicate. */
  keyAt(position: number): string | undefined;
  /** Where a key stands that is known at load, or -1. */
  locate(key: AttributeKey): number;
  typeAt(position: number): ValueType;
  /** `guess`: what it may be, because it was that in the last span; it saves making the same short text again. */
  valueAt(position: number, guess?: string): Value;
  /** An int as a number, as far as that is cheap to tell; NaN for everything else, and for every int that a number may not hold. */
  numberAt(position: number): number;
  /** The bytes of a string value that nobody changed; `undefined` for everything else. */
  textAt(position: number): TextRange | undefined;
}

export function typeOf(value: Value): ValueType {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return 'double';
    case 'bigint':
      return 'int';
    default:
      if (value === null) return 'empty';
      if (value instanceof Uint8Array) return 'bytes';
      return Array.isArray(value) ? 'array' : 'map';
  }
}
