/**
 * Where the parts of one run's body stand in its record (`draft-codec.ts`). Nearly all of them are only copied from there, so nothing is made of them: one
 * of these serves all runs of a batch, one after the other.
 */
import { type Bytes, noBytes } from '../../../model/bytes.ts';
import type { Attachment, FeedbackDraft } from '../../../model/draft.ts';
import { ByteReader } from './byte-reader.ts';
import { readAttachments, readFeedback } from './draft-codec.ts';

/** In the order in which they stand in a record. Numbers, because each run asks for some twenty, and a look-up by name costs more than the answer. */
export const Part = { main: 0, inputs: 1, outputs: 2, events: 3, error: 4, serialized: 5, metadata: 6, usage: 7, extra: 8 } as const;

export type PartName = keyof typeof Part;
export type PartNumber = (typeof Part)[PartName];

const partCount = Object.keys(Part).length;

/** What stands before a record's skeleton: its checksum, its operations, and the skeleton's length. */
const skeletonAt = 16;
const lengthBytes = 4;
/** How many attachments and feedbacks follow, if there are none. */
const nothingBehindBytes = 2 * lengthBytes;

const noAttachments: readonly Attachment[] = [];
const noFeedback: readonly FeedbackDraft[] = [];

export class BodyRanges {
  source: Bytes = noBytes;
  attachments: readonly Attachment[] = noAttachments;
  feedback: readonly FeedbackDraft[] = noFeedback;
  /** Each part's start, and behind them the end of the last. */
  readonly #starts = new Uint32Array(partCount + 1);

  /** The source's first `sourceEnd` bytes are the record. Throws a `RangeError` if it is cut. */
  ofRecord(source: Bytes, sourceEnd = source.length): void {
    checkEnd(skeletonAt, sourceEnd);
    this.open(source, skeletonAt + u32(source, skeletonAt - lengthBytes), sourceEnd);
  }

  /** The body that stands from `at` on, and ends at `sourceEnd` at the latest. */
  open(source: Bytes, at: number, sourceEnd = source.length): void {
    const starts = this.#starts;
    let end = at + partCount * lengthBytes;
    checkEnd(end, sourceEnd);
    for (let part = 0; part < partCount; part += 1) {
      starts[part] = end;
      end += u32(source, at + part * lengthBytes);
    }
    starts[partCount] = end;
    checkEnd(end + nothingBehindBytes, sourceEnd);
    this.source = source;
    this.#readRest(end, sourceEnd);
  }

  size(part: PartNumber): number {
    return this.end(part) - this.start(part);
  }

  start(part: PartNumber): number {
    return this.#starts[part] as number;
  }

  end(part: PartNumber): number {
    return this.#starts[part + 1] as number;
  }

  bytes(part: PartNumber): Bytes {
    return this.source.subarray(this.start(part), this.end(part));
  }

  /** Most runs have neither. */
  #readRest(at: number, sourceEnd: number): void {
    const has = u32(this.source, at) > 0 || u32(this.source, at + lengthBytes) > 0;
    const reader = has ? new ByteReader(this.source.subarray(0, sourceEnd), at) : undefined;
    this.attachments = reader ? readAttachments(reader) : noAttachments;
    this.feedback = reader ? readFeedback(reader) : noFeedback;
  }
}

function checkEnd(end: number, sourceEnd: number): void {
  if (end > sourceEnd) throw new RangeError('cannot read body: it ends too early');
}

function u32(source: Bytes, at: number): number {
  return (
    ((source[at] as number) |
      ((source[at + 1] as number) << 8) |
      ((source[at + 2] as number) << 16) |
      ((source[at + 3] as number) << 24)) >>>
    0
  );
}
