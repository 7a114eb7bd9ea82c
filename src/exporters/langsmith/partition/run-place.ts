/** A run's place in its tree, as the members of its main part that only assembly knows. */
import { bytes, noBytes } from '../../../model/bytes.ts';
import type { Node } from '../assemble/trace.ts';
import { ByteWriter } from './byte-writer.ts';
import { writeDottedSegment } from './time-text.ts';

const id = bytes.from('{"id":"');
const traceId = bytes.from('","trace_id":"');
const dottedOrder = bytes.from('","dotted_order":"');
const parentId = bytes.from('","parent_run_id":"');
/** Of runs that are not deeper than six. */
const roomBytes = 512;

/** `{"id":…,"trace_id":…,"dotted_order":…`, and its parent, if it has one. Runs below the same parent, which mostly come together, differ in little. */
export class PlaceWriter {
  readonly #writer: ByteWriter;
  readonly #room = new ByteWriter(roomBytes);
  #parent: Node | undefined;
  /** What runs below that parent have between their id and their own segment, and behind it. */
  #above = noBytes;
  #behind = noBytes;

  constructor(writer: ByteWriter) {
    this.#writer = writer;
  }

  write(node: Node): void {
    const writer = this.#writer;
    const { prefix, parent, startMicros, runId } = node;
    const isBelow = parent !== undefined && prefix === undefined;
    if (isBelow && parent !== this.#parent) this.#setParent(parent, node);
    writer.raw(id);
    writer.ascii(runId);
    if (isBelow) writer.raw(this.#above);
    else writeAbove(writer, node);
    writeDottedSegment(writer, startMicros, runId);
    if (isBelow) writer.raw(this.#behind);
    else writeBehind(writer, node);
  }

  #setParent(parent: Node, node: Node): void {
    const room = this.#room;
    room.clear();
    writeAbove(room, node);
    const { length } = room;
    writeBehind(room, node);
    this.#above = room.range(0, length);
    this.#behind = room.range(length, room.length);
    this.#parent = parent;
  }
}

function writeAbove(writer: ByteWriter, { tree, prefix, parent }: Node): void {
  writer.raw(traceId);
  writer.ascii(tree.traceRunId);
  writer.raw(dottedOrder);
  writePrefix(writer, prefix, parent);
}

function writeBehind(writer: ByteWriter, { parentRunId }: Node): void {
  if (parentRunId !== '') {
    writer.raw(parentId);
    writer.ascii(parentRunId);
  }
  writer.ascii('"');
}

/**
 * It is not kept: it is as long as the run is deep, so a chain would keep the square of its length. Walking up costs one segment per ancestor, once per
 * parent, and makes the parent's own dotted order the prefix, byte by byte.
 */
function writeDottedOrder(writer: ByteWriter, { prefix, parent, startMicros, runId }: Node): void {
  writePrefix(writer, prefix, parent);
  writeDottedSegment(writer, startMicros, runId);
}

/** What stands in front of a run's own segment. */
function writePrefix(writer: ByteWriter, prefix: string | undefined, parent: Node | undefined): void {
  if (prefix !== undefined) writer.ascii(prefix);
  else if (parent) {
    writeDottedOrder(writer, parent);
    writer.ascii('.');
  }
}
