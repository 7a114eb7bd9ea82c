/**
 * A node of the trace index, told by what the one before it does not say: runs of a trace that are sealed together have their entry, tree, thread and
 * mostly a parent in common. An ordinary run takes 20 to 60 bytes.
 *
 *   u8 flags (`flag`) · u8 marks, low byte · u8 their four bits above, and `rare` over them
 *   start, µs: varint of the difference, folded (2d; -2d - 1 below zero), or f64 · varint depth · u32 hash · varint position · span id
 *   what the flags do not leave out: run id · parent run id · entry · trace run id, project, project id · thread
 *   what is rare: prefix · what it continues · log records · names
 *
 * Ids stand as `id-codec.ts` says, other texts as `index-text.ts` does; projects are whole, with a varint of their length before them.
 */
import { runIdOfSpan } from '../../../model/ids.ts';
import { isMadeFrom } from '../assemble/run-ids.ts';
import { isSameThread, type Node, type Thread } from '../assemble/trace.ts';
import { noLogs } from '../assemble/waiting-logs.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { noNames } from './draft-codec.ts';
import { readId, writeId } from './id-codec.ts';
import { readAlike, readLogs, readNames, readThread, writeAlike, writeLogs, writeNames, writeThread } from './index-text.ts';

/** Its tree's facts are its own, its parent is an id; nothing that begins anew with each owner. */
export type StoredNode = Omit<Node, 'tree' | 'parent' | 'usageBelow' | 'usageAbove' | 'sealed'> & {
  readonly traceRunId: string;
  readonly project: string;
  readonly projectId: string;
};

const flag = {
  agent: 1,
  /** Its start is an f64: no whole number of microseconds, or too far away. */
  farStart: 2,
  /** It has what the node before has. */
  sameEntry: 4,
  sameTree: 8,
  sameThread: 16,
  sameParent: 32,
  /** The node before is its parent. */
  below: 64,
  /** Its run id is made from its span id. */
  madeRunId: 128,
} as const;
const rare = { prefix: 16, continues: 32, logs: 64, names: 128 } as const;
const marksAbove = 0x0f;
/** Folded, a difference below it fits a varint. */
const differenceEnd = 2 ** 52;
const noThread: Thread = [];

/** `former`: the node before it in the chunk. `sealedMicros`: when the chunk was sealed; from there on the first node's start is told. */
export function writeNode(writer: ByteWriter, node: Node, former: Node | undefined, sealedMicros: number): void {
  const near = former?.startMicros ?? sealedMicros;
  const flags = flagsOf(node, former, near);
  writer.u8(flags);
  writer.u8(node.marks & 0xff);
  writer.u8((node.marks >> 8) | rareOf(node));
  if ((flags & flag.farStart) === 0) writer.varint(folded(node.startMicros - near));
  else writer.f64(node.startMicros);
  writer.varint(node.depth);
  writer.u32(node.hash);
  writer.varint(node.position);
  writeId(writer, node.spanId);
  if ((flags & flag.madeRunId) === 0) writeId(writer, node.runId);
  if ((flags & (flag.sameParent | flag.below)) === 0) writeId(writer, node.parentRunId);
  if ((flags & flag.sameEntry) === 0) writeAlike(writer, node.entry, former?.entry);
  if ((flags & flag.sameTree) === 0) writeTree(writer, node);
  if ((flags & flag.sameThread) === 0) writeThread(writer, node.thread, former?.thread ?? noThread);
  writeRare(writer, node, former);
}

function flagsOf(node: Node, former: Node | undefined, nearMicros: number): number {
  const { startMicros, spanId, runId, parentRunId, entry, tree, thread } = node;
  return (
    (node.agent ? flag.agent : 0) |
    (isNear(startMicros, nearMicros) ? 0 : flag.farStart) |
    (entry === former?.entry ? flag.sameEntry : 0) |
    (tree === former?.tree ? flag.sameTree : 0) |
    (thread === former?.thread || isSameThread(thread, former?.thread ?? noThread) ? flag.sameThread : 0) |
    (parentRunId === former?.parentRunId ? flag.sameParent : 0) |
    (parentRunId === former?.runId ? flag.below : 0) |
    (isMadeFrom(spanId, runId) ? flag.madeRunId : 0)
  );
}

