/** A run's place in its tree, as the members of its main part that only assembly knows. */
import { bytes } from '../../../model/bytes.ts';
import type { Node } from '../assemble/trace.ts';
import type { ByteWriter } from './byte-writer.ts';
import { writeDottedSegment } from './time-text.ts';

const id = bytes.from('{"id":"');
const traceId = bytes.from('","trace_id":"');
const dottedOrder = bytes.from('","dotted_order":"');
const parentId = bytes.from('","parent_run_id":"');

/** `{"id":…,"trace_id":…,"dotted_order":…`, and its parent, if it has one. */
export function writePlace(writer: ByteWriter, node: Node): void {
  const { runId, tree, parentRunId } = node;
  writer.raw(id);
  writer.ascii(runId);
  writer.raw(traceId);
  writer.ascii(tree.traceRunId);
  writer.raw(dottedOrder);
  writeDottedOrder(writer, node);
  if (parentRunId !== '') {
    writer.raw(parentId);
    writer.ascii(parentRunId);
  }
  writer.ascii('"');
}

/**
 * It is not kept: it is as long as the run is deep, so a chain would keep the square of its length. Walking up costs one segment per ancestor, once per
 * run, and makes the parent's own dotted order the prefix, byte by byte.
 */
export function writeDottedOrder(writer: ByteWriter, { prefix, parent, startMicros, runId }: Node): void {
  if (prefix !== undefined) writer.ascii(prefix);
  else if (parent) {
    writeDottedOrder(writer, parent);
    writer.ascii('.');
  }
  writeDottedSegment(writer, startMicros, runId);
}
