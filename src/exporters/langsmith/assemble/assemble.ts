/**
 * Assembly: which drafts have a known path to their root, and so a place. Read this file first.
 *
 * A draft is placed as soon as its parent is; it never waits for the whole trace. Each arrival ends in exactly one call of `Decisions`, or it
 * waits; each waiting draft ends in one, when its parent comes or when it is given up. A log record is a draft that waits for its span and goes into
 * that span's run (`log-join.ts`). Pure: no clock, no store; the partition keeps both. Sources: mapping §15, langsmith-ingest §3.2 and §5.4.
 */
import { type FilteredSpan, isLogRecord, type Skeleton } from '../../../model/draft.ts';
import { runIdOfSpan, uuidOfTrace } from '../../../model/ids.ts';
import { uuidV5 } from '../../../model/uuid-v5.ts';
import { noStory, type Story } from './additions.ts';
import { ClaimedRunIds } from './claimed-run-ids.ts';
import { type ExplicitPlace, explicitPlace } from './explicit-place.ts';
import { hangOnKept } from './filtered-parents.ts';
import { LogJoin } from './log-join.ts';
import { keepsPlace, makeNode, startOf, storyBelow } from './nodes.ts';
import { findParent, isRoot, lacksSoftParent, missingParent, parentKeys, softParentKeys, waitingSoftParent } from './parents.ts';
import { type Arrival, type Awaited, type Node, syntheticSpanId, type Trace, Tree } from './trace.ts';
import { placeUsage } from './usage.ts';
import { closesCycle } from './waiting-chain.ts';

export type MissingParentPolicy = 'promote' | 'synthetic_root' | 'dead_letter';

export interface AssemblyRules {
  /** `otel_trace_root`: the first root of a trace takes the trace id as its run id. */
  readonly runIdMode: 'langsmith' | 'otel_trace_root';
  readonly defaultProject: string;
  /** More runs than this go to a continuation of their trace. */
  readonly runsPerTraceMax: number;
  /** A dotted order has this many segments at most: deeper runs go to a continuation, too. */
  readonly depthMax: number;
  /** Drafts of one trace that wait at the same time; one more does not wait. Log records likewise. So many spans that were left out are known, too. */
  readonly waitingMax: number;
  /** Log records of one run. */
  readonly logsPerRunMax: number;
  /** A run whose log records are known to come, or some of which came, waits for the others. */
  readonly waitsForLogs: boolean;
}

export const defaultRules: AssemblyRules = {
  runIdMode: 'langsmith',
  defaultProject: 'default',
  runsPerTraceMax: 25_000,
  depthMax: 1_000,
  waitingMax: 25_000,
  logsPerRunMax: 1_024,
  waitsForLogs: true,
};

export interface Decisions<A extends Arrival> {
  placed(trace: Trace<A>, node: Node, arrival: A, story: Story, logs: readonly A[]): void;
  /** A run that stands for parents that did not come; its times span the drafts that waited. */
  synthetic(trace: Trace<A>, node: Node, endMicros: number, cause: A): void;
  /** It waits until somebody comes, or until the deadline of what it waits for. It may have waited for something else until now. */
  waits(trace: Trace<A>, arrival: A, awaited: Awaited): void;
  /** Log records of a run that has its place: they change it. */
  update(trace: Trace<A>, node: Node, logs: readonly A[]): void;
  /** A log record whose span did not come, or that is one too many. */
  unjoined(trace: Trace<A>, log: A): void;
  /** The same span with the same content again. */
  duplicate(arrival: A): void;
  /** The very same draft of the journal, read again after a crash: it is already settled, or waits. */
  replayed(arrival: A): void;
  /** A draft that nobody has sealed is superseded by a later one of the same span. `node` if it had a place: the later one takes it. */
  replaced(trace: Trace<A>, former: A | undefined, arrival: A, node: Node | undefined): void;
  /** The span was sealed with other content: this one cannot be delivered. */
  conflict(trace: Trace<A>, node: Node, arrival: A): void;
  /** Policy `dead_letter`: its parent did not come, or an ancestor's. The node is where it would stand with the topmost of them as a root. */
  orphaned(trace: Trace<A>, node: Node, arrival: A, story: Story, logs: readonly A[]): void;
}

