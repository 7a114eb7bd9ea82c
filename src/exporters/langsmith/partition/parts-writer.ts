/**
 * The parts of one multipart body (langsmith-ingest §2). Several parts stand in it for every run, so what they have in common is kept as bytes that
 * are only copied, and no text is made of them.
 */
import { type Bytes, bytes, noBytes } from '../../../model/bytes.ts';
import type { BodyRanges } from './body-ranges.ts';
import { ByteWriter } from './byte-writer.ts';

const headers = '"\r\nContent-Type: application/json\r\nContent-Length: ';
const afterName = bytes.from(headers);
const lineEnd = '\r\n';
const headEnd = '\r\n\r\n';

/** A field of a run that is a part of its own, as it stands in the part's name, and what follows. */
const fields = {
  inputs: bytes.from(`.inputs${headers}`),
  outputs: bytes.from(`.outputs${headers}`),
  events: bytes.from(`.events${headers}`),
  extra: bytes.from(`.extra${headers}`),
  error: bytes.from(`.error${headers}`),
  serialized: bytes.from(`.serialized${headers}`),
} as const;

export type Field = keyof typeof fields;
export type Operation = 'post' | 'patch' | 'feedback';

/** So many digits most lengths have which are not known before the part is written. */
const usualDigits = 3;

export class PartsWriter {
  /** Where a part's content is written, between `begin` and `end`. */
  readonly writer: ByteWriter;
  readonly #beforeName: string;
  /** The head of the last part up to its id: a run has several parts. */
  #head: Bytes = noBytes;
  #operation: Operation = 'post';
  #id = '';
  #lengthAt = 0;

  /** `room`: bytes to begin with, or how many. */
  constructor(boundary: string, room: number | Bytes) {
    this.writer = new ByteWriter(room);
    this.#beforeName = `--${boundary}\r\nContent-Disposition: form-data; name="`;
  }

  get length(): number {
    return this.writer.length;
  }

  /** The head of a part of JSON, up to its length. */
  #name(operation: Operation, id: string, field: Field | undefined): void {
    if (id !== this.#id || operation !== this.#operation) this.#setHead(operation, id);
    this.writer.raw(this.#head);
    this.writer.raw(field ? fields[field] : afterName);
  }

  #setHead(operation: Operation, id: string): void {
    // Nearly all ids have the same length, so the new one is written over the one before.
    if (operation === this.#operation && id.length === this.#id.length) this.#head.latin1Write(id, this.#head.length - id.length);
    else this.#head = bytes.from(`${this.#beforeName}${operation}.${id}`, 'latin1');
    this.#operation = operation;
    this.#id = id;
  }

  /** A part of JSON whose length is what stands in it at its `end`. */
  begin(operation: Operation, id: string, field: Field | undefined): void {
    const { writer } = this;
    this.#name(operation, id, field);
    this.#lengthAt = writer.length;
    writer.digits(0, usualDigits);
    writer.ascii(headEnd);
  }

  end(): void {
    const { writer } = this;
    const digitsEnd = this.#lengthAt + usualDigits;
    writer.digitsOver(this.#lengthAt, digitsEnd, writer.length - digitsEnd - headEnd.length);
    writer.ascii(lineEnd);
  }

  /** A field that is JSON already, if the run has it. */
  field(operation: Operation, id: string, field: Exclude<Field, 'extra'>, body: BodyRanges): void {
    const { writer } = this;
    const size = body.size(field);
    if (size === 0) return;
    this.#name(operation, id, field);
    writer.digits(size);
    writer.ascii(headEnd);
    writer.part(body.source, body.start(field), body.end(field));
    writer.ascii(lineEnd);
  }

  attachment(runId: string, name: string, contentType: string, content: Bytes): void {
    const { writer } = this;
    writer.ascii(this.#beforeName);
    writer.bare(`attachment.${runId}.${name}"\r\nContent-Type: ${contentType}\r\nContent-Length: ${content.length}\r\n\r\n`);
    writer.raw(content);
    writer.ascii(lineEnd);
  }

  /** What is written so far; it stands in the room. */
  finish(): Bytes {
    return this.writer.finish();
  }
}
