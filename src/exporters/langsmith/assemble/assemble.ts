/**
 * Assembly: which drafts have a known path to their root, and so a place. Read this file first.
 *
 * A draft is placed as soon as its parent is; it never waits for the whole trace. Each arrival ends in exactly one call of `Decisions`, or it
 * waits; each waiting draft ends in one, when its parent comes or when it is given up. Pure: no clock, no store; the partition keeps both.
 * Sources: mapping §15, langsmith-ingest §3.2 and §5.4.
 */
import { Mark, type Skeleton } from '../../../model/draft.ts';
import { runIdOfSpan, uuidOfTrace } from '../../../model/ids.ts';
import { noStory, type Story } from './additions.ts';
import { type ExplicitPlace, explicitPlace } from './explicit-place.ts';
import { type Arrival, type Node, parentKeyOfRun, syntheticSpanId, type Trace, Tree } from './trace.ts';

export type MissingParentPolicy = 'promote' | 'synthetic_root' | 'dead_letter';

export interface AssemblyRules {
  /** `otel_trace_root`: the first root of a trace takes the trace id as its run id. */
  readonly runIdMode: 'langsmith' | 'otel_trace_root';
  readonly defaultProject: string;
  /** More runs than this go to a continuation of their trace. */
  readonly runsPerTraceMax: number;
  /** A dotted order has this many segments at most: deeper runs go to a continuation, too. */
  readonly depthMax: number;
  /** Drafts of one trace that wait at the same time; one more does not wait. */
  readonly waitingMax: number;
}

export const defaultRules: AssemblyRules = {
  runIdMode: 'langsmith',
  defaultProject: 'default',
  runsPerTraceMax: 25_000,
  depthMax: 1_000,
  waitingMax: 25_000,
};

export interface Decisions<A extends Arrival> {
  placed(trace: Trace<A>, node: Node, arrival: A, story: Story): void;
  /** A run that stands for parents that did not come; its times span the drafts that waited. */
  synthetic(trace: Trace<A>, node: Node, endMicros: number, cause: A): void;
  waits(trace: Trace<A>, arrival: A): void;
  /** The same span with the same content again. */
  duplicate(arrival: A): void;
  /** The very same draft of the journal, read again after a crash: it is already settled, or waits. */
  replayed(arrival: A): void;
  /** A draft that nobody has sealed is superseded by a later one of the same span. `node` if it had a place: the later one takes it. */
  replaced(trace: Trace<A>, former: A | undefined, arrival: A, node: Node | undefined): void;
  /** The span, or its run id, was sealed with other content: this one cannot be delivered. */
  conflict(trace: Trace<A>, node: Node, arrival: A): void;
  /** Policy `dead_letter`: its parent did not come, or an ancestor's. The node is where it would stand with the topmost of them as a root. */
  orphaned(trace: Trace<A>, node: Node, arrival: A, story: Story): void;
}

/** How many waiting ancestors are walked on arrival to find a cycle; a longer one is found when its deadline comes. */
const cycleWalkMax = 64;

export class Assembler<A extends Arrival> {
  readonly #rules: AssemblyRules;
  readonly #decisions: Decisions<A>;

  constructor(rules: AssemblyRules, decisions: Decisions<A>) {
    this.#rules = rules;
    this.#decisions = decisions;
  }

