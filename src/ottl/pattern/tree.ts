import type { Ranges } from './ranges.ts';

export type Assertion = 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'wordBoundary' | 'noWordBoundary';

/** A regular expression, parsed: flags are resolved, every character is a set. */
export type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'concat'; readonly parts: readonly Node[] }
  | { readonly kind: 'alternate'; readonly branches: readonly Node[] }
  | { readonly kind: 'repeat'; readonly body: Node; readonly min: number; readonly max: number; readonly greedy: boolean }
  | { readonly kind: 'group'; readonly index: number; readonly body: Node };

export interface Parsed {
  readonly root: Node;
  /** Names of the groups by number; '' for 0 and for those without a name. */
  readonly groupNames: readonly string[];
}

/** A pattern that RE2 refuses. The message is RE2's reason and the part that it is about. */
export class PatternError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PatternError';
  }
}

/** The one code point of a set, or -1. */
export function onlyMember(node: Node): number {
  return node.kind === 'set' && node.ranges.length === 2 && node.ranges[0] === node.ranges[1] ? (node.ranges[0] as number) : -1;
}
