import type { FilteredSpan, Skeleton } from '../../../model/draft.ts';
import { runIdOfSpan } from '../../../model/ids.ts';
import { LateMap } from '../../../model/late-map.ts';
import { isMadeFrom } from './run-ids.ts';
import { aliasesOf, WaitingLogs } from './waiting-logs.ts';

export type Thread = Skeleton['thread'];

/**
 * What a draft waits for: its parent; the log records of its span; a parent that may exist or not. A log record waits for its span, or, if its run has
 * its place already, for the others that go into one update with it.
 */
export type Awaited = 'parent' | 'logs' | 'soft_parent' | 'span' | 'update';

/** A draft as assembly sees it. `entry` and `position` say where it stands in the journal, so a replay after a crash is told from a re-send. */
export interface Arrival {
  /** Its parent becomes the nearest kept ancestor, if its own was left out: `filteredParent`, else ''. */
  skeleton: Skeleton;
  filteredParent: string;
  /** CRC-32 of the whole draft. */
  readonly hash: number;
  readonly entry: string;
  readonly position: number;
  readonly appendedAtMs: number;
  /** Of a draft that waits. */
  readonly awaits: Awaited;
}

/** A log record that stands in its run, so that it is recognised when it comes again. */
export type JoinedLog = Pick<Arrival, 'hash' | 'entry' | 'position'>;

/** Thread keys longer than this are not copied from runs to runs above them: what a run grows by has a bound. */
const sharedThreadMax = 512;
const noThread: Thread = [];
const nobody: readonly never[] = [];

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
  /** The thread keys that all of its runs have which have any. */
  #thread: Thread | undefined;

  constructor(traceRunId: string, project: string, projectId: string) {
    this.traceRunId = traceRunId;
    this.project = project;
    this.projectId = projectId;
  }

  /** What a run without thread keys of its own, or an ancestor's, says (mapping §13.3, step 5). */
  get thread(): Thread {
    return this.#thread ?? noThread;
  }

  noteThread(thread: Thread): void {
    if (thread.length === 0 || this.#thread === thread) return;
    if (this.#thread === undefined) this.#thread = sizeOf(thread) > sharedThreadMax ? noThread : thread;
    else if (!isSameThread(this.#thread, thread)) this.#thread = noThread;
  }
}

function sizeOf(thread: Thread): number {
  return thread.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
}

export function isSameThread(one: Thread, other: Thread): boolean {
  return one.length === other.length && one.every(([key, value], at) => other[at]?.[0] === key && other[at]?.[1] === value);
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
  /** A run below it, or above it, counts the tokens that it tells (see `usage.ts`). */
  usageBelow: boolean;
  usageAbove: boolean;
  hash: number;
  entry: string;
  position: number;
  /** Names besides its ids by which log records mean it. */
  readonly names: readonly string[];
  /** Log records that went into it. */
  logs: readonly JoinedLog[];
  /** Its batch stands in the journal: from now on it cannot be changed. */
  sealed: boolean;
}

/** Span ids of OTel are never zero, so nobody else has this one. */
export const syntheticSpanId = '0000000000000000';

/** A parent's name in the map of those who wait for it: the span id where the run id is made from one. */
export function parentKeyOfRun(runId: string): string {
  const spanId = runId.slice(19, 23) + runId.slice(24);
  return runId === runIdOfSpan(spanId) ? spanId : runId;
}

/** All that is known of one OTel trace of one tenant: runs with a place, and drafts that wait for a parent. */
export class Trace<A extends Arrival> {
  readonly key: string;
  readonly traceId: string;
  readonly nodes = new LateMap<string, Node>();
  readonly waiting = new LateMap<string, A>();
  /** Spans that were left out on purpose, by their ids. */
  readonly filtered = new LateMap<string, FilteredSpan>();
  /** Log records that wait. */
  readonly logs = new WaitingLogs<A>();
  readonly trees = new LateMap<string, Tree>();
  /** All marks seen so far, of runs with a place or without. */
  marks = 0;
  /** Drafts and runs of this trace that are not in the journal's map yet: while there are any, the trace stays in memory. */
  unsaved = 0;
  /** Runs by ids that are not made from their span ids, and by the first half of such ids. */
  readonly #runs = new LateMap<string, Node>();
  readonly #waiters = new LateMap<string, A[]>();

  constructor(key: string, traceId: string) {
    this.key = key;
    this.traceId = traceId;
  }

  get size(): number {
    return this.nodes.size + this.waiting.size + this.filtered.size + this.logs.count;
  }

  /** The first of its roots. */
  get root(): Node | undefined {
    let first: Node | undefined;
    for (const { top } of this.trees.values())
      if (top?.parentRunId === '' && (first === undefined || top.startMicros < first.startMicros)) first = top;
    return first;
  }

  run(runId: string): Node | undefined {
    const key = parentKeyOfRun(runId);
    return (key === runId ? undefined : this.nodes.get(key)) ?? this.#runs.get(runId);
  }

  /** Whether there is a run with the id that this one is to get. */
  hasRun({ runId, spanId }: Node): boolean {
    return isMadeFrom(spanId, runId) ? this.nodes.has(spanId) || this.#runs.has(runId) : this.run(runId) !== undefined;
  }

  span(spanId: string): Node | undefined {
    return this.nodes.get(spanId) ?? this.#runs.get(spanId);
  }

  add(node: Node): void {
    this.nodes.set(node.spanId, node);
    for (const key of aliasesOf(node)) this.#runs.set(key, node);
    for (const name of node.names) if (!this.#runs.has(name)) this.#runs.set(name, node);
    this.trees.set(node.tree.traceRunId, node.tree);
    node.tree.top ??= node;
    node.tree.runs += 1;
    node.tree.noteThread(node.thread);
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

  /** Takes out everyone who waits for this node; some may have found a place, or been replaced, meanwhile. Who waits under two of its names comes once. */
  takeWaiters(node: Node): Iterable<A> {
    return this.#waiters.size === 0 ? nobody : this.takeWaitersFor([node.spanId, ...aliasesOf(node)]);
  }

  takeWaitersFor(keys: readonly string[]): Iterable<A> {
    const taken = new Set<A>();
    for (const key of keys) {
      const list = this.#waiters.get(key);
      if (!list) continue;
      this.#waiters.delete(key);
      for (const arrival of list) if (this.waiting.get(arrival.skeleton.spanId) === arrival) taken.add(arrival);
    }
    return taken;
  }

  /** A draft or log record that waits, by its own id. */
  waiter(id: string): A | undefined {
    return this.waiting.get(id) ?? this.logs.get(id);
  }

  forget(arrival: A): void {
    this.waiting.delete(arrival.skeleton.spanId);
    this.logs.delete(arrival);
  }
}
