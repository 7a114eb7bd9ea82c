import { dottedSegment } from '../../../model/time.ts';
import type { Node } from './trace.ts';

/**
 * The run's dotted order. It is not kept: it is as long as the run is deep, so a chain would keep the square of its length. Walking up costs one
 * short text per ancestor, once per run, and makes the parent's own dotted order the prefix, byte by byte.
 */
export function dottedOrder(node: Node): string {
  const own = dottedSegment(node.startMicros, node.runId);
  if (node.prefix !== undefined) return node.prefix + own;
  const segments = [own];
  for (let above = node.parent; above; above = above.parent) {
    const segment = dottedSegment(above.startMicros, above.runId);
    if (above.prefix !== undefined) {
      segments.push(above.prefix + segment);
      break;
    }
    segments.push(segment);
  }
  return segments.reverse().join('.');
}
