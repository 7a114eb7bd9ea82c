import type { Skeleton } from '../../../model/draft.ts';
import { runIdOfSpan } from '../../../model/ids.ts';

export type Thread = Skeleton['thread'];

/** A draft as assembly sees it. `entry` and `position` say where it stands in the journal, so a replay after a crash is told from a re-send. */
export interface Arrival {
  readonly skeleton: Skeleton;
  /** CRC-32 of the whole draft. */
  readonly hash: number;
  readonly entry: string;
  readonly position: number;
  readonly appendedAtMs: number;
}

/** One LangSmith trace. An OTel trace with two roots is two of them. */
export class Tree {
  readonly traceRunId: string;
  /** The root's decision; it holds for every run. */
  readonly project: string;
  readonly projectId: string;
  runs = 0;
  /** Where runs go that are too many or too deep for this tree. */
  continuation: Tree | undefined;
  /** Its first run. */
  top: Node | undefined;

  constructor(traceRunId: string, project: string, projectId: string) {
    this.traceRunId = traceRunId;
    this.project = project;
    this.projectId = projectId;
  }
}

/** What is remembered of a run that has its place: enough to place its children and to recognise it when it comes again. */
export interface Node {
  readonly spanId: string;
  readonly runId: string;
  /** '' for a root. */
  readonly parentRunId: string;
  readonly parent: Node | undefined;
  /** The dotted order in front of the run's own segment, where the span said it itself; else it is the parent's. */
  readonly prefix: string | undefined;
  readonly tree: Tree;
  /** Raised to the parent's start where it was earlier. */
  readonly startMicros: number;
  readonly depth: number;
  /** Its own thread keys, or those of the nearest ancestor that has some. */
  thread: Thread;
  /** It or an ancestor is an agent. */
  readonly agent: boolean;
  /** Id of the LangSmith trace that this root continues; '' for all others. */
  readonly continues: string;
  marks: number;
  hash: number;
  entry: string;
  position: number;
  /** Its batch stands in the journal: from now on it cannot be changed. */
  sealed: boolean;
}

/** Span ids of OTel are never zero, so nobody else has this one. */
export const syntheticSpanId = '0000000000000000';

/** The first eight bytes of a run id: the span id that SDKs derive from it (mapping §15.2, joins a and b). */
function spanIdInRunId(runId: string): string {
  return runId.slice(0, 8) + runId.slice(9, 13) + runId.slice(14, 18);
}

/** A parent's name in the map of those who wait for it: the span id where the run id is made from one. */
export function parentKeyOfRun(runId: string): string {
  const spanId = runId.slice(19, 23) + runId.slice(24);
  return runId === runIdOfSpan(spanId) ? spanId : runId;
}

/** All that is known of one OTel trace of one tenant: runs with a place, and drafts that wait for a parent. */
export class Trace<A extends Arrival> {
  readonly key: string;
  readonly traceId: string;
  readonly nodes = new Map<string, Node>();
  readonly waiting = new Map<string, A>();
  readonly trees = new Map<string, Tree>();
  /** All marks seen so far, of runs with a place or without. */
  marks = 0;
  /** Drafts and runs of this trace that are not in the journal's map yet: while there are any, the trace stays in memory. */
  unsaved = 0;
  /** Runs by ids that are not made from their span ids, and by the first half of such ids. */
  readonly #runs = new Map<string, Node>();
  readonly #waiters = new Map<string, A[]>();

  constructor(key: string, traceId: string) {
    this.key = key;
    this.traceId = traceId;
  }

  get size(): number {
    return this.nodes.size + this.waiting.size;
  }

  run(runId: string): Node | undefined {
    const key = parentKeyOfRun(runId);
    return (key === runId ? undefined : this.nodes.get(key)) ?? this.#runs.get(runId);
  }

  span(spanId: string): Node | undefined {
    return this.nodes.get(spanId) ?? this.#runs.get(spanId);
  }

  add(node: Node): void {
    this.nodes.set(node.spanId, node);
    for (const key of this.#aliases(node)) this.#runs.set(key, node);
    this.trees.set(node.tree.traceRunId, node.tree);
    node.tree.top ??= node;
    node.tree.runs += 1;
    this.marks |= node.marks;
  }

  /** `keys`: the parents that would give the draft its place. */
  wait(arrival: A, keys: readonly string[]): void {
    this.waiting.set(arrival.skeleton.spanId, arrival);
    this.marks |= arrival.skeleton.marks;
    for (const key of keys) {
      const list = this.#waiters.get(key);
      if (list) list.push(arrival);
      else this.#waiters.set(key, [arrival]);
    }
  }

  hasWaiters(spanId: string): boolean {
    return this.#waiters.has(spanId);
  }

  /** Takes out everyone who waits for this node; some may have found a place, or been replaced, meanwhile. */
  takeWaiters(node: Node): A[] {
    const taken: A[] = [];
    for (const key of [node.spanId, ...this.#aliases(node)]) {
      const list = this.#waiters.get(key);
      if (!list) continue;
      this.#waiters.delete(key);
      for (const arrival of list) if (this.waiting.get(arrival.skeleton.spanId) === arrival) taken.push(arrival);
    }
    return taken;
  }

  #aliases(node: Node): readonly string[] {
    return node.runId === runIdOfSpan(node.spanId) ? [] : [node.runId, spanIdInRunId(node.runId)];
  }
}
