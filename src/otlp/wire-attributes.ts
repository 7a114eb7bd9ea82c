import type { AttributeKey } from '../model/attribute-key.ts';
import { noBytes } from '../model/bytes.ts';
import type { Attributes, Value, ValueType } from '../model/value.ts';
import { TextRange, typeOf } from '../model/value.ts';
import { readValue, Type, typeNames } from './any-value.ts';
import { AttributeTable, textInvalid, textValid } from './attribute-table.ts';
import { type KeySequence, keySequences } from './key-sequence.ts';
import { varintNumber, viewOf } from './protobuf-reader.ts';
import { textAt, validUtf8 } from './utf8.ts';

const noTable = new AttributeTable(noBytes, viewOf(noBytes), 0);

/** In place of the value of an attribute on the wire that is not there any more. */
const deleted = Symbol('deleted');

/** Room for new keys in an overlay: who sets one key mostly sets a few, and an array that grows is copied. */
const spareKeys = 8;

/**
 * States: untouched, everything stands in the table (`#values` is undefined); or changed, then `#values` is an overlay by position. Where it has
 * nothing, the value still stands in the table. New keys come behind the table's, in `#added`. A deleted key keeps its position; set again, it gets a new one.
 * The table's own keys are never copied, so that a first change costs little.
 *
 * `#sequence` is the order of all keys, deleted ones included: `undefined` as long as nobody asked by a key known at load, `null` where there is none.
 */
export class WireAttributes implements Attributes {
  readonly table: AttributeTable;
  readonly first: number;
  readonly #wireLength: number;
  #values: (Value | typeof deleted | undefined)[] | undefined;
  #added: string[] | undefined;
  #sequence: KeySequence | null | undefined;
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
    if (position < 0 || this.#isDeleted(position)) return undefined;
    return position < this.#wireLength ? this.table.keys[this.first + position] : this.#added?.[position - this.#wireLength];
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
    return (known & textValid) === 0 ? undefined : new TextRange(source, start, end);
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

  locate(key: AttributeKey): number {
    const sequence = this.#sequence === undefined ? this.#learnSequence() : this.#sequence;
    if (sequence === null) return this.#find(key.text);
    if (key.sequence !== sequence) {
      key.position = sequence.positionOf(key.text);
      key.sequence = sequence;
    }
    const { position } = key;
    return position >= 0 && this.#isDeleted(position) ? -1 : position;
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
      position = this.#add(key);
      if (this.#sequence) this.#sequence = this.#sequence.withText(key) ?? null;
    }
    this.#overlay()[position] = value;
  }

  put(key: AttributeKey, value: Value): void {
    let position = this.locate(key);
    if (position < 0) {
      position = this.#add(key.text);
      if (this.#sequence) this.#sequence = this.#sequence.with(key.text) ?? null;
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
    copy.#sequence = this.#sequence;
    copy.#sealed = this.#sealed;
    return copy;
  }

  /** Type on the wire, without what is known of its UTF-8. */
  #wireTypeAt(position: number): number {
    return position < this.#wireLength ? (this.table.cells[(this.first + position) * 3] as number) & 7 : Type.empty;
  }

  #isDeleted(position: number): boolean {
    return this.#values !== undefined && this.#values[position] === deleted;
  }

  #find(key: string): number {
    const { keys } = this.table;
    const { first } = this;
    const added = this.#added;
    if (added !== undefined)
      for (let index = added.length - 1; index >= 0; index--)
        if (added[index] === key && !this.#isDeleted(this.#wireLength + index)) return this.#wireLength + index;
    for (let index = first + this.#wireLength - 1; index >= first; index--)
      if (keys[index] === key && !this.#isDeleted(index - first)) return index - first;
    return -1;
  }

  #learnSequence(): KeySequence | null {
    const { first } = this;
    let sequence = keySequences.of(this.table.keys, first, first + this.#wireLength);
    if (this.#added !== undefined) for (const key of this.#added) sequence = sequence?.withText(key);
    this.#sequence = sequence ?? null;
    return this.#sequence;
  }

  /** Gives a new key its position. */
  #add(key: string): number {
    this.#added ??= [];
    return this.#wireLength + this.#added.push(key) - 1;
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
