/**
 * The multipart body of a batch (langsmith-ingest §2): per run its main part, then inputs, outputs, events, extra, error, serialized,
 * attachments and feedback. Bodies are spliced as bytes, never parsed. Every part declares its exact length.
 */
import { type Bytes, bytes, noBytes } from '../../../model/bytes.ts';
import { type Body, type FeedbackDraft, type Joined, type JoinLogs, Mark } from '../../../model/draft.ts';
import { isoText } from '../../../model/time.ts';
import { additions, additionsBelow, endOf } from '../assemble/additions.ts';
import { dottedOrder } from '../assemble/dotted-order.ts';
import { nodeBelow } from '../assemble/nodes.ts';
import type { Node } from '../assemble/trace.ts';
import { countsUsage, placeUsage } from '../assemble/usage.ts';
import { closingOf, type SealedItem } from '../sealed-batch.ts';
import { readBody } from './draft-codec.ts';
import type { PlacedRun, Trace } from './held-draft.ts';
import { type Operation, PartsWriter } from './parts-writer.ts';

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
  const thread = node.thread.reduce((sum, [key, value]) => sum + 6 * (key.length + value.length), 0);
  const body = draft ? draft.bytes + draft.operations * 512 : 0;
  const ofLogs = logs.reduce((sum, { bytes }) => sum + logGrowth * bytes, 0);
  const runs = draft ? 1 : 2;
  return runs * (overheadBytes + segmentBytes * (node.depth + runs) + thread) + body + ofLogs;
}