  arrive(trace: Trace<A>, arrival: A): void {
    if (this.#known(trace, arrival)) return;
    const { skeleton } = arrival;
    const place = skeleton.explicitDottedOrder === '' ? undefined : explicitPlace(skeleton);
    const parent = place || skeleton.explicitRoot ? undefined : findParent(trace, skeleton);
    const keys = parentKeys(skeleton);
    if (place) this.#settle(trace, this.#explicitNode(trace, arrival, place), arrival, noStory);
    else if (parent) this.#settleBelow(trace, parent, arrival);
    else if (keys.length === 0) this.#settle(trace, this.#root(trace, arrival), arrival, noStory);
    else if (keys.includes(skeleton.spanId) || trace.waiting.size >= this.#rules.waitingMax) this.#promote(trace, arrival);
    else this.#wait(trace, arrival, keys);
  }

  /** A parked draft read back from the journal: it waits without being new. */
  restore(trace: Trace<A>, arrival: A): void {
    trace.wait(arrival, parentKeys(arrival.skeleton));
  }

  /** The deadline of a waiting draft passed, and `waitingTop` says that nobody above it waits any more. */
  giveUp(trace: Trace<A>, arrival: A, policy: MissingParentPolicy): void {
    const story: Story = { orphan: policy, missingParent: missingParent(arrival.skeleton) };
    switch (policy) {
      case 'promote':
        this.#settle(trace, this.#root(trace, arrival), arrival, story);
        break;
      case 'synthetic_root':
        this.#settle(trace, this.#child(trace, arrival, this.#syntheticRoot(trace, arrival)), arrival, story);
        break;
      case 'dead_letter':
        this.#abandon(trace, arrival, story);
    }
  }

  /** The draft and all that wait below it; their letters form the tree that a replay delivers. */
  #abandon(trace: Trace<A>, arrival: A, story: Story): void {
    const open = [{ draft: arrival, node: this.#root(trace, arrival) }];
    for (let above = open.pop(); above; above = open.pop()) {
      const { draft, node } = above;
      trace.waiting.delete(draft.skeleton.spanId);
      this.#decisions.orphaned(trace, node, draft, draft === arrival ? story : noStory);
      for (const child of trace.takeWaiters(node)) open.push({ draft: child, node: this.#child(trace, child, node) });
    }
  }

  #promote(trace: Trace<A>, arrival: A): void {
    this.#settle(trace, this.#root(trace, arrival), arrival, { orphan: 'cycle', missingParent: missingParent(arrival.skeleton) });
  }

  #wait(trace: Trace<A>, arrival: A, keys: readonly string[]): void {
    trace.wait(arrival, keys);
    if (trace.hasWaiters(arrival.skeleton.spanId) && closesCycle(trace, arrival)) this.#promote(trace, arrival);
    else this.#decisions.waits(trace, arrival);
  }

  #settleBelow(trace: Trace<A>, parent: Node, arrival: A): void {
    const node = this.#child(trace, arrival, parent);
    this.#settle(trace, node, arrival, storyBelow(parent, node));
  }

  /** Places the draft and then everyone who waited for it, on a list of its own: a chain may be as deep as a trace is long. */
  #settle(trace: Trace<A>, node: Node, arrival: A, story: Story): void {
    const open: Node[] = [];
    if (this.#place(trace, node, arrival, story)) open.push(node);
    for (let above = open.pop(); above; above = open.pop()) {
      for (const child of trace.takeWaiters(above)) {
        const below = this.#child(trace, child, above);
        if (this.#place(trace, below, child, storyBelow(above, below))) open.push(below);
      }
    }
  }

  #place(trace: Trace<A>, node: Node, arrival: A, story: Story): boolean {
    trace.waiting.delete(node.spanId);
    const other = trace.run(node.runId);
    if (other) {
      this.#decisions.conflict(trace, other, arrival);
      return false;
    }
    trace.add(node);
    this.#decisions.placed(trace, node, arrival, story);
    return true;
  }

  /** Whether the arrival is settled by what is known of its span. A draft that only waited is superseded: the later one starts anew. */
  #known(trace: Trace<A>, arrival: A): boolean {
    const node = trace.nodes.get(arrival.skeleton.spanId);
    const waiting = trace.waiting.get(arrival.skeleton.spanId);
    const former = node ?? waiting;
    if (!former) return false;
    if (former.entry === arrival.entry && former.position === arrival.position) this.#decisions.replayed(arrival);
    else if (former.hash === arrival.hash) this.#decisions.duplicate(arrival);
    else if (node && !node.sealed && keepsPlace(node, arrival.skeleton)) this.#replace(trace, node, arrival);
    else if (node) this.#decisions.conflict(trace, node, arrival);
    else {
      trace.waiting.delete(arrival.skeleton.spanId);
      this.#decisions.replaced(trace, waiting, arrival, undefined);
      return false;
    }
    return true;
  }

  #replace(trace: Trace<A>, node: Node, arrival: A): void {
    const { skeleton, hash, entry, position } = arrival;
    node.hash = hash;
    node.entry = entry;
    node.position = position;
    node.marks = skeleton.marks;
    if (skeleton.thread.length > 0) node.thread = skeleton.thread;
    trace.marks |= skeleton.marks;
    this.#decisions.replaced(trace, undefined, arrival, node);
  }

