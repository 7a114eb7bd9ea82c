/**
 * The parts of one multipart body (langsmith-ingest §2). Several parts stand in it for every run, so what they have in common is kept as bytes that
 * are only copied, and no text is made of them.
 */
import { type Bytes, bytes } from '../../../model/bytes.ts';
import { ByteWriter } from './byte-writer.ts';

const json = 'application/json';
const afterName = bytes.from(`"\r\nContent-Type: ${json}\r\nContent-Length: `);
const lineEnd = bytes.from('\r\n');
const headEnd = bytes.from('\r\n\r\n');

/** A field of a run that is a part of its own, as it stands in the part's name. */
const fields = {
  inputs: bytes.from('.inputs'),
  outputs: bytes.from('.outputs'),
  events: bytes.from('.events'),
  extra: bytes.from('.extra'),
  error: bytes.from('.error'),
  serialized: bytes.from('.serialized'),
} as const;

export type Field = keyof typeof fields;
export type Operation = 'post' | 'patch' | 'feedback';

export class PartsWriter {
  readonly #writer: ByteWriter;
  readonly #beforeName: Bytes;
  readonly #before: Readonly<Record<Operation, Bytes>>;

  /** `room`: bytes to begin with, or how many. */
  constructor(boundary: string, room: number | Bytes) {
    const beforeName = `--${boundary}\r\nContent-Disposition: form-data; name="`;
    const before = (operation: Operation) => bytes.from(`${beforeName}${operation}.`);
    this.#writer = new ByteWriter(room);
    this.#beforeName = bytes.from(beforeName);
    this.#before = { post: before('post'), patch: before('patch'), feedback: before('feedback') };
  }

  get length(): number {
    return this.#writer.length;
  }

  /** The head of a part of JSON; `length` bytes and `end` must follow. */
  open(operation: Operation, id: string, field: Field | undefined, length: number): void {
    const writer = this.#writer;
    writer.raw(this.#before[operation]);
    writer.ascii(id);
    if (field) writer.raw(fields[field]);
    writer.raw(afterName);
    writer.digits(length);
    writer.raw(headEnd);
  }

  text(value: string): void {
    this.#writer.bare(value);
  }

  raw(value: Bytes): void {
    this.#writer.raw(value);
  }

  end(): void {
    this.#writer.raw(lineEnd);
  }

  /** A field that is JSON already, if the run has it. */
  field(operation: Operation, id: string, field: Field, value: Bytes): void {
    if (value.length === 0) return;
    this.open(operation, id, field, value.length);
    this.raw(value);
    this.end();
  }

  attachment(runId: string, name: string, contentType: string, content: Bytes): void {
    this.raw(this.#beforeName);
    this.text(`attachment.${runId}.${name}"\r\nContent-Type: ${contentType}\r\nContent-Length: ${content.length}\r\n\r\n`);
    this.raw(content);
    this.end();
  }

  /** What is written so far; it stands in the room. */
  finish(): Bytes {
    return this.#writer.finish();
  }
}
