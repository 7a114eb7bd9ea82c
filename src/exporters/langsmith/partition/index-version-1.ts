/**
 * Chunks of the trace index in journals of format 1: versions of Spanway that know no other read and write there, too.
 *
 *   behind the head: u32 count · nodes; then, if anything is left, u32 count · each span that was left out: span, parent, u8 parent is remote
 *
 * Each node stands for itself. Texts have a u32 of their length before them.
 */
import type { FilteredSpan } from '../../../model/draft.ts';
import type { JoinedLog, Node } from '../assemble/trace.ts';
import { noLogs } from '../assemble/waiting-logs.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { noNames, readNames, readThread, writeNames, writeThread } from './draft-codec.ts';
import type { StoredNode } from './index-node.ts';

const flag = { agent: 1, prefix: 2, logs: 4, names: 8 } as const;
/** The marks' low byte has a place of its own; the four bits above stand over the flags. */
const marksAbove = 4;

export function writeNodes(writer: ByteWriter, nodes: readonly Node[]): void {
  writer.u32(nodes.length);
  for (const node of nodes) writeNode(writer, node);
}

function writeNode(writer: ByteWriter, node: Node): void {
  const { marks, logs, names, tree } = node;
  writer.u8(flagsOf(node) | ((marks >> 8) << marksAbove));
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
  writer.text(tree.traceRunId);
  writer.text(tree.project);
  writer.text(tree.projectId);
  if (logs.length > 0) writeLogs(writer, logs);
  if (names.length > 0) writeNames(writer, names);
}

function flagsOf({ agent, prefix, logs, names }: Node): number {
  return (
    (agent ? flag.agent : 0) |
    (prefix === undefined ? 0 : flag.prefix) |
    (logs.length === 0 ? 0 : flag.logs) |
    (names.length === 0 ? 0 : flag.names)
  );
}

function writeLogs(writer: ByteWriter, logs: readonly JoinedLog[]): void {
  writer.u32(logs.length);
  for (const { hash, entry, position } of logs) {
    writer.u32(hash);
    writer.text(entry);
    writer.u32(position);
  }
}

export function writeFiltered(writer: ByteWriter, spans: readonly FilteredSpan[]): void {
  writer.u32(0);
  writer.u32(spans.length);
  for (const { spanId, parentSpanId, parentRemote } of spans) {
    writer.text(spanId);
    writer.text(parentSpanId);
    writer.u8(parentRemote ? 1 : 0);
  }
}

export function readNodes(reader: ByteReader): StoredNode[] {
  const nodes: StoredNode[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) nodes.push(readNode(reader));
  return nodes;
}

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
    traceRunId: reader.text(),
    project: reader.text(),
    projectId: reader.text(),
    logs: (flags & flag.logs) === 0 ? noLogs : readLogs(reader),
    names: (flags & flag.names) === 0 ? noNames : readNames(reader),
  };
}

function readLogs(reader: ByteReader): readonly JoinedLog[] {
  const logs: JoinedLog[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) logs.push({ hash: reader.u32(), entry: reader.text(), position: reader.u32() });
  return logs;
}

export function readFiltered(reader: ByteReader, traceId: string): FilteredSpan[] {
  const spans: FilteredSpan[] = [];
  for (let left = reader.u32(); left > 0; left -= 1)
    spans.push({ traceId, spanId: reader.text(), parentSpanId: reader.text(), parentRemote: reader.u8() === 1 });
  return spans;
}
