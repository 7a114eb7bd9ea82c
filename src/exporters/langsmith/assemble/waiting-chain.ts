/** Drafts that wait for one another. */
import { waitingParent } from './parents.ts';
import type { Arrival, Trace } from './trace.ts';

/** How many waiting ancestors are walked on arrival to find a cycle; a longer one is found when its deadline comes. */
const cycleWalkMax = 64;

export function closesCycle<A extends Arrival>(trace: Trace<A>, arrival: A): boolean {
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