export class Assembler<A extends Arrival> {
  readonly #rules: AssemblyRules;
  readonly #decisions: Decisions<A>;
  readonly #runIds: ClaimedRunIds;
  readonly #logs: LogJoin<A>;

  /** `runIds`: shared by all assemblers whose traces go to the same tenants. */
  constructor(rules: AssemblyRules, decisions: Decisions<A>, runIds: ClaimedRunIds = new ClaimedRunIds()) {
    this.#rules = rules;
    this.#decisions = decisions;
    this.#runIds = runIds;
    this.#logs = new LogJoin(rules, decisions);
  }

  arrive(trace: Trace<A>, arrival: A): void {
    if (isLogRecord(arrival.skeleton)) {
      this.#logs.arrive(trace, arrival);
      return;
    }
    hangOnKept(trace, arrival);
    const { skeleton } = arrival;
    if (this.#known(trace, arrival)) return;
    else if (this.#logs.holds(trace, skeleton)) this.#hold(trace, arrival, 'logs', []);
    else if (lacksSoftParent(trace, skeleton)) this.#hold(trace, arrival, 'soft_parent', softParentKeys(skeleton));
    else this.#seek(trace, arrival);
  }

  /** A span was left out on purpose: who waits for it looks further up. Returns whether that is news. */
  leaveOut(trace: Trace<A>, span: FilteredSpan): boolean {
    const { spanId } = span;
    if (trace.filtered.has(spanId) || trace.filtered.size >= this.#rules.waitingMax) return false;
    trace.filtered.set(spanId, span);
    if (trace.waiting.has(spanId)) return true;
    for (const child of trace.takeWaitersFor([spanId])) {
      if (child.awaits !== 'parent') continue;
      trace.waiting.delete(child.skeleton.spanId);
      if (this.#logs.holdsNow(trace, child.skeleton)) this.#hold(trace, child, 'logs', []);
      else this.#seek(trace, child);
    }
    return true;
  }

  #hold(trace: Trace<A>, arrival: A, awaited: Awaited, keys: readonly string[]): void {
    trace.wait(arrival, keys);
    this.#decisions.waits(trace, arrival, awaited);
  }

  /** Its place, if its parent has one. */
  #seek(trace: Trace<A>, arrival: A): void {
    hangOnKept(trace, arrival);
    const { skeleton } = arrival;
    const place = skeleton.explicitDottedOrder === '' ? undefined : explicitPlace(skeleton);
    const parent = place || skeleton.explicitRoot ? undefined : findParent(trace, skeleton);
    const keys = parentKeys(skeleton);
    if (place) this.#settle(trace, this.#explicitNode(trace, arrival, place), arrival, noStory);
    else if (parent) this.#settleBelow(trace, parent, arrival);
    else if (isRoot(skeleton)) this.#settle(trace, this.#root(trace, arrival), arrival, noStory);
    else if (keys.includes(skeleton.spanId) || trace.waiting.size >= this.#rules.waitingMax) this.#promote(trace, arrival);
    else this.#wait(trace, arrival, keys);
  }

  /** A parked draft read back from the journal: it waits without being new. */
  restore(trace: Trace<A>, arrival: A): void {
    if (isLogRecord(arrival.skeleton)) {
      trace.logs.add(arrival);
      return;
    }
    hangOnKept(trace, arrival);
    const { skeleton, awaits } = arrival;
    if (awaits === 'parent') trace.wait(arrival, parentKeys(skeleton));
    else trace.wait(arrival, awaits === 'soft_parent' ? softParentKeys(skeleton) : []);
  }

  /** The deadline of something that is waited for, other than a parent, passed. A log record may wait on: its span does. */
  goOn(trace: Trace<A>, arrival: A): void {
    if (isLogRecord(arrival.skeleton)) this.#logs.goOn(trace, arrival);
    else if (arrival.awaits === 'soft_parent') this.#goOnSoftly(trace, arrival);
    else {
      trace.waiting.delete(arrival.skeleton.spanId);
      this.#seek(trace, arrival);
    }
  }

  /** A soft parent that is there waits perhaps for one itself: then that one goes on first. If it waits for something else, its child waits with it. */
  #goOnSoftly(trace: Trace<A>, arrival: A): void {
    hangOnKept(trace, arrival);
    const { skeleton } = arrival;
    trace.waiting.delete(skeleton.spanId);
    const above = waitingSoftParent(trace, skeleton);
    if (above?.awaits === 'soft_parent') this.#goOnSoftly(trace, above);
    if (above && trace.waiting.get(above.skeleton.spanId) === above) this.#hold(trace, arrival, 'parent', parentKeys(skeleton));
    else this.#seek(trace, arrival);
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
      this.#decisions.orphaned(trace, node, draft, draft === arrival ? story : noStory, trace.logs.take(node));
      for (const child of trace.takeWaiters(node)) open.push({ draft: child, node: this.#child(trace, child, node) });
    }
  }

  #promote(trace: Trace<A>, arrival: A): void {
    this.#settle(trace, this.#root(trace, arrival), arrival, { orphan: 'cycle', missingParent: missingParent(arrival.skeleton) });
  }

  #wait(trace: Trace<A>, arrival: A, keys: readonly string[]): void {
    trace.wait(arrival, keys);
    if (trace.hasWaiters(arrival.skeleton.spanId) && closesCycle(trace, arrival)) this.#promote(trace, arrival);
    else this.#decisions.waits(trace, arrival, 'parent');
  }

  #settleBelow(trace: Trace<A>, parent: Node, arrival: A): void {
    const node = this.#child(trace, arrival, parent);
    this.#settle(trace, node, arrival, storyBelow(parent, node));
  }

