import { noBytes } from '../model/bytes.ts';
import type { Attributes, TextRange, Value, ValueType } from '../model/value.ts';
import { typeOf } from '../model/value.ts';
import { readValue, Type, typeNames } from './any-value.ts';
import { AttributeTable, textInvalid, textValid } from './attribute-table.ts';
import { viewOf } from './protobuf-reader.ts';
import { validUtf8 } from './utf8.ts';

const noTable = new AttributeTable(noBytes, viewOf(noBytes), 0);

/**
 * States: untouched, everything stands in the table (`#keys` is undefined); or changed, then `#keys` and `#values` hold the overlay by position:
 * a key that is `undefined` was deleted or overridden, a value that is `undefined` still stands in the table. New keys come behind the table's.
 */
export class WireAttributes implements Attributes {
  readonly table: AttributeTable;
  readonly first: number;
  readonly #wireLength: number;
  #keys: (string | undefined)[] | undefined;
  #values: (Value | undefined)[] | undefined;

  constructor(table: AttributeTable = noTable, first = 0, length = 0) {
    this.table = table;
    this.first = first;
    this.#wireLength = length;
  }

  /** Whether anything was set or deleted. */
  get changed(): boolean {
    return this.#keys !== undefined;
  }

  get size(): number {
    let size = 0;
    for (let position = 0; position < this.length; position++) if (this.keyAt(position) !== undefined) size++;
    return size;
  }

  get length(): number {
    return this.#keys === undefined ? this.#wireLength : this.#keys.length;
  }

  keyAt(position: number): string | undefined {
    if (this.#keys !== undefined) return this.#keys[position];
    return position < this.#wireLength ? this.table.keys[this.first + position] : undefined;
  }

  typeAt(position: number): ValueType {
    const changed = this.#values?.[position];
    if (changed !== undefined) return typeOf(changed);
    return typeNames[this.#wireTypeAt(position)] as ValueType;
  }

  valueAt(position: number): Value {
    const changed = this.#values?.[position];
    if (changed !== undefined) return changed;
    const { table } = this;
    const cell = (this.first + position) * 3;
    return readValue(
      table.source,
      table.view,
      this.#wireTypeAt(position),
      table.cells[cell + 1] as number,
      table.cells[cell + 2] as number,
    );
  }

  textAt(position: number): TextRange | undefined {
    if (this.#values?.[position] !== undefined || this.#wireTypeAt(position) !== Type.string) return undefined;
    const { source, cells } = this.table;
    const cell = (this.first + position) * 3;
    const start = cells[cell + 1] as number;
    const end = cells[cell + 2] as number;
    let known = cells[cell] as number;
    if (known === Type.string) {
      known |= validUtf8(source, start, end) ? textValid : textInvalid;
      cells[cell] = known;
    }
    return (known & textValid) === 0 ? undefined : { source, start, end };
  }

  /** The value's place in the table; -1 where it was changed. For the encoder. */
  cellAt(position: number): number {
    return this.#values?.[position] === undefined && position < this.#wireLength ? (this.first + position) * 3 : -1;
  }

  get(key: string): Value | undefined {
    const position = this.#find(key);
    return position < 0 ? undefined : this.valueAt(position);
  }

  has(key: string): boolean {
    return this.#find(key) >= 0;
  }

  set(key: string, value: Value): void {
    const position = this.#find(key);
    this.#touch();
    if (position >= 0) (this.#values as (Value | undefined)[])[position] = value;
    else {
      (this.#keys as (string | undefined)[]).push(key);
      (this.#values as (Value | undefined)[]).push(value);
    }
  }

  delete(key: string): boolean {
    const position = this.#find(key);
    if (position < 0) return false;
    this.#touch();
    (this.#keys as (string | undefined)[])[position] = undefined;
    (this.#values as (Value | undefined)[])[position] = undefined;
    return true;
  }

  *keys(): Iterable<string> {
    for (let position = 0; position < this.length; position++) {
      const key = this.keyAt(position);
      if (key !== undefined) yield key;
    }
  }

  *[Symbol.iterator](): Iterator<[key: string, value: Value]> {
    for (let position = 0; position < this.length; position++) {
      const key = this.keyAt(position);
      if (key !== undefined) yield [key, this.valueAt(position)];
    }
  }

  /** Shares the wire's bytes, copies the overlay. */
  clone(): WireAttributes {
    const copy = new WireAttributes(this.table, this.first, this.#wireLength);
    copy.#keys = this.#keys?.slice();
    copy.#values = this.#values?.slice();
    return copy;
  }

  /** Type on the wire, without what is known of its UTF-8. */
  #wireTypeAt(position: number): number {
    return position < this.#wireLength ? (this.table.cells[(this.first + position) * 3] as number) & 7 : Type.empty;
  }

  #find(key: string): number {
    const keys = this.#keys ?? this.table.keys;
    const first = this.#keys === undefined ? this.first : 0;
    for (let position = this.length - 1; position >= 0; position--) if (keys[first + position] === key) return position;
    return -1;
  }

  #touch(): void {
    if (this.#keys !== undefined) return;
    this.#keys = this.table.keys.slice(this.first, this.first + this.#wireLength);
    this.#values = new Array<Value | undefined>(this.#wireLength).fill(undefined);
  }
}

export function emptyAttributes(): WireAttributes {
  return new WireAttributes();
}

/** What attributes can be made of: an object's own members, or pairs (a Map, other attributes). */
export type AttributeEntries = Readonly<Record<string, Value>> | Iterable<readonly [string, Value]>;

export function attributesOf(entries: AttributeEntries): WireAttributes {
  const attributes = new WireAttributes();
  const pairs =
    Symbol.iterator in entries
      ? (entries as Iterable<readonly [string, Value]>)
      : Object.entries(entries as Readonly<Record<string, Value>>);
  for (const [key, value] of pairs) attributes.set(key, value);
  return attributes;
}

/** The same attributes, independent of later changes to the given ones. */
export function cloneAttributes(attributes: Attributes): WireAttributes {
  return attributes instanceof WireAttributes ? attributes.clone() : attributesOf(attributes);
}
