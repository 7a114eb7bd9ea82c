/**
 * The multipart body of a batch (langsmith-ingest §2): per run its main part, then inputs, outputs, events, extra, error, serialized,
 * attachments and feedback. Bodies are spliced as bytes, never parsed. Every part declares its exact length.
 */
import { type Bytes, bytes, noBytes } from '../../../model/bytes.ts';
import { type Body, type FeedbackDraft, type Joined, type JoinLogs, Mark } from '../../../model/draft.ts';
import { addToMetadata, addToRunBelow, addToSynthetic, endOf } from '../assemble/additions.ts';
import { nodeBelow } from '../assemble/nodes.ts';
import type { Node, Tree } from '../assemble/trace.ts';
import { countsUsage, placeUsage } from '../assemble/usage.ts';
import { closingOf, type SealedItem } from '../sealed-batch.ts';
import { BodyRanges, Part, type PartNumber } from './body-ranges.ts';
import { ByteWriter } from './byte-writer.ts';
import { readBody, writeBody } from './draft-codec.ts';
import type { PlacedRun, Trace } from './held-draft.ts';
import { JsonMembers } from './json-members.ts';
import { Field, type Operation, PartsWriter } from './parts-writer.ts';
import { PlaceWriter } from './run-place.ts';
import { writeIsoTime } from './time-text.ts';

const openBrace = 0x7b;

/** Upper bound of what a run's parts add to its body: headers, ids, times and assembly's metadata, besides the dotted order. */
const overheadBytes = 4_096;
const segmentBytes = 59;
/** `{}` */
const voidBytes = 2;
/** What the bytes of a log record may grow to as JSON. More than that is possible, but then the server's answer splits the batch. */
const logGrowth = 2;

/** How large a run's parts can become at most. */
export function composedBytesMax({ node, draft, logs }: PlacedRun): number {
  const runs = draft ? 1 : 2;
  let size = runs * (overheadBytes + segmentBytes * (node.depth + runs));
  for (const [key, value] of node.thread) size += runs * 6 * (key.length + value.length);
  for (const log of logs) size += logGrowth * log.bytes;
  return draft ? size + draft.bytes + draft.operations * 512 : size;
}

/** Operations that a run can become at most: itself and its feedback; a change also a run for what it cannot take. */
export function operationsMax({ draft, logs }: PlacedRun): number {
  let operations = draft?.operations ?? 2;
  for (const log of logs) operations += log.operations - 1;
  return operations;
}

const syntheticBody: Body = {
  main: bytes.from('"name":"missing parent","run_type":"chain","tags":["synthetic_root"]'),
  inputs: bytes.from('{}'),
  outputs: bytes.from('{}'),
  events: noBytes,
  error: noBytes,
  serialized: noBytes,
  metadata: noBytes,
  usage: noBytes,
  extra: noBytes,
  attachments: [],
  feedback: [],
};

/** A body in the form of a record's. */
function asBytes(body: Body): Bytes {
  const writer = new ByteWriter(1_024);
  writeBody(writer, body);
  return writer.finish();
}

const syntheticBytes = asBytes(syntheticBody);

/** What feedback is about. Of a run that is not known here, nobody knows the trace. */
function subjectOf(trace: Trace, node: Node, { id, runId }: FeedbackDraft): string {
  const { traceRunId } = node.tree;
  if (runId === 'trace') return `{"id":"${id}","run_id":"${traceRunId}","trace_id":"${traceRunId}"`;
  const about = runId === undefined ? node : trace.run(runId);
  const traceId = about ? `,"trace_id":"${about.tree.traceRunId}"` : '';
  return `{"id":"${id}","run_id":"${about?.runId ?? runId}"${traceId}`;
}

const startTime = bytes.from(',"start_time":"');
const endTime = bytes.from('","end_time":"');
const metadataOpen = bytes.from('{"metadata":{');

const saidFormat = '"ls_message_format":"completions"';

/** LangSmith's Messages view reads a trace in one shape, so our runs do not name theirs where another SDK's stand beside them (mapping §7.1). */
function withoutFormat(metadata: Bytes): Bytes {
  const text = metadata.utf8Slice();
  const at = text.indexOf(saidFormat);
  if (at < 0) return metadata;
  const before = text.slice(0, at).replace(/,$/, '');
  const after = text.slice(at + saidFormat.length).replace(before === '' ? /^,/ : /^$/, '');
  return bytes.from(before + after);
}

/** Once a run is sent with something, log records do not replace it. */
function markSent(node: Node, body: BodyRanges): void {
  if (body.size(Part.inputs) > voidBytes) node.marks |= Mark.inputs;
  if (body.size(Part.outputs) > voidBytes) node.marks |= Mark.outputs;
  if (body.size(Part.error) > 0) node.marks |= Mark.error;
  if (body.size(Part.events) > 0) node.marks |= Mark.events;
}

