import type { Skeleton } from '../../../model/draft.ts';
import { type Arrival, type Node, parentKeyOfRun, type Trace } from './trace.ts';

const noKeys: readonly string[] = [];

export function findParent<A extends Arrival>(trace: Trace<A>, skeleton: Skeleton): Node | undefined {
  const byRun = explicitParent(trace, skeleton);
  const found = byRun ?? (hardParentRun(skeleton) || skeleton.parentSpanId === '' ? undefined : trace.span(skeleton.parentSpanId));
  return found?.spanId === skeleton.spanId ? undefined : found;
}

function explicitParent<A extends Arrival>(trace: Trace<A>, { parentRunId, otherParentRunId }: Skeleton): Node | undefined {
  const first = parentRunId === '' ? undefined : trace.run(parentRunId);
  return first ?? (otherParentRunId === '' ? undefined : trace.run(otherParentRunId));
}

/** Parents that may exist or not, none of which is there. */
export function lacksSoftParent<A extends Arrival>(trace: Trace<A>, skeleton: Skeleton): boolean {
  return skeleton.parentSoft && skeleton.parentRunId !== '' && !skeleton.explicitRoot && explicitParent(trace, skeleton) === undefined;
}

/** A draft that is one of them and waits itself. */
export function waitingSoftParent<A extends Arrival>(trace: Trace<A>, skeleton: Skeleton): A | undefined {
  const { parentRunId, otherParentRunId } = skeleton;
  for (const draft of trace.waiting.values()) {
    const { runId } = draft.skeleton;
    if (runId === parentRunId || runId === otherParentRunId) return draft;
  }
  return undefined;
}

export function softParentKeys({ parentRunId, otherParentRunId }: Skeleton): readonly string[] {
  return [parentRunId, otherParentRunId].filter((runId) => runId !== '').map(parentKeyOfRun);
}

export function hardParentRun(skeleton: Skeleton): boolean {
  return skeleton.parentRunId !== '' && !skeleton.parentSoft;
}

/** Who would give the draft its place: the OTel parent, or the explicit one, first. */
export function parentKeys(skeleton: Skeleton): readonly string[] {
  if (skeleton.explicitRoot) return noKeys;
  if (hardParentRun(skeleton)) return [parentKeyOfRun(skeleton.parentRunId)];
  const { parentSpanId, parentRunId, otherParentRunId } = skeleton;
  if (parentRunId === '' && otherParentRunId === '') return parentSpanId === '' ? noKeys : [parentSpanId];
  const soft = softParentKeys(skeleton);
  return parentSpanId === '' ? soft : [parentSpanId, ...soft];
}

/** Parents that may exist or not do not count. */
export function isRoot(skeleton: Skeleton): boolean {
  return skeleton.explicitRoot || (skeleton.parentSpanId === '' && !hardParentRun(skeleton));
}

export function missingParent(skeleton: Skeleton): string {
  return hardParentRun(skeleton) ? skeleton.parentRunId : skeleton.parentSpanId;
}

export function waitingParent<A extends Arrival>(trace: Trace<A>, arrival: A): A | undefined {
  const [key] = parentKeys(arrival.skeleton);
  return key === undefined ? undefined : trace.waiting.get(key);
}
