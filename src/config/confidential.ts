/** Keeps expanded values, which may be secrets, out of the messages that schemas make. */
import type { z } from 'zod';
import { type Node, type Origin, toPlain } from './tree.ts';

/** A piece of a value this long is enough to give it away; shorter values count as a whole. */
const pieceCharacters = 4;

function originsIn(node: Node, found = new Set<Origin>()): Set<Origin> {
  if (node.origin) found.add(node.origin);
  if (node.kind === 'list') for (const item of node.items) originsIn(item, found);
  if (node.kind === 'map') for (const { value } of node.entries.values()) originsIn(value, found);
  return found;
}

function givesAway(message: string, text: string): boolean {
  const length = Math.min(pieceCharacters, text.length);
  if (length === 0) return false;
  for (let start = 0; start + length <= message.length; start++) if (text.includes(message.slice(start, start + length))) return true;
  return false;
}

/**
 * The message of an issue about `node`, which stands below `root`. If it may quote an expanded value, the schema is asked again with the references
 * as written in place of the values, because then there is nothing to give away.
 */
export function confidentialMessage(schema: z.ZodType, root: Node, node: Node, issue: z.core.$ZodIssue): string {
  const origins = [...originsIn(node)];
  if (!origins.some(({ text }) => givesAway(issue.message, text))) return issue.message;
  const again = schema.safeParse(toPlain(root, (one) => one.origin?.reference));
  const path = issue.path.join('\n');
  const same = again.error?.issues.find((other) => other.code === issue.code && other.path.join('\n') === path);
  const references = [...new Set(origins.map(({ reference }) => reference))].join(', ');
  return same?.message ?? `not accepted with the value of ${references}`;
}
