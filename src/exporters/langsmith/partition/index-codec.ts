/**
 * The trace index: which runs of a trace are sealed, and where they stand. One chunk per trace and batch (a run that was changed stands in two). Each chunk
 * has its tree's facts, so a trace is rebuilt from its chunks in any order.
 *
 *   u8 version · f64 sealed at, ms · varint count · nodes (`index-node.ts`)
 *
 * Spans that were left out on purpose stand in chunks of their own, behind no nodes:
 *
 *   varint count · each: span id · parent span id · u8 parent is remote
 *
 * Chunks of version 1 (`index-version-1.ts`) are read in any journal, and written in those of format 1.
 */
import type { Bytes } from '../../../model/bytes.ts';
import type { FilteredSpan } from '../../../model/draft.ts';
import type { Node } from '../assemble/trace.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readId, writeId } from './id-codec.ts';
import { readNode, type StoredNode, writeNode } from './index-node.ts';
import * as version1 from './index-version-1.ts';

const headBytes = 9;
type Version = 1 | 2;

/** Of a chunk, and of a node or span in it, usually; more room is made where it is needed. */
const chunkRoom = 96;
const eachRoom: Readonly<Record<Version, number>> = { 1: 256, 2: 32 };

/** What journals of a format have. */
function versionIn(format: number): Version {
  return format === 1 ? 1 : 2;
}

/** One chunk per list of nodes, as ranges of one buffer: a batch has runs of many traces. `format`: the journal's. */
export function encodeChunks(lists: readonly (readonly Node[])[], sealedAtMs: number, format: number): readonly Bytes[] {
  const version = versionIn(format);
  let nodes = 0;
  for (const list of lists) nodes += list.length;
  const writer = new ByteWriter(lists.length * chunkRoom + nodes * eachRoom[version]);
  const ends = lists.map((list) => {
    writeHead(writer, version, sealedAtMs);
    if (version === 1) version1.writeNodes(writer, list);
    else writeNodes(writer, list, sealedAtMs * 1_000);
    return writer.length;
  });
  return ends.map((end, at) => writer.range(ends[at - 1] ?? 0, end));
}

export function encodeFiltered(spans: readonly FilteredSpan[], atMs: number, format: number): Bytes {
  const version = versionIn(format);
  const writer = new ByteWriter(chunkRoom + spans.length * eachRoom[version]);
  writeHead(writer, version, atMs);
  if (version === 1) version1.writeFiltered(writer, spans);
  else writeFiltered(writer, spans);
  return writer.finish();
}

function writeHead(writer: ByteWriter, version: Version, sealedAtMs: number): void {
  writer.u8(version);
  writer.f64(sealedAtMs);
}

function writeNodes(writer: ByteWriter, nodes: readonly Node[], sealedMicros: number): void {
  writer.varint(nodes.length);
  let former: Node | undefined;
  for (const node of nodes) {
    writeNode(writer, node, former, sealedMicros);
    former = node;
  }
}

function writeFiltered(writer: ByteWriter, spans: readonly FilteredSpan[]): void {
  writer.varint(0);
  writer.varint(spans.length);
  for (const { spanId, parentSpanId, parentRemote } of spans) {
    writeId(writer, spanId);
    writeId(writer, parentSpanId);
    writer.u8(parentRemote ? 1 : 0);
  }
}

/** When the chunk was sealed, ms since the epoch; 0 if it cannot be read. */
export function chunkTime(chunk: Bytes): number {
  return chunk.length < headBytes ? 0 : new ByteReader(chunk, 1).f64();
}

export interface Chunk {
  readonly nodes: readonly StoredNode[];
  readonly filtered: readonly FilteredSpan[];
}

const nothing: Chunk = { nodes: [], filtered: [] };

/** Holds nothing if it cannot be read. `traceId`: whose chunk it is. */
export function readableChunk(chunk: Bytes, traceId: string): Chunk {
  try {
    return readChunk(new ByteReader(chunk), traceId);
  } catch {
    return nothing;
  }
}

/** None of a chunk that cannot be read. */
export function readableNodes(chunk: Bytes): readonly StoredNode[] {
  return readableChunk(chunk, '').nodes;
}

function readChunk(reader: ByteReader, traceId: string): Chunk {
  const version = reader.u8();
  const sealedAtMs = reader.f64();
  if (version !== 1 && version !== 2) throw new RangeError(`cannot read chunk: it has version ${version}`);
  const nodes = version === 1 ? version1.readNodes(reader) : readNodes(reader, sealedAtMs * 1_000);
  if (reader.at === reader.source.length) return { nodes, filtered: [] };
  return { nodes, filtered: version === 1 ? version1.readFiltered(reader, traceId) : readFiltered(reader, traceId) };
}

function readNodes(reader: ByteReader, sealedMicros: number): StoredNode[] {
  const nodes: StoredNode[] = [];
  for (let left = reader.varint(); left > 0; left -= 1) nodes.push(readNode(reader, nodes.at(-1), sealedMicros));
  return nodes;
}

function readFiltered(reader: ByteReader, traceId: string): FilteredSpan[] {
  const spans: FilteredSpan[] = [];
  for (let left = reader.varint(); left > 0; left -= 1)
    spans.push({ traceId, spanId: readId(reader), parentSpanId: readId(reader), parentRemote: reader.u8() === 1 });
  return spans;
}