  /** Places the draft and then everyone who waited for it, on a list of its own: a chain may be as deep as a trace is long. */
  #settle(trace: Trace<A>, node: Node, arrival: A, story: Story): void {
    const open = [this.#place(trace, node, arrival, story)];
    for (let above = open.pop(); above; above = open.pop()) {
      for (const child of trace.takeWaiters(above)) {
        if (this.#logs.holdsNow(trace, child.skeleton)) {
          this.#hold(trace, child, 'logs', []);
          continue;
        }
        const below = this.#child(trace, child, above);
        open.push(this.#place(trace, below, child, storyBelow(above, below)));
      }
    }
  }

  #place(trace: Trace<A>, wanted: Node, arrival: A, given: Story): Node {
    const told = arrival.filteredParent === '' ? given : { missingParent: arrival.filteredParent, ...given };
    trace.waiting.delete(wanted.spanId);
    const taken = trace.hasRun(wanted) || this.#runIds.isTaken(wanted.runId, trace.key);
    const node = taken ? this.#remapped(trace, wanted, arrival) : wanted;
    const story = taken ? { ...told, remapped: wanted.runId } : told;
    trace.add(node);
    placeUsage(node);
    this.#decisions.placed(trace, node, arrival, story, this.#logs.take(trace, node));
    return node;
  }

  /** Another run of the trace, or of another one, has its id: 64-bit ids collide, and a sender may give one id to two spans (mapping §15.1). */
  #remapped(trace: Trace<A>, node: Node, { skeleton }: A): Node {
    const runId = uuidV5('span', `${skeleton.traceId}:${skeleton.spanId}`);
    return { ...node, runId, tree: node.parentRunId === '' ? this.#tree(trace, runId, skeleton) : node.tree };
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
    node.tree.noteThread(node.thread);
    placeUsage(node);
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
      names: [],
      marks: 0,
      hash: 0,
      entry: '',
    };
    trace.add(node);
    this.#decisions.synthetic(trace, node, Math.max(end, start), arrival);
    return node;
  }
}
