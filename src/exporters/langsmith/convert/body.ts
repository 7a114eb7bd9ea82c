import type { Bytes } from '../../../model/bytes.ts';
import { noBytes } from '../../../model/bytes.ts';
import type { Body } from '../../../model/draft.ts';
import type { Json } from './json.ts';
import { ByteWriter } from './json-writer.ts';
import type { Metadata } from './metadata.ts';
import type { Run } from './run.ts';

/** Room for the parts of some dozens of runs, which share it. */
const slabBytes = 256 << 10;

/** Writes a run's parts, one range of bytes for all of them. */
export class BodyWriter {
  readonly #writer = new ByteWriter(slabBytes);
  /** Where each part starts and ends, in pairs. */
  readonly #ranges: number[] = [];
  readonly #reuseBytes: boolean;
  #marks = 0;

  /** `reuseBytes`: a body is good until the next one is written. */
  constructor(reuseBytes: boolean) {
    this.#reuseBytes = reuseBytes;
  }

  write(run: Run): Body {
    try {
      return this.#write(run);
    } finally {
      this.#writer.clear();
    }
  }

  #write(run: Run): Body {
    this.#marks = 0;
    this.#main(run);
    this.#value(run.inputs);
    this.#value(run.outputs);
    this.#value(run.events.length === 0 ? undefined : run.events);
    this.#value(run.status.error === '' ? undefined : run.status.error);
    this.#value(run.serialized);
    this.#metadata(run.metadata);
    this.#value(run.usage);
    this.#extra(run);
    for (const { fields } of run.feedback) this.#value(fields);
    return this.#body(run);
  }

  #main({ name, runType, status, tags, referenceExampleId }: Run): void {
    this.#begin();
    this.#writer.member('name', name);
    this.#writer.member('run_type', runType);
    this.#writer.member('status', status.status);
    if (tags.length > 0) this.#writer.member('tags', tags);
    if (referenceExampleId !== '') this.#writer.member('reference_example_id', referenceExampleId);
    this.#mark();
  }

  #metadata(metadata: Metadata): void {
    this.#begin();
    if (metadata.members !== undefined) this.#writer.splice(metadata.members);
    for (let at = 0; at < metadata.length; at++) {
      const { name, text, value } = metadata.at(at);
      if (value !== undefined) this.#writer.member(name, value, text);
    }
    metadata.end();
    this.#mark();
  }

  #extra({ parameters, runtime, otel }: Run): void {
    this.#begin();
    if (parameters !== undefined) this.#writer.member('invocation_params', parameters);
    if (runtime !== undefined) this.#writer.member('runtime', runtime);
    this.#writer.member('otel', otel);
    this.#mark();
  }

  #value(json: Json | undefined): void {
    this.#mark();
    if (json !== undefined) this.#writer.write(json);
    this.#mark();
  }

  #begin(): void {
    this.#mark();
    this.#writer.begin();
  }

  #mark(): void {
    this.#ranges[this.#marks++] = this.#writer.length;
  }

  #body({ attachments, feedback }: Run): Body {
    const body = {
      main: this.#part(0),
      inputs: this.#part(1),
      outputs: this.#part(2),
      events: this.#part(3),
      error: this.#part(4),
      serialized: this.#part(5),
      metadata: this.#part(6),
      usage: this.#part(7),
      extra: this.#part(8),
      attachments,
      feedback: feedback.map(({ id, runId }, at) => ({ id, ...(runId === '' ? {} : { runId }), fields: this.#part(9 + at) })),
    };
    if (!this.#reuseBytes) this.#writer.keep();
    return body;
  }

  #part(at: number): Bytes {
    const start = this.#ranges[2 * at] as number;
    const end = this.#ranges[2 * at + 1] as number;
    return start === end ? noBytes : this.#writer.part(start, end);
  }
}
