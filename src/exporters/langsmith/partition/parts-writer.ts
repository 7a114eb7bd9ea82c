/**
 * The parts of one multipart body (langsmith-ingest §2). Several parts stand in it for every run, so what they have in common is kept as bytes that
 * are only copied, and no text is made of them.
 */
import { type Bytes, bytes, noBytes } from '../../../model/bytes.ts';
import { type BodyRanges, Part, type PartNumber } from './body-ranges.ts';
import type { ByteWriter } from './byte-writer.ts';
import { StagedBody } from './staged-body.ts';

const headers = '"\r\nContent-Type: application/json\r\nContent-Length: ';
const lineEnd = '\r\n';
const headEnd = '\r\n\r\n';
/** What stands in place of a length that is not known before the part is written: so many digits most of them have. */
const noLength = '000';

/** What a part's head says behind the run's id: for a length that is known, and for one that is not. */
interface Head {
  readonly known: Bytes;
  readonly unknown: Bytes;
}

function headOf(name: string): Head {
  return { known: bytes.from(`${name}${headers}`), unknown: bytes.from(`${name}${headers}${noLength}${headEnd}`) };
}

const main = headOf('');

/** A field of a run that is a part of its own. */
export interface Field extends Head {
  readonly part: PartNumber;
}

export const Field = {
  inputs: { part: Part.inputs, ...headOf('.inputs') },
  outputs: { part: Part.outputs, ...headOf('.outputs') },
  events: { part: Part.events, ...headOf('.events') },
  extra: { part: Part.extra, ...headOf('.extra') },
  error: { part: Part.error, ...headOf('.error') },
  serialized: { part: Part.serialized, ...headOf('.serialized') },
} as const satisfies Readonly<Record<string, Field>>;

export type Operation = 'post' | 'patch' | 'feedback';

export class PartsWriter {
  /** Where a part's content is written, between `begin` and `end`. */
  readonly writer: ByteWriter;
  readonly #body: StagedBody;
  readonly #beforeName: string;
  /** The head of the last part up to its id: a run has several parts. */
  #head: Bytes = noBytes;
  #operation: Operation = 'post';
  #id = '';
  /** Of a part of unknown length. */
  #contentAt = 0;

  /** `room`: bytes to begin with, or how many. */
  constructor(boundary: string, room: number | Bytes) {
    this.#body = new StagedBody(room);
    this.writer = this.#body.stage;
    this.#beforeName = `--${boundary}\r\nContent-Disposition: form-data; name="`;
  }

  /** The parts that follow, until `endRun`, are one run's. Returns where they begin. */
  beginRun(): number {
    return this.#body.begin();
  }

  /** What the run's parts are copied from, before the first of them. Returns where it stands now, from its first byte on, and costs least. */
  take(source: Bytes): Bytes {
    return this.#body.take(source);
  }

  /** Returns where the run's parts end. */
  endRun(): number {
    return this.#body.end();
  }

  /** The head of a part of JSON, up to the id in its name. */
  #name(operation: Operation, id: string): void {
    if (id !== this.#id || operation !== this.#operation) this.#setHead(operation, id);
    this.writer.raw(this.#head);
  }

  #setHead(operation: Operation, id: string): void {
    // Nearly all ids have the same length, so the new one is written over the one before.
    if (operation === this.#operation && id.length === this.#id.length) this.#head.latin1Write(id, this.#head.length - id.length);
    else this.#head = bytes.from(`${this.#beforeName}${operation}.${id}`, 'latin1');
    this.#operation = operation;
    this.#id = id;
  }

  /** A part of JSON whose length is what stands in it at its `end`. */
  begin(operation: Operation, id: string, { unknown }: Head = main): void {
    const { writer } = this;
    this.#name(operation, id);
    writer.raw(unknown);
    this.#contentAt = writer.length;
  }

  end(): void {
    const { writer } = this;
    const lengthEnd = this.#contentAt - headEnd.length;
    writer.digitsOver(lengthEnd - noLength.length, lengthEnd, writer.length - this.#contentAt);
    writer.ascii(lineEnd);
  }

  /** A field that is JSON already, if the run has it. */
  field(operation: Operation, id: string, { part, known }: Field, body: BodyRanges): void {
    const { writer } = this;
    const size = body.size(part);
    if (size === 0) return;
    this.#name(operation, id);
    writer.raw(known);
    writer.digits(size);
    writer.ascii(headEnd);
    this.#body.part(body.source, body.start(part), body.end(part));
    writer.ascii(lineEnd);
  }

  attachment(runId: string, name: string, contentType: string, content: Bytes): void {
    const { writer } = this;
    writer.ascii(this.#beforeName);
    writer.bare(`attachment.${runId}.${name}"\r\nContent-Type: ${contentType}\r\nContent-Length: ${content.length}\r\n\r\n`);
    this.#body.part(content, 0, content.length);
    writer.ascii(lineEnd);
  }

  /** All runs so far, and `last` behind them; they stand in the room. */
  finish(last = ''): Bytes {
    return this.#body.finish(last);
  }
}
