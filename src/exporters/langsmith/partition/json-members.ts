import type { MetadataWriter } from '../assemble/additions.ts';
import type { ByteWriter } from './byte-writer.ts';
import { writeIsoTime } from './time-text.ts';

/** Members of a JSON object whose values are texts or times, behind those that stand in it already. */
export class JsonMembers implements MetadataWriter {
  readonly #writer: ByteWriter;
  #any = false;

  constructor(writer: ByteWriter) {
    this.#writer = writer;
  }

  /** `any`: whether the object has members. */
  begin(any: boolean): void {
    this.#any = any;
  }

  /** The comma before the next member, if it needs one, and the key. */
  key(key: string): void {
    if (this.#any) this.#writer.ascii(',');
    this.#any = true;
    writeJsonText(this.#writer, key);
    this.#writer.ascii(':');
  }

  member(key: string, value: string): void {
    this.key(key);
    writeJsonText(this.#writer, value);
  }

  time(key: string, micros: number): void {
    this.key(key);
    this.#writer.ascii('"');
    writeIsoTime(this.#writer, micros);
    this.#writer.ascii('"');
  }
}

/** As `JSON.stringify`, which makes a text first. Nearly all texts here are plain ASCII. */
export function writeJsonText(writer: ByteWriter, value: string): void {
  if (!isPlain(value)) {
    writer.bare(JSON.stringify(value));
    return;
  }
  writer.quoted(value);
}

function isPlain(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}
