/**
 * The trace index: which runs of a trace are sealed, and where they stand. One chunk per trace and batch (a run that was changed stands in two):
 * `u8 version · f64 sealed at, ms · u32 count · nodes`, each node with its tree's facts, so a trace is rebuilt from its chunks in any order. Spans that were
 * left out on purpose stand in chunks of their own, behind no nodes: `u32 count · each: span, parent (texts), u8 parent is remote`.
 */
import type { Bytes } from '../../../model/bytes.ts';
import type { FilteredSpan } from '../../../model/draft.ts';
import { type Arrival, type JoinedLog, type Node, type Trace, Tree } from '../assemble/trace.ts';
import { noLogs } from '../assemble/waiting-logs.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { noNames, readNames, readThread, writeNames, writeThread } from './draft-codec.ts';

const version = 1;
/** The marks' low byte has a place of its own; the four bits above stand over the flags. */
const flag = { agent: 1, prefix: 2, logs: 4, names: 8 } as const;
const marksAbove = 4;
const headBytes = 9;

/** One chunk per list of nodes, as ranges of one buffer: a batch has runs of many traces. */
export function encodeChunks(lists: readonly (readonly Node[])[], sealedAtMs: number): readonly Bytes[] {
  let nodes = 0;
  for (const list of lists) nodes += list.length;
  const writer = new ByteWriter(32 * lists.length + nodes * 256);
  const ends = lists.map((list) => {
    writeChunk(writer, list, sealedAtMs);
    return writer.length;
  });
  return ends.map((end, at) => writer.range(ends[at - 1] ?? 0, end));
}

function writeChunk(writer: ByteWriter, nodes: readonly Node[], sealedAtMs: number): void {
  writer.u8(version);
  writer.f64(sealedAtMs);
  writer.u32(nodes.length);
  for (const node of nodes) writeNode(writer, node);
}

export function encodeFiltered(spans: readonly FilteredSpan[], atMs: number): Bytes {
  const writer = new ByteWriter(32 + spans.length * 64);
  writer.u8(version);
  writer.f64(atMs);
  writer.u32(0);
  writer.u32(spans.length);
  for (const { spanId, parentSpanId, parentRemote } of spans) {
    writer.text(spanId);
    writer.text(parentSpanId);
    writer.u8(parentRemote ? 1 : 0);
  }
  return writer.finish();
}

function writeNode(writer: ByteWriter, node: Node): void {
  const { marks, logs, names } = node;
  const flags =
    (node.agent ? flag.agent : 0) |
    (node.prefix === undefined ? 0 : flag.prefix) |
    (logs.length === 0 ? 0 : flag.logs) |
    (names.length === 0 ? 0 : flag.names);
  writer.u8(flags | ((marks >> 8) << marksAbove));
  writer.u8(marks & 0xff);
  writer.f64(node.startMicros);
  writer.u32(node.depth);
  writer.u32(node.hash);
  writer.u32(node.position);
  writer.text(node.entry);
  writer.text(node.spanId);
  writer.text(node.runId);
  writer.text(node.parentRunId);
  writer.text(node.prefix ?? '');
  writer.text(node.continues);
  writeThread(writer, node.thread);
  writer.text(node.tree.traceRunId);
  writer.text(node.tree.project);
  writer.text(node.tree.projectId);
  if (logs.length > 0) writeLogs(writer, logs);
  if (names.length > 0) writeNames(writer, names);
}

function writeLogs(writer: ByteWriter, logs: readonly JoinedLog[]): void {
  writer.u32(logs.length);
  for (const { hash, entry, position } of logs) {
    writer.u32(hash);
    writer.text(entry);
    writer.u32(position);
  }
}

function readLogs(reader: ByteReader): readonly JoinedLog[] {
  const logs: JoinedLog[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) logs.push({ hash: reader.u32(), entry: reader.text(), position: reader.u32() });
  return logs;
}

export type StoredNode = Omit<Node, 'tree' | 'parent'> & {
  readonly traceRunId: string;
  readonly project: string;
  readonly projectId: string;
};

