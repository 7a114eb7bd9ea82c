/**
 * Tokens are counted once (mapping §10.2). Where runs on one path tell them, the innermost model call counts; but not if a run above it was sent with
 * them already, nor if it shows no content and the call around it does: then both tell of the same call. What sums up others' tokens counts only if
 * no model call below it tells any, and the topmost of such sums is the one.
 *
 * Once a run is sealed its marks say whether it counts, so a path that is built anew from the journal decides likewise.
 */
import { Mark } from '../../../model/draft.ts';
import type { Node } from './trace.ts';

const told = Mark.usage | Mark.aggregate;
const content = Mark.inputs | Mark.outputs;

/** Called when the run gets its place. Above a run with `usageBelow` nobody counts, so every walk ends there. */
export function placeUsage(node: Node): void {
  if ((node.marks & Mark.usage) === 0) return;
  node.usageAbove = isToldAbove(node);
  if (node.usageAbove) return;
  for (let above = node.parent; above && !above.usageBelow; above = above.parent) above.usageBelow = true;
}

function isToldAbove(node: Node): boolean {
  const { parent } = node;
  if (parent && !parent.usageBelow && (parent.marks & Mark.usage) !== 0 && (parent.marks & content) !== 0 && (node.marks & content) === 0)
    return true;
  for (let above = parent; above && !above.usageBelow; above = above.parent) if (above.sealed && (above.marks & told) !== 0) return true;
  return false;
}

/** Whether the run's tokens are written as its own (`usage_metadata`), if it tells any. Decided once, when it is composed. */
export function countsUsage(node: Node): boolean {
  if ((node.marks & told) === 0) return true;
  const counts = !node.usageBelow && !node.usageAbove && ((node.marks & Mark.usage) !== 0 || !isSummedAbove(node));
  if (!counts) node.marks &= ~told;
  return counts;
}

function isSummedAbove(node: Node): boolean {
  for (let above = node.parent; above; above = above.parent) if ((above.marks & told) !== 0 && !above.usageBelow) return true;
  return false;
}
