import type { Bytes } from '../model/bytes.ts';
import { checkNested, ValuePlace } from './any-value.ts';
import { takeInts } from './int-slab.ts';
import { keyTable } from './key-table.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import * as schema from './schema.ts';
import { skipOther } from './wire-check.ts';

/** What is known of a string's UTF-8 is kept beside its type: these bits, or neither as long as nobody asked. */
export const textValid = 8;
export const textInvalid = 16;

/** Room for those of a resource and a span. */
const attributesMin = 32;

/**
 * The attributes of a whole request as columns: a key and three numbers each (type, start, end of the value), so that 25 attributes of a span cost no object.
 * The attributes of one item stand side by side. A key is `undefined` where a later duplicate overrides it.
 */
export class AttributeTable {
  readonly source: Bytes;
  readonly view: DataView;
  readonly keys: (string | undefined)[] = [];
  cells: Int32Array;
  readonly #place = new ValuePlace();
  #first = 0;

  constructor(source: Bytes, view: DataView, expected: number) {
    this.source = source;
    this.view = view;
    this.cells = takeInts(Math.max(attributesMin, expected) * 3);
  }

  /** Begins the list of the next item and returns its first position. */
  begin(): number {
    keyTable.begin();
    this.#first = this.keys.length;
    return this.#first;
  }

  /** Attributes of the current item. */
  get length(): number {
    return this.keys.length - this.#first;
  }

  /** Forgets the current item's attributes. */
  cancel(): void {
    this.keys.length = this.#first;
  }

  /** Reads one KeyValue field, from its length on. Beyond `attributesMax` it is checked and left out; the answer is false then. */
  add(reader: ProtobufReader, end: number): boolean {
    const close = reader.block(end);
    reader.spend(1);
    const place = this.#place;
    place.type = 0;
    let keyStart = 0;
    let keyEnd = 0;
    while (reader.at < close) {
      const tag = reader.tag();
      if (tag === 0x0a) {
        keyEnd = reader.block(close);
        keyStart = reader.at;
        reader.at = keyEnd;
      } else if (tag === 0x12) {
        place.locate(reader, reader.block(close));
        checkNested(reader, place);
      } else {
        skipOther(reader, tag, close, schema.keyValue);
      }
    }
    reader.closed(close);
    if (this.length >= reader.limits.attributesMax) return false;
    this.#push(keyStart, keyEnd, place);
    return true;
  }

  #push(keyStart: number, keyEnd: number, place: ValuePlace): void {
    const position = this.keys.length;
    const cell = position * 3;
    if (cell + 3 > this.cells.length) this.#grow();
    const key = keyTable.text(this.source, this.view, keyStart, keyEnd, position);
    if (keyTable.earlier >= 0) this.keys[keyTable.earlier] = undefined;
    this.keys.push(key);
    this.cells[cell] = place.type;
    this.cells[cell + 1] = place.start;
    this.cells[cell + 2] = place.end;
  }

  #grow(): void {
    const larger = takeInts(this.cells.length * 2);
    larger.set(this.cells);
    this.cells = larger;
  }
}
