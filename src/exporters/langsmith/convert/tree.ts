/** Attributes with indexed names (`llm.tools.0.tool.json_schema`) as the list that they were before (mapping §3.3). */
import { emptyObject, type Json } from './json.ts';
import type { KeyNode } from './key-tree.ts';
import type { Family } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

/**
 * The family's members as a list in order of their indexes, gaps closed; `undefined` if there are none. They are used up.
 * `wanted`: only members whose name behind the index matches.
 */
export function takeTree(reader: SpanReader, family: Family, wanted?: RegExp): readonly Json[] | undefined {
  const tree = treeOf(reader, family, wanted);
  if (tree !== undefined) for (const position of reader.tree(family, wanted).positions) reader.useAt(position);
  return tree;
}

export function treeOf(reader: SpanReader, family: Family, wanted?: RegExp): readonly Json[] | undefined {
  if (reader.members(family).length === 0) return undefined;
  const { entries } = reader.tree(family, wanted);
  return entries.length === 0 ? undefined : entries.map((entry) => jsonOf(reader, entry));
}

function jsonOf(reader: SpanReader, { position, members, isList }: KeyNode): Json {
  const value = position < 0 ? undefined : reader.leafAt(position);
  if (members === undefined) return value ?? null;
  if (isList) return members.map((member) => jsonOf(reader, member));
  const object = emptyObject();
  for (const member of members) object[member.key] = jsonOf(reader, member);
  if (value !== undefined) object._value = value;
  return object;
}
