/**
 * Children of spans that were left out on purpose (mapping §15.2, join c): each hangs on the nearest ancestor that was kept, or is a root if there is none.
 * Which of them comes first does not matter: who waits for a span of which it turns out that it was left out looks further up.
 */
import type { FilteredSpan, Skeleton } from '../../../model/draft.ts';
import { hardParentRun } from './parents.ts';
import { type Arrival, parentKeyOfRun, type Trace } from './trace.ts';

/** Lets the draft hang where its parent would have hung. A span that says its place itself keeps it. */
export function hangOnKept<A extends Arrival>(trace: Trace<A>, arrival: A): void {
  const { skeleton } = arrival;
  if (trace.filtered.size === 0 || skeleton.explicitRoot || skeleton.explicitDottedOrder !== '') return;
  const parent = parentSpanOf(skeleton);
  let last = leftOut(trace, parent);
  if (!last) return;
  let above = leftOut(trace, last.parentSpanId);
  // More steps than there are such spans: they are ancestors of one another, so none of them has a place.
  for (let steps = trace.filtered.size; above && steps > 0; steps -= 1) {
    last = above;
    above = leftOut(trace, last.parentSpanId);
  }
  const { parentSpanId, parentRemote } = last;
  const parentRunId = skeleton.parentSoft ? skeleton.parentRunId : '';
  arrival.skeleton = { ...skeleton, parentSpanId: above ? '' : parentSpanId, parentRunId, parentRemote };
  arrival.filteredParent ||= parent;
}

function parentSpanOf(skeleton: Skeleton): string {
  return hardParentRun(skeleton) ? parentKeyOfRun(skeleton.parentRunId) : skeleton.parentSpanId;
}

/** A span that came all the same, another way, is none that was left out. */
function leftOut<A extends Arrival>(trace: Trace<A>, spanId: string): FilteredSpan | undefined {
  const filtered = trace.filtered.get(spanId);
  return filtered && !trace.waiting.has(spanId) && !trace.span(spanId) ? filtered : undefined;
}
