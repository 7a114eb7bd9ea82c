/** What the index remembers of a run, made of its draft. */
import { Mark, type Skeleton } from '../../../model/draft.ts';
import { runIdOfSpan } from '../../../model/ids.ts';
import { uuidV5 } from '../../../model/uuid-v5.ts';
import { noStory, type Story } from './additions.ts';
import { type Arrival, isSameThread, type Node, type Thread, type Tree } from './trace.ts';
import { noLogs } from './waiting-logs.ts';

export function makeNode(arrival: Arrival, runId: string, parent: Node | undefined, tree: Tree, startMicros: number, continues = ''): Node {
  const { skeleton, hash, entry, position } = arrival;
  return {
    spanId: skeleton.spanId,
    runId,
    parentRunId: parent?.runId ?? '',
    parent,
    prefix: undefined,
    tree,
    startMicros,
    depth: parent ? parent.depth + 1 : 0,
    thread: threadBelow(parent, skeleton.thread),
    agent: (skeleton.marks & Mark.agent) !== 0 || parent?.agent === true,
    continues,
    marks: skeleton.marks,
    usageBelow: false,
    usageAbove: false,
    names: skeleton.names,
    logs: noLogs,
    hash,
    entry,
    position,
    sealed: false,
  };
}

/** Most runs say what their parents say: one list for all of them, since many runs are remembered for long. */
function threadBelow(parent: Node | undefined, own: Thread): Thread {
  if (parent === undefined) return own;
  return own.length === 0 || isSameThread(parent.thread, own) ? parent.thread : own;
}

/** A run that is no span's, below one that has its place. `name` makes its id. */
export function nodeBelow(parent: Node, name: string): Node {
  const runId = uuidV5('below', name);
  const { depth, runId: parentRunId } = parent;
  return { ...parent, runId, parentRunId, parent, prefix: undefined, depth: depth + 1, continues: '', marks: 0, names: [], logs: noLogs };
}

/** A run whose tree is full stands in another tree than its parent. */
export function storyBelow(parent: Node, node: Node): Story {
  return node.parent === parent ? noStory : { missingParent: parent.runId };
}

/** A span without times began when it came. */
export function startOf({ skeleton, appendedAtMs }: Arrival): number {
  return skeleton.startMicros || skeleton.endMicros || appendedAtMs * 1_000;
}

/** Whether a later draft of a span can take the place that the former one got. */
export function keepsPlace(node: Node, skeleton: Skeleton): boolean {
  const parent = skeleton.parentRunId || (skeleton.parentSpanId === '' ? '' : runIdOfSpan(skeleton.parentSpanId));
  const sameParent = node.parentRunId === (skeleton.explicitRoot ? '' : parent);
  const sameStart = node.startMicros === skeleton.startMicros;
  return sameParent && sameStart && node.prefix === undefined && node.runId === skeleton.runId;
}
