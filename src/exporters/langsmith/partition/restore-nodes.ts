import type { Bytes } from '../../../model/bytes.ts';
import { type Arrival, isSameThread, type Node, type Trace, Tree } from '../assemble/trace.ts';
import { readableChunk } from './index-codec.ts';
import type { StoredNode } from './index-node.ts';

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

/** Its members stand in the order of `makeNode`: the runtime then takes it for one of those, and goes on as fast with both. */
function restored<A extends Arrival>(trace: Trace<A>, stored: StoredNode): Node {
  const { traceRunId, prefix, parentRunId } = stored;
  const parent = prefix === undefined ? trace.run(parentRunId) : undefined;
  return {
    spanId: stored.spanId,
    runId: stored.runId,
    parentRunId,
    parent,
    prefix,
    tree: trace.trees.get(traceRunId) ?? new Tree(traceRunId, stored.project, stored.projectId),
    startMicros: stored.startMicros,
    depth: stored.depth,
    thread: parent && isSameThread(parent.thread, stored.thread) ? parent.thread : stored.thread,
    agent: stored.agent,
    continues: stored.continues,
    marks: stored.marks,
    usageBelow: false,
    usageAbove: false,
    names: stored.names,
    logs: stored.logs,
    hash: stored.hash,
    entry: stored.entry,
    position: stored.position,
    sealed: true,
  };
}

function linkContinuations<A extends Arrival>(trace: Trace<A>): void {
  for (const { top } of trace.trees.values()) {
    if (!top || top.continues === '') continue;
    const former = trace.trees.get(top.continues);
    if (former) former.continuation = top.tree;
  }
}