type Received = Pick<SealedItem, 'synthetic' | 'logs'>;

/** A run that is a span and nothing else, as nearly all are. */
const oneSpan: Received = {};

/** A run that stands for so many spans and log records; one that stands for none was made by assembly. */
export function receivedAsPost(items: number): Received {
  if (items === 0) return { synthetic: true };
  return items === 1 ? oneSpan : { logs: items - 1 };
}

function receivedIn({ draft, logs }: PlacedRun): Received {
  return { ...(draft ? {} : { synthetic: true }), ...(logs.length > 0 ? { logs: logs.length } : {}) };
}

function isEmpty({ inputs, outputs, error, events, feedback }: Body): boolean {
  return inputs.length + outputs.length + error.length + events.length + feedback.length === 0;
}

export class Composer {
  readonly #boundary: string;
  readonly #parts: PartsWriter;
  readonly #writer: ByteWriter;
  readonly #place: PlaceWriter;
  readonly #metadata: JsonMembers;
  /** Of the run that is being written. */
  readonly #body = new BodyRanges();
  /** The member that tells the project of the last run. */
  #session = noBytes;
  #project = '';
  #projectId = '';
  readonly #items: SealedItem[] = [];
  readonly #joinLogs: JoinLogs;

  constructor(boundary: string, room: number | Bytes, joinLogs: JoinLogs) {
    this.#boundary = boundary;
    this.#joinLogs = joinLogs;
    this.#parts = new PartsWriter(boundary, room);
    this.#writer = this.#parts.writer;
    this.#place = new PlaceWriter(this.#writer);
    this.#metadata = new JsonMembers(this.#writer);
  }

  /** `record`: the draft's record, if there is a draft. `logs`: log records of its span. Returns whether there is anything to send. */
  add(run: PlacedRun, record: Bytes | undefined, logs: readonly Bytes[]): boolean {
    const { trace, node, draft } = run;
    if (run.logs.length > 0 && !draft) return logs.length > 0 && this.#change(run, logs);
    const start = this.#parts.beginRun();
    if (logs.length > 0) this.#body.open(asBytes(this.#joined(run, record && readBody(record), logs).body), 0);
    else if (record) this.#body.ofRecord(this.#parts.take(record), record.length);
    else this.#body.open(syntheticBytes, 0);
    this.#post(run);
    this.#item(trace, node, start, draft && run.logs.length === 0 ? oneSpan : receivedIn(run));
    return true;
  }

  /** What log records change in a run that was sent before, and a run below it for what it cannot take any more. */
  #change(run: PlacedRun, logs: readonly Bytes[]): boolean {
    const { trace, node } = run;
    const { body, rest } = this.#joined(run, undefined, logs);
    const changes = !isEmpty(body);
    if (changes) {
      const start = this.#parts.beginRun();
      this.#body.open(asBytes(body), 0);
      this.#update(node);
      this.#item(trace, node, start, { synthetic: true, logs: run.logs.length });
    }
    if (rest) {
      const start = this.#parts.beginRun();
      const below = nodeBelow(node, `${trace.traceId}:${run.logs[0]?.skeleton.spanId}`);
      this.#body.open(asBytes(rest), 0);
      this.#begin(below, below.startMicros);
      this.#beginExtra(below);
      addToRunBelow(this.#metadata, below, trace.traceId);
      this.#end(below);
      this.#item(trace, below, start, receivedAsPost(changes ? 0 : run.logs.length));
    }
    return changes || rest !== undefined;
  }

  #item(trace: Trace, node: Node, start: number, received: Received): void {
    const { feedback } = this.#body;
    for (const each of feedback) this.#feedback(trace, node, each);
    const item = { runId: node.runId, traceId: node.tree.traceRunId, start, end: this.#parts.endRun(), operations: 1 + feedback.length };
    this.#items.push(received === oneSpan ? item : { ...item, ...received });
  }

