/**
 * Patterns that the runtime's own engine may run. That engine backtracks: it is fast, but its work can explode with the text. So a pattern
 * goes there only if its work per starting position has a small bound that we can prove, and if it means the same there.
 */

import { nullable } from './program.ts';
import type { Ranges } from './ranges.ts';
import type { Assertion, Node } from './tree.ts';

/** Most steps that an attempt at one position may take. */
const workMax = 2_048;

/** `ways`: in how many ways it can match at one place. `work`: steps to try all of them. Both are upper bounds. */
interface Cost {
  readonly ways: number;
  readonly work: number;
}

function sequence(costs: readonly Cost[]): Cost {
  let ways = 1;
  let work = 0;
  for (const cost of costs) {
    work += ways * cost.work;
    ways *= cost.ways;
  }
  return { ways, work };
}

function repeatCost({ ways, work }: Cost, min: number, max: number): Cost {
  // Each round can be tried in all its ways after each of those of the round before, and the loop may end after any round.
  let total = 0;
  let paths = 1;
  let endings = min === 0 ? 1 : 0;
  for (let round = 1; round <= max && total <= workMax; round++) {
    total += paths * (work + 1);
    paths *= ways;
    if (round >= min) endings += paths;
  }
  return { ways: endings, work: total };
}

function costOf(node: Node): Cost {
  switch (node.kind) {
    case 'empty':
      return { ways: 1, work: 0 };
    case 'set':
    case 'assert':
      return { ways: 1, work: 1 };
    case 'concat':
      return sequence(node.parts.map(costOf));
    case 'alternate': {
      const costs = node.branches.map(costOf);
      return { ways: costs.reduce((sum, { ways }) => sum + ways, 0), work: costs.reduce((sum, { work }) => sum + work + 1, 0) };
    }
    case 'group':
      return costOf(node.body);
    case 'repeat':
      return node.max === Number.POSITIVE_INFINITY
        ? { ways: workMax, work: workMax + 1 }
        : repeatCost(costOf(node.body), node.min, node.max);
  }
}

/** Parts in sequence, groups opened: `a(bc)` is a, b, c. */
function flat(node: Node): readonly Node[] {
  if (node.kind === 'concat') return node.parts.flatMap(flat);
  return node.kind === 'group' ? flat(node.body) : [node];
}

function isUnboundedSet(node: Node): node is Node & { kind: 'repeat' } {
  return node.kind === 'repeat' && node.max === Number.POSITIVE_INFINITY && node.body.kind === 'set';
}

/**
 * Whether all attempts together are linear in the text. Either everything is bounded; or one character repeats without bound at the very end, where
 * the loop cannot fail once it has its minimum; or it repeats anywhere, but the pattern is tied to the start of the text, so that there is one attempt.
 */
function isHarmless(root: Node): boolean {
  const parts = flat(root);
  const loops = parts.filter(isUnboundedSet);
  if (loops.length === 0) return costOf(root).work <= workMax;
  const [loop, ...others] = loops;
  if (loop === undefined || others.length > 0) return false;
  const anchored = parts[0]?.kind === 'assert' && parts[0].assertion === 'textStart';
  const last = parts.at(-1) === loop;
  if (!last && !anchored) return false;
  const bounded = parts.map((part): Cost => (part === loop ? repeatCost({ ways: 1, work: 1 }, loop.min, loop.min) : costOf(part)));
  return sequence(bounded).work <= workMax;
}

/** Whether groups and empty rounds in loops mean the same: JavaScript forgets a group at each round, and leaves a loop at an empty round. */
function sameMeaning(node: Node, inLoop: boolean): boolean {
  switch (node.kind) {
    case 'concat':
      return node.parts.every((part) => sameMeaning(part, inLoop));
    case 'alternate':
      return node.branches.every((branch) => sameMeaning(branch, inLoop));
    case 'group':
      return !inLoop && sameMeaning(node.body, inLoop);
    case 'repeat':
      return !nullable(node.body) && sameMeaning(node.body, true);
    default:
      return true;
  }
}

const assertions: Readonly<Record<Assertion, string>> = {
  textStart: '^',
  textEnd: '$',
  lineStart: '(?<![^\\n])',
  lineEnd: '(?![^\\n])',
  wordBoundary: '\\b',
  noWordBoundary: '\\B',
};

function character(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}

function setSource(ranges: Ranges): string {
  const [only, end] = ranges;
  // The runtime looks for a character faster than for a set of one.
  if (ranges.length === 2 && only !== undefined && only === end) return character(only);
  let members = '';
  for (let index = 0; index < ranges.length; index += 2) {
    const [from, to] = [ranges[index] as number, ranges[index + 1] as number];
    members += from === to ? character(from) : `${character(from)}-${character(to)}`;
  }
  return `[${members}]`;
}

function sourceOf(node: Node): string {
  switch (node.kind) {
    case 'empty':
      return '(?:)';
    case 'set':
      return setSource(node.ranges);
    case 'assert':
      return assertions[node.assertion];
    case 'concat':
      return node.parts.map(sourceOf).join('');
    case 'alternate':
      return `(?:${node.branches.map(sourceOf).join('|')})`;
    case 'group':
      return `(${sourceOf(node.body)})`;
    case 'repeat': {
      const max = node.max === Number.POSITIVE_INFINITY ? '' : `${node.max}`;
      return `(?:${sourceOf(node.body)}){${node.min},${max}}${node.greedy ? '' : '?'}`;
    }
  }
}

/** The pattern for the runtime's engine, or `undefined` if it must not go there: V8, too, finds empty matches within surrogate pairs. */
export function nativePattern(root: Node): RegExp | undefined {
  return !nullable(root) && isHarmless(root) && sameMeaning(root, false) ? new RegExp(sourceOf(root), 'gu') : undefined;
}