  #root(trace: Trace<A>, arrival: A): Node {
    const { skeleton } = arrival;
    const runId = this.#rootRunId(trace, skeleton);
    return makeNode(arrival, runId, undefined, this.#tree(trace, runId, skeleton), startOf(arrival));
  }

  #rootRunId(trace: Trace<A>, skeleton: Skeleton): string {
    const own = skeleton.runId;
    if (this.#rules.runIdMode === 'langsmith' || own !== runIdOfSpan(skeleton.spanId)) return own;
    const wanted = uuidOfTrace(skeleton.traceId);
    return trace.run(wanted) ? own : wanted;
  }

  #tree(trace: Trace<A>, traceRunId: string, skeleton: Skeleton): Tree {
    const named = skeleton.project !== '' || skeleton.projectId !== '';
    return trace.trees.get(traceRunId) ?? new Tree(traceRunId, named ? skeleton.project : this.#rules.defaultProject, skeleton.projectId);
  }

  #child(trace: Trace<A>, arrival: A, parent: Node): Node {
    const { tree } = parent;
    const start = Math.max(startOf(arrival), parent.startMicros);
    if (tree.runs < this.#rules.runsPerTraceMax && parent.depth + 1 < this.#rules.depthMax)
      return makeNode(arrival, arrival.skeleton.runId, parent, tree, start);
    return this.#continued(trace, arrival, parent, start);
  }

  /** The last continuation that has room takes the run as a child of its top; if there is none, the run begins one. */
  #continued(trace: Trace<A>, arrival: A, parent: Node, start: number): Node {
    let last = parent.tree;
    while (last.continuation) last = last.continuation;
    const { runId, thread } = arrival.skeleton;
    if (last !== parent.tree && last.top && last.runs < this.#rules.runsPerTraceMax)
      return makeNode(arrival, runId, last.top, last, Math.max(start, last.top.startMicros));
    const tree = trace.trees.get(runId) ?? new Tree(runId, last.project, last.projectId);
    last.continuation = tree;
    const node = makeNode(arrival, runId, undefined, tree, start, last.traceRunId);
    node.thread = thread.length > 0 ? thread : parent.thread;
    return node;
  }

  #explicitNode(trace: Trace<A>, arrival: A, place: ExplicitPlace): Node {
    const parent = place.parentRunId === '' ? undefined : trace.run(place.parentRunId);
    const tree = this.#tree(trace, place.traceRunId, arrival.skeleton);
    const node = makeNode(arrival, arrival.skeleton.runId, parent, tree, place.startMicros);
    return { ...node, parentRunId: place.parentRunId, prefix: place.prefix, depth: place.depth };
  }

  #syntheticRoot(trace: Trace<A>, arrival: A): Node {
    const runId = uuidOfTrace(trace.traceId);
    const known = trace.run(runId);
    if (known) return known;
    let start = startOf(arrival);
    let end = 0;
    for (const other of trace.waiting.values()) {
      start = Math.min(start, startOf(other));
      end = Math.max(end, other.skeleton.endMicros);
    }
    const node: Node = {
      ...makeNode(arrival, runId, undefined, this.#tree(trace, runId, arrival.skeleton), start),
      spanId: syntheticSpanId,
      agent: false,
      marks: 0,
      hash: 0,
      entry: '',
    };
    trace.add(node);
    this.#decisions.synthetic(trace, node, Math.max(end, start), arrival);
    return node;
  }
}

