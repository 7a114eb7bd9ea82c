/**
 * Where the parts of one run's body stand in its record (`draft-codec.ts`). Nearly all of them are only copied from there, so nothing is made of them: one
 * of these serves all runs of a batch, one after the other.
 */
import { type Bytes, noBytes } from '../../../model/bytes.ts';
import type { Attachment, FeedbackDraft } from '../../../model/draft.ts';
import { ByteReader } from './byte-reader.ts';
import { readAttachments, readFeedback } from './draft-codec.ts';

/** In the order in which they stand in a record. */
const names = ['main', 'inputs', 'outputs', 'events', 'error', 'serialized', 'metadata', 'usage', 'extra'] as const;

/** What stands before a record's skeleton: its checksum, its operations, and the skeleton's length. */
const skeletonAt = 16;
const lengthBytes = 4;
/** How many attachments and feedbacks follow, if there are none. */
const nothingBehindBytes = 2 * lengthBytes;

export type PartName = (typeof names)[number];

const indexOf = Object.fromEntries(names.map((name, index) => [name, index])) as Readonly<Record<PartName, number>>;
const noAttachments: readonly Attachment[] = [];
const noFeedback: readonly FeedbackDraft[] = [];

export class BodyRanges {
  source: Bytes = noBytes;
  attachments: readonly Attachment[] = noAttachments;
  feedback: readonly FeedbackDraft[] = noFeedback;
  /** Each part's start, and behind them the end of the last. */
  readonly #starts = new Uint32Array(names.length + 1);

  /** Throws a `RangeError` if the record is cut. */
  ofRecord(record: Bytes): void {
    this.open(record, skeletonAt + u32(record, skeletonAt - lengthBytes));
  }

  /** The body that stands from `at` on. */
  open(source: Bytes, at: number): void {
    const starts = this.#starts;
    let end = at + names.length * lengthBytes;
    for (let part = 0; part < names.length; part += 1) {
      starts[part] = end;
      end += u32(source, at + part * lengthBytes);
    }
    starts[names.length] = end;
    if (end + nothingBehindBytes > source.length) throw new RangeError('cannot read body: it ends too early');
    this.source = source;
    this.#readRest(end);
  }

  size(name: PartName): number {
    return this.end(name) - this.start(name);
  }

  start(name: PartName): number {
    return this.#starts[indexOf[name]] as number;
  }

  end(name: PartName): number {
    return this.#starts[indexOf[name] + 1] as number;
  }

  bytes(name: PartName): Bytes {
    return this.source.subarray(this.start(name), this.end(name));
  }

  /** Most runs have neither. */
  #readRest(at: number): void {
    const has = u32(this.source, at) > 0 || u32(this.source, at + lengthBytes) > 0;
    const reader = has ? new ByteReader(this.source, at) : undefined;
    this.attachments = reader ? readAttachments(reader) : noAttachments;
    this.feedback = reader ? readFeedback(reader) : noFeedback;
  }
}

function u32(source: Bytes, at: number): number {
  if (at + lengthBytes > source.length) throw new RangeError('cannot read body: it ends too early');
  return (
    ((source[at] as number) |
      ((source[at + 1] as number) << 8) |
      ((source[at + 2] as number) << 16) |
      ((source[at + 3] as number) << 24)) >>>
    0
  );
}