function readNode(reader: ByteReader): StoredNode {
  const flags = reader.u8();
  const marks = reader.u8() | ((flags >> marksAbove) << 8);
  const startMicros = reader.f64();
  const depth = reader.u32();
  const hash = reader.u32();
  const position = reader.u32();
  const entry = reader.text();
  const spanId = reader.text();
  const runId = reader.text();
  const parentRunId = reader.text();
  const prefix = reader.text();
  return {
    spanId,
    runId,
    parentRunId,
    prefix: (flags & flag.prefix) === 0 ? undefined : prefix,
    startMicros,
    depth,
    continues: reader.text(),
    thread: readThread(reader),
    agent: (flags & flag.agent) !== 0,
    marks,
    hash,
    entry,
    position,
    sealed: true,
    traceRunId: reader.text(),
    project: reader.text(),
    projectId: reader.text(),
    usageBelow: false,
    usageAbove: false,
    logs: (flags & flag.logs) === 0 ? noLogs : readLogs(reader),
    names: (flags & flag.names) === 0 ? noNames : readNames(reader),
  };
}

/** When the chunk was sealed, ms since the epoch; 0 if it cannot be read. */
export function chunkTime(chunk: Bytes): number {
  return chunk.length < headBytes ? 0 : new ByteReader(chunk, 1).f64();
}

/**
 * Adds the nodes of all chunks to the trace, parents first. A chunk that cannot be read, and a node whose parent's chunk cannot, is left out: its place cannot be told.
 * A run that said its own place needs no parent.
 */
export function restoreNodes<A extends Arrival>(trace: Trace<A>, chunks: readonly Bytes[]): void {
  const below = new Map<string, StoredNode[]>();
  const ready: StoredNode[] = [];
  const latest = new Map<string, StoredNode>();
  for (const chunk of chunks) {
    const { nodes, filtered } = readableChunk(chunk, trace.traceId);
    for (const node of nodes) latest.set(node.spanId, node);
    for (const span of filtered) trace.filtered.set(span.spanId, span);
  }
  for (const node of latest.values()) {
    const siblings = below.get(node.parentRunId);
    if (node.parentRunId === '' || node.prefix !== undefined) ready.push(node);
    else if (siblings) siblings.push(node);
    else below.set(node.parentRunId, [node]);
  }
  for (let node = ready.pop(); node; node = ready.pop()) {
    trace.add(restored(trace, node));
    for (const child of below.get(node.runId) ?? []) ready.push(child);
  }
  linkContinuations(trace);
}

/** None of a chunk that cannot be read. */
export function readableNodes(chunk: Bytes): readonly StoredNode[] {
  return readableChunk(chunk, '').nodes;
}

interface Chunk {
  readonly nodes: readonly StoredNode[];
  readonly filtered: readonly FilteredSpan[];
}

const nothing: Chunk = { nodes: [], filtered: [] };

function readableChunk(chunk: Bytes, traceId: string): Chunk {
  try {
    return readChunk(chunk, traceId);
  } catch {
    return nothing;
  }
}

function readChunk(chunk: Bytes, traceId: string): Chunk {
  const reader = new ByteReader(chunk, headBytes);
  const nodes: StoredNode[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) nodes.push(readNode(reader));
  const filtered: FilteredSpan[] = [];
  if (reader.at < chunk.length)
    for (let left = reader.u32(); left > 0; left -= 1)
      filtered.push({ traceId, spanId: reader.text(), parentSpanId: reader.text(), parentRemote: reader.u8() === 1 });
  return { nodes, filtered };
}

function restored<A extends Arrival>(trace: Trace<A>, stored: StoredNode): Node {
  const { traceRunId, project, projectId, ...facts } = stored;
  const tree = trace.trees.get(traceRunId) ?? new Tree(traceRunId, project, projectId);
  return { ...facts, parent: stored.prefix === undefined ? trace.run(stored.parentRunId) : undefined, tree };
}

function linkContinuations<A extends Arrival>(trace: Trace<A>): void {
  for (const { top } of trace.trees.values()) {
    if (!top || top.continues === '') continue;
    const former = trace.trees.get(top.continues);
    if (former) former.continuation = top.tree;
  }
}