function makeNode(arrival: Arrival, runId: string, parent: Node | undefined, tree: Tree, startMicros: number, continues = ''): Node {
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
    thread: skeleton.thread.length > 0 || !parent ? skeleton.thread : parent.thread,
    agent: (skeleton.marks & Mark.agent) !== 0 || parent?.agent === true,
    continues,
    marks: skeleton.marks,
    hash,
    entry,
    position,
    sealed: false,
  };
}

/** A run whose tree is full stands in another tree than its parent. */
function storyBelow(parent: Node, node: Node): Story {
  return node.parent === parent ? noStory : { missingParent: parent.runId };
}

/** A span without times began when it came. */
function startOf({ skeleton, appendedAtMs }: Arrival): number {
  return skeleton.startMicros || skeleton.endMicros || appendedAtMs * 1_000;
}

function findParent<A extends Arrival>(trace: Trace<A>, skeleton: Skeleton): Node | undefined {
  const byRun = skeleton.parentRunId === '' ? undefined : trace.run(skeleton.parentRunId);
  const found = byRun ?? (hardParentRun(skeleton) || skeleton.parentSpanId === '' ? undefined : trace.span(skeleton.parentSpanId));
  return found?.spanId === skeleton.spanId ? undefined : found;
}

function hardParentRun(skeleton: Skeleton): boolean {
  return skeleton.parentRunId !== '' && !skeleton.parentSoft;
}

/** Whom a draft waits for; nobody: it is a root. A soft parent alone is nobody to wait for: it counts only if it is known. */
function parentKeys(skeleton: Skeleton): readonly string[] {
  if (skeleton.explicitRoot) return [];
  if (hardParentRun(skeleton)) return [parentKeyOfRun(skeleton.parentRunId)];
  if (skeleton.parentSpanId === '') return [];
  return skeleton.parentRunId === '' ? [skeleton.parentSpanId] : [skeleton.parentSpanId, parentKeyOfRun(skeleton.parentRunId)];
}

function missingParent(skeleton: Skeleton): string {
  return hardParentRun(skeleton) ? skeleton.parentRunId : skeleton.parentSpanId;
}

function waitingParent<A extends Arrival>(trace: Trace<A>, arrival: A): A | undefined {
  const [key] = parentKeys(arrival.skeleton);
  return key === undefined ? undefined : trace.waiting.get(key);
}

function closesCycle<A extends Arrival>(trace: Trace<A>, arrival: A): boolean {
  let above = waitingParent(trace, arrival);
  for (let steps = 0; above && steps < cycleWalkMax; steps += 1) {
    if (above === arrival) return true;
    above = waitingParent(trace, above);
  }
  return false;
}

/** The topmost waiting draft above this one (or itself); in a cycle, the draft itself. `known` is shared by the calls of one round: each step is walked once. */
export function waitingTop<A extends Arrival>(trace: Trace<A>, arrival: A, known: Map<A, A>): A {
  const path = new Set<A>();
  let top = arrival;
  for (let above: A | undefined = arrival; above; above = waitingParent(trace, above)) {
    const shortcut = known.get(above);
    if (shortcut) {
      top = shortcut;
      break;
    }
    if (path.has(above)) {
      top = arrival;
      break;
    }
    path.add(above);
    top = above;
  }
  for (const passed of path) known.set(passed, top);
  return top;
}

/** Whether a later draft of a span can take the place that the former one got. */
function keepsPlace(node: Node, skeleton: Skeleton): boolean {
  const parent = skeleton.parentRunId || (skeleton.parentSpanId === '' ? '' : runIdOfSpan(skeleton.parentSpanId));
  const sameParent = node.parentRunId === (skeleton.explicitRoot ? '' : parent);
  const sameStart = node.startMicros === skeleton.startMicros;
  return sameParent && sameStart && node.prefix === undefined && node.runId === skeleton.runId;
}
