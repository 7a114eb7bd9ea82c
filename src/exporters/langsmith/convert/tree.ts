/** Attributes with indexed names (`llm.tools.0.tool.json_schema`) as the list that they were before (mapping §3.3). */
import { emptyObject, type Json, type JsonObject } from './json.ts';
import { compare, type Family, inOrder } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const indexMax = 4_095;

/** A place in the tree: a value of its own, members, or both. */
interface Node {
  value: Json | undefined;
  members: Map<string, Node> | undefined;
}

/**
 * The family's members as a list in order of their indexes, gaps closed; `undefined` if there are none. They are used up.
 * `wanted`: only members whose name behind the index matches.
 */
export function takeTree(reader: SpanReader, family: Family, wanted?: RegExp): readonly Json[] | undefined {
  const tree = treeOf(reader, family, wanted);
  if (tree === undefined) return undefined;
  for (const position of reader.members(family)) {
    if (wanted === undefined || wanted.test(reader.planAt(position)?.rest ?? '')) reader.useAt(position);
  }
  return tree;
}

export function treeOf(reader: SpanReader, family: Family, wanted?: RegExp): readonly Json[] | undefined {
  const positions = reader.members(family);
  if (positions.length === 0) return undefined;
  const roots = new Map<number, Node>();
  for (const position of positions) {
    const plan = reader.planAt(position);
    if (plan === undefined || wanted?.test(plan.rest) === false) continue;
    let node = roots.get(plan.index);
    if (node === undefined) roots.set(plan.index, (node = newNode()));
    place(node, plan.path, reader.leafAt(position));
  }
  if (roots.size === 0) return undefined;
  const list: Json[] = [];
  for (const index of inOrder([...roots.keys()], (one, other) => one - other)) list.push(jsonOfNode(roots.get(index) as Node));
  return list;
}

function newNode(): Node {
  return { value: undefined, members: undefined };
}

function place(root: Node, path: readonly string[], value: Json): void {
  let node = root;
  for (const segment of path) {
    node.members ??= new Map();
    let next = node.members.get(segment);
    if (next === undefined) node.members.set(segment, (next = newNode()));
    node = next;
  }
  node.value = value;
}

function jsonOfNode({ value, members }: Node): Json {
  if (members === undefined) return value ?? null;
  const keys = [...members.keys()];
  if (value === undefined && keys.every(isIndex)) {
    return inOrder(keys, (one, other) => Number(one) - Number(other)).map((key) => jsonOfNode(members.get(key) as Node));
  }
  const object: JsonObject = emptyObject();
  for (const key of inOrder(keys, compare)) object[key] = jsonOfNode(members.get(key) as Node);
  if (value !== undefined) object._value = value;
  return object;
}

function isIndex(segment: string): boolean {
  const first = segment.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 && /^\d{1,5}$/.test(segment) && Number(segment) <= indexMax;
}
