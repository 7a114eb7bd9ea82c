/**
 * The multipart body of a batch (langsmith-ingest §2): per run its main part, then inputs, outputs, events, extra, error, serialized,
 * attachments and feedback. Bodies are spliced as bytes, never parsed. Every part declares its exact length.
 */
import { type Bytes, bytes, noBytes } from '../../../model/bytes.ts';
import { type Body, type FeedbackDraft, Mark, type Skeleton } from '../../../model/draft.ts';
import { isoText } from '../../../model/time.ts';
import { additions, endOf } from '../assemble/additions.ts';
import { dottedOrder } from '../assemble/dotted-order.ts';
import type { Node } from '../assemble/trace.ts';
import { closingOf, type SealedItem } from '../sealed-batch.ts';
import { ByteWriter } from './byte-writer.ts';
import { readBody } from './draft-codec.ts';
import type { PlacedRun } from './held-draft.ts';

type Piece = string | Bytes;

const openBrace = 0x7b;

/** Upper bound of what a run's parts add to its body: headers, ids, times and assembly's metadata, besides the dotted order. */
const overheadBytes = 4_096;
const segmentBytes = 59;

/** How large a run's parts can become at most. */
export function composedBytesMax({ node, draft }: PlacedRun): number {
  const thread = node.thread.reduce((sum, [key, value]) => sum + 6 * (key.length + value.length), 0);
  const body = draft ? draft.bytes + draft.operations * 512 : 0;
  return overheadBytes + segmentBytes * (node.depth + 1) + thread + body;
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

/** Members joined by commas, empty ones left out. */
function members(...parts: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const part of parts) {
    if (part.length === 0) continue;
    if (joined.length > 0) joined.push(',');
    joined.push(part);
  }
  return joined;
}

function mainOf(node: Node, endMicros: number, body: Body): Piece[] {
  const { runId, tree } = node;
  const ids = `"id":"${runId}","trace_id":"${tree.traceRunId}","dotted_order":"${dottedOrder(node)}"`;
  const parent = node.parentRunId === '' ? '' : `"parent_run_id":"${node.parentRunId}"`;
  const start = `"start_time":"${isoText(node.startMicros)}"`;
  const end = endMicros === 0 ? '' : `"end_time":"${isoText(endMicros)}"`;
  const session =
    tree.projectId === '' ? `"session_name":${JSON.stringify(tree.project)}` : `"session_id":${JSON.stringify(tree.projectId)}`;
  return ['{', ...members(ids, parent, start, end, session, body.main), '}'];
}

function extraOf(skeleton: Skeleton | undefined, added: string, body: Body): Piece[] {
  const usageKey = skeleton && (skeleton.marks & Mark.aggregate) !== 0 ? 'aggregated_usage_metadata' : 'usage_metadata';
  const metadata = members(body.metadata, added);
  if (body.usage.length > 0) metadata.push(metadata.length > 0 ? `,"${usageKey}":` : `"${usageKey}":`, body.usage);
  const rest = body.extra.length > 0 ? [',', body.extra] : [];
  return ['{"metadata":{', ...metadata, '}', ...rest, '}'];
}

function feedbackOf(node: Node, { id, fields }: FeedbackDraft): Piece[] {
  const inside = fields[0] === openBrace ? fields.subarray(1, fields.length - 1) : fields;
  const ids = `"id":"${id}","run_id":"${node.runId}","trace_id":"${node.tree.traceRunId}"`;
  return ['{', ...members(ids, inside), '}'];
}

export class Composer {
  readonly #boundary: string;
  readonly #writer: ByteWriter;
  readonly #items: SealedItem[] = [];

  constructor(boundary: string, sizeHint: number) {
    this.#boundary = boundary;
    this.#writer = new ByteWriter(sizeHint);
  }

  /** `record`: the draft's record; `undefined` for a synthetic root. */
  add({ trace, node, draft, story, endMicros }: PlacedRun, record: Bytes | undefined): void {
    const start = this.#writer.length;
    const body = record ? readBody(record) : syntheticBody;
    const { runId } = node;
    const skeleton = draft?.skeleton;
    const name = `post.${runId}`;
    const added = skeleton
      ? additions(skeleton, node, story, trace.marks)
      : `"spanway_orphan":"synthetic_root","OTEL_TRACE_ID":${JSON.stringify(trace.traceId)}`;
    this.#part(name, 'application/json', mainOf(node, skeleton ? endOf(skeleton, node) : endMicros, body));
    this.#value(name, 'inputs', body.inputs);
    this.#value(name, 'outputs', body.outputs);
    this.#value(name, 'events', body.events);
    this.#part(`${name}.extra`, 'application/json', extraOf(skeleton, added, body));
    this.#value(name, 'error', body.error);
    this.#value(name, 'serialized', body.serialized);
    for (const attachment of body.attachments)
      this.#part(`attachment.${runId}.${attachment.name}`, attachment.contentType, [attachment.content]);
    for (const feedback of body.feedback) this.#part(`feedback.${feedback.id}`, 'application/json', feedbackOf(node, feedback));
    const operations = 1 + body.feedback.length;
    const item: SealedItem = { runId, traceId: node.tree.traceRunId, start, end: this.#writer.length, operations };
    this.#items.push(draft ? item : { ...item, synthetic: true });
  }

  get items(): readonly SealedItem[] {
    return this.#items;
  }

  /** All parts so far, without the closing delimiter. */
  segments(): Bytes {
    return this.#writer.finish();
  }

  finish(): Bytes {
    this.#writer.bare(closingOf(this.#boundary));
    return this.#writer.finish();
  }

  #value(name: string, field: string, value: Bytes): void {
    if (value.length > 0) this.#part(`${name}.${field}`, 'application/json', [value]);
  }

  #part(name: string, contentType: string, pieces: readonly Piece[]): void {
    let length = 0;
    for (const piece of pieces) length += typeof piece === 'string' ? bytes.byteLength(piece) : piece.length;
    this.#writer.bare(
      `--${this.#boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${contentType}\r\nContent-Length: ${length}\r\n\r\n`,
    );
    for (const piece of pieces) {
      if (typeof piece === 'string') this.#writer.bare(piece);
      else this.#writer.raw(piece);
    }
    this.#writer.bare('\r\n');
  }
}
