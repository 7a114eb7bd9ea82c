import type { Bytes } from '../../../model/bytes.ts';
import { noBytes } from '../../../model/bytes.ts';
import type { Body } from '../../../model/draft.ts';
import { isVoid, type Json, type JsonObject } from './json.ts';
import { ByteWriter } from './json-writer.ts';
import type { Run } from './run.ts';

/** Writes a run's parts, one buffer for all of them: the parts are ranges of it, so a run costs one copy. */
export class BodyWriter {
  readonly #writer = new ByteWriter();
  /** Where each part starts and ends, in pairs. */
  readonly #ranges: number[] = [];

  write(run: Run): Body {
    try {
      return this.#write(run);
    } finally {
      this.#writer.clear();
    }
  }

  #write(run: Run): Body {
    this.#ranges.length = 0;
    this.#members({
      name: run.name,
      run_type: run.runType,
      status: run.status.status,
      tags: run.tags.length === 0 ? undefined : run.tags,
      reference_example_id: run.referenceExampleId === '' ? undefined : run.referenceExampleId,
    });
    this.#value(run.inputs);
    this.#value(run.outputs);
    this.#value(run.events.length === 0 ? undefined : run.events);
    this.#value(run.status.error === '' ? undefined : run.status.error);
    this.#value(run.serialized);
    this.#members(run.metadata);
    this.#value(run.usage);
    this.#members({ invocation_params: run.parameters, runtime: isVoid(run.runtime) ? undefined : run.runtime, otel: run.otel });
    for (const { fields } of run.feedback) this.#value(fields);
    return this.#body(run);
  }

  /** The brace before the members is not a part of them; it tells the writer that they are the first. */
  #members(object: JsonObject): void {
    this.#writer.raw('{');
    this.#ranges.push(this.#writer.length);
    this.#writer.members(object);
    this.#ranges.push(this.#writer.length);
  }

  #value(json: Json | undefined): void {
    this.#ranges.push(this.#writer.length);
    if (json !== undefined) this.#writer.write(json);
    this.#ranges.push(this.#writer.length);
  }

  #body({ attachments, feedback }: Run): Body {
    const all = this.#writer.take();
    return {
      main: this.#part(all, 0),
      inputs: this.#part(all, 1),
      outputs: this.#part(all, 2),
      events: this.#part(all, 3),
      error: this.#part(all, 4),
      serialized: this.#part(all, 5),
      metadata: this.#part(all, 6),
      usage: this.#part(all, 7),
      extra: this.#part(all, 8),
      attachments,
      feedback: feedback.map(({ id, runId }, at) => ({ id, ...(runId === '' ? {} : { runId }), fields: this.#part(all, 9 + at) })),
    };
  }

  #part(all: Bytes, at: number): Bytes {
    const start = this.#ranges[2 * at] as number;
    const end = this.#ranges[2 * at + 1] as number;
    return start === end ? noBytes : all.subarray(start, end);
  }
}
