import { noBytes } from '../model/bytes.ts';
import type { Attributes, TextRange, Value, ValueType } from '../model/value.ts';
import { typeOf } from '../model/value.ts';
import { readValue, Type, typeNames } from './any-value.ts';
import { AttributeTable, textInvalid, textValid } from './attribute-table.ts';
import { varintNumber, viewOf } from './protobuf-reader.ts';
import { textAt, validUtf8 } from './utf8.ts';

const noTable = new AttributeTable(noBytes, viewOf(noBytes), 0);

/** In place of the value of an attribute on the wire that is not there any more. */
const deleted = Symbol('deleted');

/** Room for new keys in an overlay: who sets one key mostly sets a few, and an array that grows is copied. */
const spareKeys = 8;

/**
 * States: untouched, everything stands in the table (`#values` is undefined); or changed, then `#values` is an overlay by position. Where it has
 * nothing, the value still stands in the table. New keys come behind the table's, in `#added`; one that was deleted again is `undefined` there.
 * The table's own keys are never copied, so that a first change costs little.
 */
export class WireAttributes implements Attributes {
  readonly table: AttributeTable;
  readonly first: number;
  readonly #wireLength: number;
  #values: (Value | typeof deleted | undefined)[] | undefined;
  #added: (string | undefined)[] | undefined;
  #sealed = false;

  constructor(table: AttributeTable = noTable, first = 0, length = 0) {
    this.table = table;
    this.first = first;
    this.#wireLength = length;
  }

  /** Whether anything was set or deleted. */
  get changed(): boolean {
    return this.#values !== undefined;
  }

  get size(): number {
    let size = 0;
    for (let position = 0; position < this.length; position++) if (this.keyAt(position) !== undefined) size++;
    return size;
  }

  get length(): number {
    return this.#added === undefined ? this.#wireLength : this.#wireLength + this.#added.length;
  }

  keyAt(position: number): string | undefined {
    if (position >= this.#wireLength) return this.#added?.[position - this.#wireLength];
    return position < 0 || this.#values?.[position] === deleted ? undefined : this.table.keys[this.first + position];
  }

  typeAt(position: number): ValueType {
    const changed = this.#changedAt(position);
    if (changed !== undefined) return typeOf(changed);
    return typeNames[this.#wireTypeAt(position)] as ValueType;
  }

  valueAt(position: number, guess?: string): Value {
    const changed = this.#changedAt(position);
    if (changed !== undefined) return changed;
    const { source, view, cells } = this.table;
    const type = this.#wireTypeAt(position);
    const cell = (this.first + position) * 3;
    const start = cells[cell + 1] as number;
    const end = cells[cell + 2] as number;
    return type === Type.string ? textAt(source, start, end, guess) : readValue(source, view, type, start, end);
  }

  numberAt(position: number): number {
    const changed = this.#changedAt(position);
    if (changed !== undefined) return typeof changed === 'bigint' ? safeNumber(changed) : Number.NaN;
    const { table } = this;
    const start = table.cells[(this.first + position) * 3 + 1] as number;
    return this.#wireTypeAt(position) === Type.int ? varintNumber(table.source, start) : Number.NaN;
  }

  textAt(position: number): TextRange | undefined {
    if (this.#values?.[position] !== undefined || this.#wireTypeAt(position) !== Type.string) return undefined;
    const { source, view, cells } = this.table;
    const cell = (this.first + position) * 3;
    const start = cells[cell + 1] as number;
    const end = cells[cell + 2] as number;
    let known = cells[cell] as number;
    if (known === Type.string) {
      known |= validUtf8(source, view, start, end) ? textValid : textInvalid;
      cells[cell] = known;
    }
    return (known & textValid) === 0 ? undefined : { source, start, end };
  }

  /** The value's place in the table; -1 where it was changed, or may hold what nobody saw. For the encoder. */
  cellAt(position: number): number {
    if (this.#values?.[position] !== undefined || position >= this.#wireLength) return -1;
    const isNested = this.#sealed && (this.#wireTypeAt(position) === Type.array || this.#wireTypeAt(position) === Type.map);
    return isNested ? -1 : (this.first + position) * 3;
  }

  /** From now on lists and maps are written as they read: on the wire they may hold doubled names and fields newer than our schema. */
  seal(): void {
    this.#sealed = true;
  }

  positionOf(key: string, guess = -1): number {
    return this.keyAt(guess) === key ? guess : this.#find(key);
  }

  get(key: string): Value | undefined {
    const position = this.#find(key);
    return position < 0 ? undefined : this.valueAt(position);
  }

  has(key: string): boolean {
    return this.#find(key) >= 0;
  }

  set(key: string, value: Value): void {
    let position = this.#find(key);
    if (position < 0) {
      this.#added ??= [];
      position = this.#wireLength + this.#added.length;
      this.#added.push(key);
    }
    this.#overlay()[position] = value;
  }

  delete(key: string): boolean {
    const position = this.#find(key);
    if (position < 0) return false;
    this.deleteAt(position);
    return true;
  }

  deleteAt(position: number): void {
    this.#overlay()[position] = deleted;
    if (position >= this.#wireLength) (this.#added as (string | undefined)[])[position - this.#wireLength] = undefined;
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
    copy.#values = this.#values?.slice();
    copy.#added = this.#added?.slice();
    copy.#sealed = this.#sealed;
    return copy;
  }

  /** Type on the wire, without what is known of its UTF-8. */
  #wireTypeAt(position: number): number {
    return position < this.#wireLength ? (this.table.cells[(this.first + position) * 3] as number) & 7 : Type.empty;
  }

  #find(key: string): number {
    const added = this.#added;
    if (added !== undefined)
      for (let index = added.length - 1; index >= 0; index--) if (added[index] === key) return this.#wireLength + index;
    const { keys } = this.table;
    const { first } = this;
    for (let index = first + this.#wireLength - 1; index >= first; index--)
      if (keys[index] === key && this.#values?.[index - first] !== deleted) return index - first;
    return -1;
  }

  #changedAt(position: number): Value | undefined {
    const changed = this.#values?.[position];
    return changed === deleted ? null : changed;
  }

  #overlay(): (Value | typeof deleted | undefined)[] {
    this.#values ??= new Array<Value | typeof deleted | undefined>(this.#wireLength + spareKeys);
    return this.#values;
  }
}

function safeNumber(value: bigint): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : Number.NaN;
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
