/**
 * The trace index: which runs of a trace are sealed, and where they stand. One chunk per trace and batch:
 * `u8 version · f64 sealed at, ms · u32 count · nodes`, each node with its tree's facts, so a trace is rebuilt from its chunks in any order.
 */
import type { Bytes } from '../../../model/bytes.ts';
import { type Arrival, type Node, type Trace, Tree } from '../assemble/trace.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readThread, writeThread } from './draft-codec.ts';

const version = 1;
const flag = { agent: 1, prefix: 2 } as const;
const headBytes = 9;

export function encodeChunk(nodes: readonly Node[], sealedAtMs: number): Bytes {
  const writer = new ByteWriter(32 + nodes.length * 256);
  writer.u8(version);
  writer.f64(sealedAtMs);
  writer.u32(nodes.length);
  for (const node of nodes) writeNode(writer, node);
  return writer.finish();
}

function writeNode(writer: ByteWriter, node: Node): void {
  writer.u8((node.agent ? flag.agent : 0) | (node.prefix === undefined ? 0 : flag.prefix));
  writer.u8(node.marks);
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
}

type StoredNode = Omit<Node, 'tree' | 'parent'> & { readonly traceRunId: string; readonly project: string; readonly projectId: string };

function readNode(reader: ByteReader): StoredNode {
  const flags = reader.u8();
  const marks = reader.u8();
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
  for (const node of chunks.flatMap(readableNodes)) {
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

function readableNodes(chunk: Bytes): StoredNode[] {
  try {
    return readChunk(chunk);
  } catch {
    return [];
  }
}

function readChunk(chunk: Bytes): StoredNode[] {
  const reader = new ByteReader(chunk, headBytes);
  const nodes: StoredNode[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) nodes.push(readNode(reader));
  return nodes;
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
