import { Alphabet, Neighbour } from './alphabet.ts';
import type { Ranges } from './ranges.ts';
import { type Assertion, type Node, PatternError } from './tree.ts';

export const Op = { match: 0, set: 1, jump: 2, split: 3, save: 4, assert: 5 } as const;

const assertionNumbers: Readonly<Record<Assertion, number>> = {
  textStart: 0,
  textEnd: 1,
  lineStart: 2,
  lineEnd: 3,
  wordBoundary: 4,
  noWordBoundary: 5,
};

/** Whether an assertion holds between two neighbours. */
export function holds(assertion: number, before: number, after: number): boolean {
  switch (assertion) {
    case 0:
      return before === Neighbour.textEdge;
    case 1:
      return after === Neighbour.textEdge;
    case 2:
      return before <= Neighbour.newline;
    case 3:
      return after <= Neighbour.newline;
    default:
      return ((before === Neighbour.word) !== (after === Neighbour.word)) === (assertion === 4);
  }
}

const instructionsMax = 20_000;
const slotsMax = 1_000_000;

/**
 * Instructions of a virtual machine (Thompson's construction). `match`; `set x`: a character of set x, then on; `jump x`;
 * `split x y`: x is preferred; `save x`: the position into slot x; `assert x`.
 */
export interface Program {
  readonly op: Uint8Array;
  readonly x: Int32Array;
  readonly y: Int32Array;
  /** Two for each group, the whole match first. */
  readonly slots: number;
  readonly alphabet: Alphabet;
}

class Compiler {
  readonly op: number[] = [];
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly sets: Ranges[] = [];
  readonly #setNumbers = new Map<string, number>();

  emit(op: number, x = 0, y = 0): number {
    if (this.op.length >= instructionsMax) throw new PatternError('expression too large');
    this.op.push(op);
    this.x.push(x);
    this.y.push(y);
    return this.op.length - 1;
  }

  #setNumber(ranges: Ranges): number {
    const key = ranges.join();
    const known = this.#setNumbers.get(key);
    if (known !== undefined) return known;
    this.#setNumbers.set(key, this.sets.length);
    return this.sets.push(ranges) - 1;
  }

  node(node: Node): void {
    switch (node.kind) {
      case 'empty':
        break;
      case 'set':
        this.emit(Op.set, this.#setNumber(node.ranges));
        break;
      case 'assert':
        this.emit(Op.assert, assertionNumbers[node.assertion]);
        break;
      case 'concat':
        for (const part of node.parts) this.node(part);
        break;
      case 'alternate':
        this.#alternate(node.branches);
        break;
      case 'group':
        this.emit(Op.save, 2 * node.index);
        this.node(node.body);
        this.emit(Op.save, 2 * node.index + 1);
        break;
      case 'repeat':
        this.#repeat(node.body, node.min, node.max, node.greedy);
        break;
    }
  }

  #alternate(branches: readonly Node[]): void {
    const exits: number[] = [];
    for (const [index, branch] of branches.entries()) {
      const last = index === branches.length - 1;
      const split = last ? -1 : this.emit(Op.split, this.op.length + 1);
      this.node(branch);
      if (last) break;
      exits.push(this.emit(Op.jump));
      this.y[split] = this.op.length;
    }
    for (const exit of exits) this.x[exit] = this.op.length;
  }

  /** A split that goes into the body or past it; `pass` is filled in later. */
  #choice(greedy: boolean): (pass: number) => void {
    const body = this.op.length + 1;
    const split = this.emit(Op.split, body, body);
    return (pass) => {
      if (greedy) this.y[split] = pass;
      else this.x[split] = pass;
    };
  }

  #repeat(body: Node, min: number, max: number, greedy: boolean): void {
    if (max === Number.POSITIVE_INFINITY) {
      // A body that may be empty is entered once before it loops, so that an empty round counts as a match of the body (Go's simplification).
      const plus = min > 0 || nullable(body);
      for (let round = 1; round < min; round++) this.node(body);
      if (!plus) {
        const start = this.op.length;
        const pass = this.#choice(greedy);
        this.node(body);
        this.emit(Op.jump, start);
        pass(this.op.length);
        return;
      }
      const skip = min === 0 ? this.#choice(greedy) : undefined;
      const start = this.op.length;
      this.node(body);
      const split = this.emit(Op.split);
      this.x[split] = greedy ? start : split + 1;
      this.y[split] = greedy ? split + 1 : start;
      skip?.(this.op.length);
      return;
    }
    for (let round = 0; round < min; round++) this.node(body);
    const passes: ((pass: number) => void)[] = [];
    for (let round = min; round < max; round++) {
      passes.push(this.#choice(greedy));
      this.node(body);
    }
    for (const pass of passes) pass(this.op.length);
  }
}

/** Whether it can match the empty text. */
export function nullable(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'concat':
      return node.parts.every(nullable);
    case 'alternate':
      return node.branches.some(nullable);
    case 'repeat':
      return node.min === 0 || nullable(node.body);
    case 'group':
      return nullable(node.body);
    default:
      return true;
  }
}

/** Throws `PatternError` if the program would be too large. */
export function compileProgram(root: Node, groups: number): Program {
  const compiler = new Compiler();
  compiler.node({ kind: 'group', index: 0, body: root });
  compiler.emit(Op.match);
  const { op, x, y, sets } = compiler;
  const slots = 2 * (groups + 1);
  if (slots * op.length > slotsMax) throw new PatternError('expression too large');
  return { op: Uint8Array.from(op), x: Int32Array.from(x), y: Int32Array.from(y), slots, alphabet: new Alphabet(sets) };
}