/** Operations that a run can become at most: itself and its feedback; a change also a run for what it cannot take. */
export function operationsMax({ draft, logs }: PlacedRun): number {
  return logs.reduce((sum, { operations }) => sum + operations - 1, draft?.operations ?? 2);
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

function placeOf(node: Node): string {
  const { runId, tree, parentRunId } = node;
  const ids = `{"id":"${runId}","trace_id":"${tree.traceRunId}","dotted_order":"${dottedOrder(node)}"`;
  return parentRunId === '' ? ids : `${ids},"parent_run_id":"${parentRunId}"`;
}

function mainOf(node: Node, endMicros: number): string {
  const { tree, startMicros } = node;
  const place = `${placeOf(node)},"start_time":"${isoText(startMicros)}"`;
  const session =
    tree.projectId === '' ? `"session_name":${JSON.stringify(tree.project)}` : `"session_id":${JSON.stringify(tree.projectId)}`;
  return endMicros === 0 ? `${place},${session}` : `${place},"end_time":"${isoText(endMicros)}",${session}`;
}

/** What feedback is about. Of a run that is not known here, nobody knows the trace. */
function subjectOf(trace: Trace, node: Node, { id, runId }: FeedbackDraft): string {
  const { traceRunId } = node.tree;
  if (runId === 'trace') return `{"id":"${id}","run_id":"${traceRunId}","trace_id":"${traceRunId}"`;
  const about = runId === undefined ? node : trace.run(runId);
  const traceId = about ? `,"trace_id":"${about.tree.traceRunId}"` : '';
  return `{"id":"${id}","run_id":"${about?.runId ?? runId}"${traceId}`;
}

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
function markSent(node: Node, { inputs, outputs, error, events }: Body): void {
  if (inputs.length > voidBytes) node.marks |= Mark.inputs;
  if (outputs.length > voidBytes) node.marks |= Mark.outputs;
  if (error.length > 0) node.marks |= Mark.error;
  if (events.length > 0) node.marks |= Mark.events;
}

/** A run that stands for so many spans and log records; one that stands for none was made by assembly. */
export function receivedAsPost(items: number): Pick<SealedItem, 'synthetic' | 'logs'> {
  if (items === 0) return { synthetic: true };
  return items === 1 ? {} : { logs: items - 1 };
}

function isEmpty({ inputs, outputs, error, events, feedback }: Body): boolean {
  return inputs.length + outputs.length + error.length + events.length + feedback.length === 0;
}

export class Composer {
  readonly #boundary: string;
  readonly #parts: PartsWriter;
  readonly #items: SealedItem[] = [];
  readonly #joinLogs: JoinLogs;

  constructor(boundary: string, room: number | Bytes, joinLogs: JoinLogs) {
    this.#boundary = boundary;
    this.#joinLogs = joinLogs;
    this.#parts = new PartsWriter(boundary, room);
  }

  /** `record`: the draft's record, if there is a draft. `logs`: log records of its span. Returns whether there is anything to send. */
  add(run: PlacedRun, record: Bytes | undefined, logs: readonly Bytes[]): boolean {
    const { trace, node, draft } = run;
    if (run.logs.length > 0 && !draft) return logs.length > 0 && this.#change(run, logs);
    const start = this.#parts.length;
    const own = record ? readBody(record) : undefined;
    const body = logs.length > 0 ? this.#joined(run, own, logs).body : (own ?? syntheticBody);
    this.#post(run, body);
    this.#item(trace, node, body, start, {
      ...(draft ? {} : { synthetic: true }),
      ...(run.logs.length > 0 ? { logs: run.logs.length } : {}),
    });
    return true;
  }

  /** What log records change in a run that was sent before, and a run below it for what it cannot take any more. */
  #change(run: PlacedRun, logs: readonly Bytes[]): boolean {
    const { trace, node } = run;
    const { body, rest } = this.#joined(run, undefined, logs);
    const changes = !isEmpty(body);
    if (changes) {
      const start = this.#parts.length;
      this.#update(node, body);
      this.#item(trace, node, body, start, { synthetic: true, logs: run.logs.length });
    }
    if (rest) {
      const start = this.#parts.length;
      const below = nodeBelow(node, `${trace.traceId}:${run.logs[0]?.skeleton.spanId}`);
      this.#run(below, below.startMicros, rest, additionsBelow(below, trace.traceId));
      this.#item(trace, below, rest, start, receivedAsPost(changes ? 0 : run.logs.length));
    }
    return changes || rest !== undefined;
  }

  #item(trace: Trace, node: Node, { feedback }: Body, start: number, received: Pick<SealedItem, 'synthetic' | 'logs'>): void {
    for (const each of feedback) this.#feedback(trace, node, each);
    const { runId, tree } = node;
    this.#items.push({ runId, traceId: tree.traceRunId, start, end: this.#parts.length, operations: 1 + feedback.length, ...received });
  }

  #joined({ trace, node, logs: all }: PlacedRun, own: Body | undefined, logs: readonly Bytes[]): Joined {
    const { spanId, runId, marks } = node;
    const joinedBefore = node.logs.length > all.length;
    const joined = this.#joinLogs({ traceId: trace.traceId, spanId, runId, marks, joinedBefore }, own, logs);
    node.marks |= joined.marks;
    if (joined.marks !== 0) placeUsage(node);
    return joined;
  }

  #post({ trace, node, draft, story, endMicros }: PlacedRun, body: Body): void {
    const skeleton = draft?.skeleton;
    const added = skeleton
      ? additions(skeleton, node, story, trace.marks)
      : `"spanway_orphan":"synthetic_root","OTEL_TRACE_ID":${JSON.stringify(trace.traceId)}`;
    const isForeign = (trace.marks & Mark.foreign) !== 0 && (node.marks & Mark.format) !== 0;
    markSent(node, body);
    this.#run(
      node,
      skeleton ? endOf(skeleton, node) : endMicros,
      isForeign ? { ...body, metadata: withoutFormat(body.metadata) } : body,
      added,
    );
  }

  #run(node: Node, endMicros: number, body: Body, added: string): void {
    const { runId } = node;
    this.#object('post', runId, mainOf(node, endMicros), body.main);
    this.#content('post', runId, body);
    this.#extra(node, added, body);
    this.#parts.field('post', runId, 'error', body.error);
    this.#parts.field('post', runId, 'serialized', body.serialized);
    this.#attachments(runId, body);
  }

  /** What changes in a run that was sent before. One update with outputs is all that LangSmith takes, so it holds all that is known. */
  #update(node: Node, body: Body): void {
    const { runId } = node;
    markSent(node, body);
    this.#object('patch', runId, placeOf(node), body.main);
    this.#content('patch', runId, body);
    this.#parts.field('patch', runId, 'error', body.error);
    this.#attachments(runId, body);
  }

  #attachments(runId: string, { attachments }: Body): void {
    for (const { name, contentType, content } of attachments) this.#parts.attachment(runId, name, contentType, content);
  }

  #content(operation: Operation, runId: string, { inputs, outputs, events }: Body): void {
    const parts = this.#parts;
    parts.field(operation, runId, 'inputs', inputs);
    parts.field(operation, runId, 'outputs', outputs);
    parts.field(operation, runId, 'events', events);
  }

  #feedback(trace: Trace, node: Node, feedback: FeedbackDraft): void {
    const { id, fields } = feedback;
    const inside = fields[0] === openBrace ? fields.subarray(1, fields.length - 1) : fields;
    this.#object('feedback', id, subjectOf(trace, node, feedback), inside);
  }

  /** A part of JSON: `before`, which begins an object and has members, then the other members. */
  #object(operation: Operation, id: string, before: string, members: Bytes): void {
    const parts = this.#parts;
    const more = members.length > 0 ? 1 + members.length : 0;
    parts.open(operation, id, undefined, bytes.byteLength(before) + more + 1);
    parts.text(more > 0 ? `${before},` : before);
    parts.raw(members);
    parts.text('}');
    parts.end();
  }

  #extra(node: Node, added: string, { metadata, usage, extra }: Body): void {
    const parts = this.#parts;
    const usageKey = countsUsage(node) ? '"usage_metadata":' : '"aggregated_usage_metadata":';
    const middle = metadata.length > 0 && added !== '' ? `,${added}` : added;
    const has = metadata.length + middle.length > 0;
    const beforeUsage = usage.length === 0 ? '' : has ? `,${usageKey}` : usageKey;
    const after = extra.length > 0 ? '},' : '}';
    const texts = `${middle}${beforeUsage}`;
    const length = metadataOpen.length + metadata.length + bytes.byteLength(texts) + usage.length + after.length + extra.length + 1;
    parts.open('post', node.runId, 'extra', length);
    parts.raw(metadataOpen);
    parts.raw(metadata);
    if (texts !== '') parts.text(texts);
    parts.raw(usage);
    parts.text(after);
    parts.raw(extra);
    parts.text('}');
    parts.end();
  }

  get items(): readonly SealedItem[] {
    return this.#items;
  }

  /** All parts so far, without the closing delimiter. */
  segments(): Bytes {
    return this.#parts.finish();
  }

  finish(): Bytes {
    this.#parts.text(closingOf(this.#boundary));
    return this.#parts.finish();
  }
}
