import type { Span } from '../../../model/batch.ts';

/**
 * Logfire sends a span with a new id when another one begins, so that it can show what is under way. It describes no work of its own and its
 * span comes when it ends: it is not a run (mapping.md §15.4).
 */
export function isPlaceholder(span: Span): boolean {
  return span.attributes.get('logfire.span_type') === 'pending_span';
}