function rareOf({ prefix, continues, logs, names }: Node): number {
  return (
    (prefix === undefined ? 0 : rare.prefix) |
    (continues === '' ? 0 : rare.continues) |
    (logs.length === 0 ? 0 : rare.logs) |
    (names.length === 0 ? 0 : rare.names)
  );
}

/** Whether the difference gives back the start exactly. */
function isNear(startMicros: number, nearMicros: number): boolean {
  const difference = startMicros - nearMicros;
  return Number.isInteger(difference) && Math.abs(difference) < differenceEnd && nearMicros + difference === startMicros;
}

function folded(difference: number): number {
  return difference < 0 ? -2 * difference - 1 : 2 * difference;
}

function unfolded(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function writeTree(writer: ByteWriter, { tree }: Node): void {
  writeId(writer, tree.traceRunId);
  writer.brief(tree.project);
  writer.brief(tree.projectId);
}

function writeRare(writer: ByteWriter, { prefix, continues, logs, names, entry }: Node, former: Node | undefined): void {
  if (prefix !== undefined) writeAlike(writer, prefix, former?.prefix);
  if (continues !== '') writeId(writer, continues);
  if (logs.length > 0) writeLogs(writer, logs, entry);
  if (names.length > 0) writeNames(writer, names, former?.names ?? noNames);
}

/** What `writeNode` wrote behind the same former node. Throws a `RangeError` if it is cut. */
export function readNode(reader: ByteReader, former: StoredNode | undefined, sealedMicros: number): StoredNode {
  const flags = reader.u8();
  const marks = reader.u8();
  const above = reader.u8();
  const startMicros = (flags & flag.farStart) === 0 ? (former?.startMicros ?? sealedMicros) + unfolded(reader.varint()) : reader.f64();
  const depth = reader.varint();
  const hash = reader.u32();
  const position = reader.varint();
  const spanId = readId(reader);
  const runId = (flags & flag.madeRunId) === 0 ? readId(reader) : runIdOfSpan(spanId);
  const parentRunId = readParent(reader, flags, former);
  const entry = (flags & flag.sameEntry) === 0 ? readAlike(reader, former?.entry) : (former?.entry ?? '');
  const sameTree = (flags & flag.sameTree) !== 0;
  return {
    spanId,
    runId,
    parentRunId,
    startMicros,
    depth,
    agent: (flags & flag.agent) !== 0,
    marks: marks | ((above & marksAbove) << 8),
    hash,
    position,
    entry,
    traceRunId: sameTree ? (former?.traceRunId ?? '') : readId(reader),
    project: sameTree ? (former?.project ?? '') : reader.brief(),
    projectId: sameTree ? (former?.projectId ?? '') : reader.brief(),
    thread: (flags & flag.sameThread) === 0 ? readThread(reader, former?.thread ?? noThread) : (former?.thread ?? noThread),
    prefix: (above & rare.prefix) === 0 ? undefined : readAlike(reader, former?.prefix),
    continues: (above & rare.continues) === 0 ? '' : readId(reader),
    logs: (above & rare.logs) === 0 ? noLogs : readLogs(reader, entry),
    names: (above & rare.names) === 0 ? noNames : readNames(reader, former?.names ?? noNames),
  };
}

function readParent(reader: ByteReader, flags: number, former: StoredNode | undefined): string {
  if ((flags & flag.sameParent) !== 0) return former?.parentRunId ?? '';
  if ((flags & flag.below) !== 0) return former?.runId ?? '';
  return readId(reader);
}
