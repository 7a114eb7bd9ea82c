/** The lists and objects that attributes with indexed names were before (mapping §3.3), as far as the keys tell: where each value stands. */
import { compare, type Plan } from './keys.ts';

const indexMax = 4_095;

/** A place in a tree: a value of its own, members, or both. */
export interface KeyNode {
  readonly key: string;
  /** Of its own value; -1 if it has none. */
  readonly position: number;
  /** In order; `undefined` if it has none. */
  readonly members: readonly KeyNode[] | undefined;
  /** The members are elements: their keys are indexes. */
  readonly isList: boolean;
}

export interface KeyTree {
  /** Which members were wanted; `undefined`: all of them. */
  readonly wanted: RegExp | undefined;
  /** In order of their indexes. */
  readonly entries: readonly KeyNode[];
  /** All positions that stand in it. */
  readonly positions: readonly number[];
}

/** A node under way. */
interface Growing {
  position: number;
  members: Map<string, Growing> | undefined;
}

/** The tree of these positions. `wanted`: only members whose name behind the index matches. */
export function keyTreeOf(plans: readonly (Plan | undefined)[], members: readonly number[], wanted: RegExp | undefined): KeyTree {
  const roots = new Map<number, Growing>();
  const positions: number[] = [];
  for (const position of members) {
    const plan = plans[position];
    if (plan === undefined || wanted?.test(plan.rest) === false) continue;
    positions.push(position);
    let root = roots.get(plan.index);
    if (root === undefined) roots.set(plan.index, (root = newNode()));
    place(root, plan.path, position);
  }
  const inOrder = [...roots].sort(([one], [other]) => one - other);
  return { wanted, entries: inOrder.map(([index, root]) => grown(String(index), root)), positions };
}

function newNode(): Growing {
  return { position: -1, members: undefined };
}

function place(root: Growing, path: readonly string[], position: number): void {
  let node = root;
  for (const segment of path) {
    node.members ??= new Map();
    let next = node.members.get(segment);
    if (next === undefined) node.members.set(segment, (next = newNode()));
    node = next;
  }
  node.position = position;
}

function grown(key: string, { position, members }: Growing): KeyNode {
  if (members === undefined) return { key, position, members, isList: false };
  const keys = [...members.keys()];
  const isList = position < 0 && keys.every(isIndex);
  keys.sort(isList ? (one, other) => Number(one) - Number(other) : compare);
  return { key, position, members: keys.map((each) => grown(each, members.get(each) as Growing)), isList };
}

function isIndex(segment: string): boolean {
  const first = segment.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 && /^\d{1,5}$/.test(segment) && Number(segment) <= indexMax;
}
