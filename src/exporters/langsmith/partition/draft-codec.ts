/**
 * A draft as bytes. Reading the skeleton does not touch the body; reading the body copies nothing.
 *
 *   u32 length of what follows the checksum · u32 CRC-32 of it
 *   u32 operations (the run and its feedback) · u32 length of the skeleton · skeleton
 *     (behind all that every skeleton has: its names, if it has any)
 *   9 × u32 lengths · main inputs outputs events error serialized metadata usage extra
 *   u32 attachments · each: name, content type, u32 length, bytes
 *   u32 feedback · each: id (and the run that it is about, behind a space, if that is another), u32 length, bytes
 */
import { crc32 } from 'node:zlib';
import type { Bytes } from '../../../model/bytes.ts';
import type { Attachment, Body, Draft, FeedbackDraft, Skeleton } from '../../../model/draft.ts';
import { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

const flag = { parentSoft: 1, explicitRoot: 2, parentRemote: 4, otherParent: 8 } as const;
/** The marks' low byte has a place of its own; the four bits above stand over the flags. */
const marksAbove = 4;

function writeSkeleton(writer: ByteWriter, skeleton: Skeleton): void {
  const { parentSoft, explicitRoot, parentRemote, otherParentRunId, marks } = skeleton;
  const flags = (parentSoft ? flag.parentSoft : 0) | (explicitRoot ? flag.explicitRoot : 0) | (parentRemote ? flag.parentRemote : 0);
  writer.u8(flags | (otherParentRunId === '' ? 0 : flag.otherParent) | ((marks >> 8) << marksAbove));
  writer.u8(marks & 0xff);
  writer.f64(skeleton.startMicros);
  writer.f64(skeleton.endMicros);
  writer.text(skeleton.traceId);
  writer.text(skeleton.spanId);
  writer.text(skeleton.parentSpanId);
  writer.text(skeleton.runId);
  writer.text(skeleton.parentRunId);
  writer.text(skeleton.explicitTraceId);
  writer.text(skeleton.explicitDottedOrder);
  writer.text(skeleton.project);
  writer.text(skeleton.projectId);
  writeThread(writer, skeleton.thread);
  if (otherParentRunId !== '') writer.text(otherParentRunId);
  if (skeleton.names.length > 0) writeNames(writer, skeleton.names);
}

export function writeNames(writer: ByteWriter, names: readonly string[]): void {
  writer.u8(names.length);
  for (const name of names) writer.text(name);
}

export function readNames(reader: ByteReader): readonly string[] {
  const names: string[] = [];
  for (let left = reader.u8(); left > 0; left -= 1) names.push(reader.text());
  return names;
}

const noThread: Skeleton['thread'] = [];

export function writeThread(writer: ByteWriter, thread: Skeleton['thread']): void {
  writer.u8(thread.length);
  for (const [key, value] of thread) {
    writer.text(key);
    writer.text(value);
  }
}

/** `before`: the list of another run, which is the answer if it says the same, because many runs are remembered for long. */
export function readThread(reader: ByteReader, before = noThread): Skeleton['thread'] {
  const count = reader.u8();
  if (count === 0) return noThread;
  const start = reader.at;
  if (count === before.length && saysSame(reader, before)) return before;
  reader.at = start;
  const thread: [string, string][] = [];
  for (let left = count; left > 0; left -= 1) thread.push([reader.text(), reader.text()]);
  return thread;
}

/** Makes nothing if it does. */
function saysSame(reader: ByteReader, thread: Skeleton['thread']): boolean {
  for (const [key, value] of thread) if (reader.text(key) !== key || reader.text(value) !== value) return false;
  return true;
}

export const noNames: readonly string[] = [];

/** Spans that came together have much in common: `before`, the one before, says what texts may be. */
function readSkeleton(reader: ByteReader, end: number, before: Skeleton | undefined): Skeleton {
  const flags = reader.u8();
  return {
    marks: reader.u8() | ((flags >> marksAbove) << 8),
    startMicros: reader.f64(),
    endMicros: reader.f64(),
    traceId: reader.text(before?.traceId),
    spanId: reader.text(),
    parentSpanId: reader.text(before?.parentSpanId),
    runId: reader.text(),
    parentRunId: reader.text(before?.parentRunId),
    explicitTraceId: reader.text(),
    explicitDottedOrder: reader.text(),
    project: reader.text(before?.project),
    projectId: reader.text(before?.projectId),
    thread: readThread(reader, before?.thread),
    parentSoft: (flags & flag.parentSoft) !== 0,
    explicitRoot: (flags & flag.explicitRoot) !== 0,
    parentRemote: (flags & flag.parentRemote) !== 0,
    otherParentRunId: (flags & flag.otherParent) === 0 ? '' : reader.text(),
    names: reader.at < end ? readNames(reader) : noNames,
  };
}

export function writeBody(writer: ByteWriter, body: Body): void {
  const { main, inputs, outputs, events, error, serialized, metadata, usage, extra } = body;
  const parts = [main, inputs, outputs, events, error, serialized, metadata, usage, extra];
  for (const part of parts) writer.u32(part.length);
  for (const part of parts) writer.raw(part);
  writer.u32(body.attachments.length);
  for (const { name, contentType, content } of body.attachments) {
    writer.text(name);
    writer.text(contentType);
    writer.u32(content.length);
    writer.raw(content);
  }
  writer.u32(body.feedback.length);
  for (const { id, runId, fields } of body.feedback) {
    writer.text(runId === undefined ? id : `${id} ${runId}`);
    writer.u32(fields.length);
    writer.raw(fields);
  }
}

export function writeDraft(writer: ByteWriter, { skeleton, body }: Draft): void {
  const start = writer.length;
  writer.u32(0);
  writer.u32(0);
  const content = writer.length;
  writer.u32(1 + body.feedback.length);
  writer.u32(0);
  writeSkeleton(writer, skeleton);
  writer.u32At(content + 4, writer.length - content - 8);
  writeBody(writer, body);
  writer.u32At(start, writer.length - content);
  writer.u32At(start + 4, crc32(writer.range(content, writer.length)));
}

/** A draft whose body is still bytes. */
export interface DraftRecord {
  readonly skeleton: Skeleton;
  /** CRC-32 of the whole draft: equal for the same span with the same content. */
  readonly hash: number;
  readonly operations: number;
  /** Where the record stands in what was read. */
  readonly start: number;
  readonly bytes: number;
}

/** Reads one record and leaves the reader behind it. `before`: the skeleton of the record before it. Throws a `RangeError` if it is cut. */
export function readDraft(reader: ByteReader, before?: Skeleton): DraftRecord {
  const start = reader.at;
  const end = start + 8 + reader.u32();
  const hash = reader.u32();
  const operations = reader.u32();
  const skeletonLength = reader.u32();
  const skeleton = readSkeleton(reader, reader.at + skeletonLength, before);
  if (end > reader.source.length) throw new RangeError('cannot read record: it ends too early');
  reader.at = end;
  return { skeleton, hash, operations, start, bytes: end - start };
}

/** The body of a record; all parts are ranges of it. */
export function readBody(record: Bytes): Body {
  const reader = new ByteReader(record, 12);
  const skeletonLength = reader.u32();
  reader.at += skeletonLength;
  const lengths: number[] = [];
  for (let part = 0; part < 9; part += 1) lengths.push(reader.u32());
  return {
    main: reader.raw(lengths[0] as number),
    inputs: reader.raw(lengths[1] as number),
    outputs: reader.raw(lengths[2] as number),
    events: reader.raw(lengths[3] as number),
    error: reader.raw(lengths[4] as number),
    serialized: reader.raw(lengths[5] as number),
    metadata: reader.raw(lengths[6] as number),
    usage: reader.raw(lengths[7] as number),
    extra: reader.raw(lengths[8] as number),
    attachments: readAttachments(reader),
    feedback: readFeedback(reader),
  };
}

export function readAttachments(reader: ByteReader): Attachment[] {
  const attachments: Attachment[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) {
    attachments.push({ name: reader.text(), contentType: reader.text(), content: reader.raw(reader.u32()) });
  }
  return attachments;
}

export function readFeedback(reader: ByteReader): FeedbackDraft[] {
  const feedback: FeedbackDraft[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) {
    const [id = '', runId] = reader.text().split(' ');
    const fields = reader.raw(reader.u32());
    feedback.push(runId === undefined ? { id, fields } : { id, runId, fields });
  }
  return feedback;
}
