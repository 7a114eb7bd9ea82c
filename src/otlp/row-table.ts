import type { Bytes } from '../model/bytes.ts';
import { AttributeTable } from './attribute-table.ts';
import { takeInts } from './int-slab.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import type { Message } from './schema.ts';
import { checkMessage } from './wire-check.ts';

/** The records of a request as rows of numbers over its bytes: where each field stands. An object is made of a row without looking at the bytes again. */
export class RowTable {
  readonly source: Bytes;
  readonly view: DataView;
  readonly attributes: AttributeTable;
  readonly #columns: number;
  rows: Int32Array;
  #length = 0;

  /** The first sizes are guesses: a record of 2 kB, an attribute of 256 bytes. */
  constructor(source: Bytes, view: DataView, columns: number) {
    this.source = source;
    this.view = view;
    this.attributes = new AttributeTable(source, view, source.length >>> 8);
    this.#columns = columns;
    this.rows = takeInts(columns * (1 + (source.length >>> 11)));
  }

  /** A row of zeros behind the last one that was kept; its offset in `rows`. */
  open(): number {
    const row = this.#length;
    if (row + this.#columns > this.rows.length) {
      const larger = takeInts(this.rows.length * 2);
      larger.set(this.rows);
      this.rows = larger;
    }
    this.rows.fill(0, row, row + this.#columns);
    return row;
  }

  keep(): void {
    this.#length += this.#columns;
  }

  /** Notes where a string's or id's content starts, skips it, and returns where it ends. */
  block(reader: ProtobufReader, end: number, column: number): number {
    const close = reader.block(end);
    this.rows[column] = reader.at;
    reader.at = close;
    return close;
  }

  /** Checks a nested message, notes its start where a column is given, and returns its end. */
  nested(reader: ProtobufReader, end: number, message: Message, column = -1): number {
    const close = reader.block(end);
    if (column >= 0) this.rows[column] = reader.at;
    reader.spend(1);
    checkMessage(reader, close, message, 1);
    return close;
  }
}
