/**
 * How a log record finds the run of its span (mapping §16). Its records go into a run all at once, so the order in which they came does not matter:
 *
 *   span did not come yet ─► the record waits as long as a span waits for its parent     ─ span placed ─► goes into the run
 *   span waits            ─► the record waits with it                                    ─ span placed ─► goes into the run
 *   run has its place     ─► the record waits for others, for the join window            ─ deadline ────► one update of the run
 *   span never came       ─────────────────────────────────────────────────────────────── deadline ────► left out, and counted
 *
 * A record may mean another span than the one that it was written in, and call it by a name: an answer, a tool call. Then the span that it was written
 * in (or the root) takes it only if nobody of that name has come when the join window closes.
 *
 * A span whose records are known to come, or some of which are there already, waits for the join window before it looks for its place.
 */
import { Mark, type Skeleton } from '../../../model/draft.ts';
import type { AssemblyRules, Decisions } from './assemble.ts';
import type { Arrival, Node, Trace } from './trace.ts';
import { noLogs, spanNameOf } from './waiting-logs.ts';

export class LogJoin<A extends Arrival> {
  readonly #rules: AssemblyRules;
  readonly #decisions: Decisions<A>;

  constructor(rules: AssemblyRules, decisions: Decisions<A>) {
    this.#rules = rules;
    this.#decisions = decisions;
  }

  holds(trace: Trace<A>, skeleton: Skeleton): boolean {
    return this.#rules.waitsForLogs && ((skeleton.marks & Mark.awaitsLogs) !== 0 || hasLogs(trace, skeleton));
  }

  /** The same for a span that waited for its parent: log records came meanwhile, and there may be more of them. */
  holdsNow(trace: Trace<A>, skeleton: Skeleton): boolean {
    return this.#rules.waitsForLogs && (skeleton.marks & Mark.awaitsLogs) === 0 && hasLogs(trace, skeleton);
  }

  arrive(trace: Trace<A>, log: A): void {
    const name = spanNameOf(log.skeleton);
    const node = trace.span(name) ?? fallback(trace, log.skeleton);
    if (this.#known(trace, node, log)) return;
    const { waitingMax, logsPerRunMax } = this.#rules;
    const ofRun = trace.logs.of(name) + (node?.logs.length ?? 0);
    if (trace.logs.count >= waitingMax || ofRun >= logsPerRunMax) this.#decisions.unjoined(trace, log);
    else {
      trace.logs.add(log);
      this.#decisions.waits(trace, log, node ? 'update' : 'span');
    }
  }

  /** The records that wait for a run which gets its place. Those that it takes only if nobody else does wait no longer than for the join window. */
  take(trace: Trace<A>, node: Node): readonly A[] {
    if (trace.logs.count === 0) return noLogs;
    const logs = this.#into(node, trace.logs.take(node));
    for (const spanId of node.parentRunId === '' ? [node.spanId, ''] : [node.spanId])
      for (const log of trace.logs.fallingBackTo(spanId)) if (log.awaits === 'span') this.#decisions.waits(trace, log, 'update');
    return logs;
  }

  /** Its deadline passed. */
  goOn(trace: Trace<A>, log: A): void {
    const { skeleton } = log;
    const node = trace.span(spanNameOf(skeleton));
    const other = node ?? (isAwaited(trace, skeleton) ? undefined : fallback(trace, skeleton));
    if (node) this.#decisions.update(trace, node, this.#into(node, trace.logs.take(node)));
    else if (other) this.#decisions.update(trace, other, this.#into(other, this.#fallen(trace, skeleton)));
    else if (!isAwaited(trace, skeleton)) {
      trace.logs.delete(log);
      this.#decisions.unjoined(trace, log);
    }
  }

  /** Nobody has the name that they say. They go together, because a run can be updated once. */
  #fallen(trace: Trace<A>, { parentSpanId }: Skeleton): readonly A[] {
    const all = trace.logs.fallingBackTo(parentSpanId);
    const logs = all.filter(({ skeleton }) => !trace.span(spanNameOf(skeleton)) && !isAwaited(trace, skeleton));
    for (const log of logs) trace.logs.delete(log);
    return logs;
  }

  #into(node: Node, logs: readonly A[]): readonly A[] {
    if (logs.length > 0) node.logs = [...node.logs, ...logs.map(({ hash, entry, position }) => ({ hash, entry, position }))];
    return logs;
  }

  #known(trace: Trace<A>, node: Node | undefined, log: A): boolean {
    const former = trace.waiter(log.skeleton.spanId) ?? node?.logs.find(({ hash }) => hash === log.hash);
    if (!former) return false;
    if (former.entry === log.entry && former.position === log.position) this.#decisions.replayed(log);
    else this.#decisions.duplicate(log);
    return true;
  }
}

function hasLogs<A extends Arrival>({ logs }: Trace<A>, { spanId, names }: Skeleton): boolean {
  return logs.count > 0 && (logs.of(spanId) > 0 || names.some((name) => logs.of(name) > 0));
}

/** Whether the span is there and waits itself. */
function isAwaited<A extends Arrival>({ waiting }: Trace<A>, { names, parentSpanId }: Skeleton): boolean {
  const [name] = names;
  if (name === undefined) return waiting.has(parentSpanId);
  for (const { skeleton } of waiting.values()) if (skeleton.names.includes(name)) return true;
  return false;
}

/** Who takes a record that says a name which nobody has. */
function fallback<A extends Arrival>(trace: Trace<A>, { names, parentSpanId }: Skeleton): Node | undefined {
  if (names.length === 0) return undefined;
  return parentSpanId === '' ? trace.root : trace.span(parentSpanId);
}