  #joined({ trace, node, logs: all }: PlacedRun, own: Body | undefined, logs: readonly Bytes[]): Joined {
    const { spanId, runId, marks } = node;
    const joinedBefore = node.logs.length > all.length;
    const joined = this.#joinLogs({ traceId: trace.traceId, spanId, runId, marks, joinedBefore }, own, logs);
    node.marks |= joined.marks;
    if (joined.marks !== 0) placeUsage(node);
    return joined;
  }

  #post({ trace, node, draft, story, endMicros }: PlacedRun): void {
    const skeleton = draft?.skeleton;
    const isForeign = (trace.marks & Mark.foreign) !== 0 && (node.marks & Mark.format) !== 0;
    markSent(node, this.#body);
    this.#begin(node, skeleton ? endOf(skeleton, node) : endMicros);
    this.#beginExtra(node, isForeign);
    if (skeleton) addToMetadata(this.#metadata, skeleton, node, story, trace.marks);
    else addToSynthetic(this.#metadata, trace.traceId);
    this.#end(node);
  }

  /** The parts in front of `extra`. */
  #begin(node: Node, endMicros: number): void {
    const { runId, tree, startMicros } = node;
    const writer = this.#writer;
    this.#parts.begin('post', runId);
    this.#place.write(node);
    writer.raw(startTime);
    writeIsoTime(writer, startMicros);
    if (endMicros !== 0) {
      writer.raw(endTime);
      writeIsoTime(writer, endMicros);
    }
    writer.ascii('",');
    this.#writeSession(tree);
    this.#endMain();
    this.#content('post', runId);
  }

  /** Nearly all runs of a batch have the same. */
  #writeSession({ project, projectId }: Tree): void {
    if (this.#session === noBytes || project !== this.#project || projectId !== this.#projectId) {
      this.#session = bytes.from(
        projectId === '' ? `"session_name":${JSON.stringify(project)}` : `"session_id":${JSON.stringify(projectId)}`,
      );
      this.#project = project;
      this.#projectId = projectId;
    }
    this.#writer.raw(this.#session);
  }

  /** The members of the main part that need no ancestors. */
  #endMain(): void {
    const body = this.#body;
    if (body.size(Part.main) > 0) this.#writer.ascii(',');
    this.#copy(Part.main);
    this.#writer.ascii('}');
    this.#parts.end();
  }

  /** Then come the members of the metadata that only assembly knows, and `end`. */
  #beginExtra({ runId }: Node, isForeign = false): void {
    const writer = this.#writer;
    this.#parts.begin('post', runId, Field.extra);
    writer.raw(metadataOpen);
    const from = writer.length;
    if (isForeign) writer.raw(withoutFormat(this.#body.bytes(Part.metadata)));
    else this.#copy(Part.metadata);
    this.#metadata.begin(writer.length > from);
  }

  #end(node: Node): void {
    const body = this.#body;
    const writer = this.#writer;
    // Asked of every run: it also decides for those below.
    const usageKey = countsUsage(node) ? 'usage_metadata' : 'aggregated_usage_metadata';
    if (body.size(Part.usage) > 0) {
      this.#metadata.key(usageKey);
      this.#copy(Part.usage);
    }
    writer.ascii(body.size(Part.extra) > 0 ? '},' : '}');
    this.#copy(Part.extra);
    writer.ascii('}');
    this.#parts.end();
    this.#parts.field('post', node.runId, Field.error, body);
    this.#parts.field('post', node.runId, Field.serialized, body);
    this.#attachments(node.runId);
  }

  /** What changes in a run that was sent before. One update with outputs is all that LangSmith takes, so it holds all that is known. */
  #update(node: Node): void {
    const { runId } = node;
    markSent(node, this.#body);
    this.#parts.begin('patch', runId);
    this.#place.write(node);
    this.#endMain();
    this.#content('patch', runId);
    this.#parts.field('patch', runId, Field.error, this.#body);
    this.#attachments(runId);
  }

  #attachments(runId: string): void {
    for (const { name, contentType, content } of this.#body.attachments) this.#parts.attachment(runId, name, contentType, content);
  }

  #content(operation: Operation, runId: string): void {
    this.#parts.field(operation, runId, Field.inputs, this.#body);
    this.#parts.field(operation, runId, Field.outputs, this.#body);
    this.#parts.field(operation, runId, Field.events, this.#body);
  }

  #copy(part: PartNumber): void {
    const body = this.#body;
    this.#writer.part(body.source, body.start(part), body.end(part));
  }

  #feedback(trace: Trace, node: Node, feedback: FeedbackDraft): void {
    const { id, fields } = feedback;
    const inside = fields[0] === openBrace ? fields.subarray(1, fields.length - 1) : fields;
    this.#parts.begin('feedback', id);
    this.#writer.bare(subjectOf(trace, node, feedback));
    if (inside.length > 0) this.#writer.ascii(',');
    this.#writer.raw(inside);
    this.#writer.ascii('}');
    this.#parts.end();
  }

  get items(): readonly SealedItem[] {
    return this.#items;
  }

  /** All parts so far, without the closing delimiter. */
  segments(): Bytes {
    return this.#parts.finish();
  }

  finish(): Bytes {
    return this.#parts.finish(closingOf(this.#boundary));
  }
}
