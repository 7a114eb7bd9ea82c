/**
 * The part of JSONPath (RFC 9535) that names places in messages: `$`, `.name`, `['name']`, `[n]`, `[*]`, `.*` and `..` before each of them.
 * A path is a row of steps; which of them lead to a node is a set of bits, so that one walk over a tree follows all paths at once.
 */
import type { Node } from './node.ts';

export interface JsonPath {
  readonly steps: readonly Step[];
}

interface Step {
  /** Also at any depth below. */
  readonly deep: boolean;
  /** A name, a position, or anything. */
  readonly at: string | number | undefined;
}

/** One bit per step, and one for the end. */
const stepsMax = 30;

/** `column` is the place of the error in the path, from 0. */
export class JsonPathError extends Error {
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.name = 'JsonPathError';
    this.column = column;
  }
}

const name = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const position = /(?:0|[1-9]\d{0,8})(?=\])/y;
const quoted = /'((?:[^'\\]|\\.)*)'(?=\])|"((?:[^"\\]|\\.)*)"(?=\])/y;

export function parseJsonPath(text: string): JsonPath {
  if (text[0] !== '$') throw new JsonPathError('a JSON path begins with "$"', 0);
  const steps: Step[] = [];
  let at = 1;
  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found ?? undefined;
  };
  while (at < text.length) {
    const dots = text.startsWith('..', at) ? 2 : text[at] === '.' ? 1 : 0;
    at += dots;
    const isBracket = text[at] === '[' && dots !== 1;
    if (dots === 0 && !isBracket) throw new JsonPathError('expected ".", ".." or "["', at);
    if (isBracket) at++;
    let target: Step['at'];
    if (text[at] === '*') at++;
    else target = isBracket ? inBrackets(match, at) : match(name)?.[0];
    if (target === undefined && text[at - 1] !== '*')
      throw new JsonPathError(isBracket ? 'expected a position, a name in quotes, or "*"' : 'expected a name or "*"', at);
    if (isBracket && text[at++] !== ']') throw new JsonPathError('expected "]"', at - 1);
    steps.push({ deep: dots === 2, at: target });
    if (steps.length > stepsMax) throw new JsonPathError(`more than ${stepsMax} steps`, at);
  }
  return { steps };
}

function inBrackets(match: (pattern: RegExp) => RegExpExecArray | undefined, at: number): string | number | undefined {
  const digits = match(position);
  if (digits) return Number(digits[0]);
  const found = match(quoted);
  if (!found) return undefined;
  const unquoted = (found[1] ?? found[2] ?? '').replace(/\\(.)/g, '$1');
  if (unquoted === '') throw new JsonPathError('an empty name', at);
  return unquoted;
}

/** Bits of the root: nothing is done yet. */
export const atRoot = 1;

/** The bits of a child by those of its parent. */
export function follow({ steps }: JsonPath, bits: number, child: Node): number {
  let reached = 0;
  for (let step = 0; step < steps.length; step++) {
    if ((bits & (1 << step)) === 0) continue;
    const { deep, at } = steps[step] as Step;
    if (deep) reached |= 1 << step;
    if (at === undefined || at === (child.key ?? child.index)) reached |= 1 << (step + 1);
  }
  return reached;
}

export function isReached({ steps }: JsonPath, bits: number): boolean {
  return (bits & (1 << steps.length)) !== 0;
}
