import { type Bytes, bytes } from '../../../model/bytes.ts';
import type { Value } from '../../../model/value.ts';
import { textOf } from '../../text-of.ts';
import { Node, type NodeKind } from './node.ts';

/** Bytes count as the text that they spell in UTF-8, or else one character each: so a text cannot hide in them. */
export function valueTree(value: Value, parent?: Node, key?: string, index = 0): Node {
  const node = new Node(kindOf(value), parent, key, index, plainText(value));
  node.value = value;
  if (value instanceof Map) {
    let at = 0;
    const children: Node[] = [];
    for (const [name, member] of value as ReadonlyMap<string, Value>) children.push(valueTree(member, node, name, at++));
    node.children = children;
  } else if (Array.isArray(value)) {
    node.children = (value as readonly Value[]).map((element, at) => valueTree(element, node, undefined, at));
  }
  return node;
}

function kindOf(value: Value): NodeKind {
  if (typeof value === 'string' || value instanceof Uint8Array) return 'text';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (value instanceof Map) return 'map';
  return Array.isArray(value) ? 'list' : 'other';
}

function plainText(value: Value): string {
  if (value instanceof Uint8Array) return spelled(bytesOf(value)).text;
  return typeof value === 'object' ? '' : textOf(value);
}

/** The same value object where nothing changed. */
export function writtenValue(node: Node): Value {
  if (!node.changed) return node.value;
  if (node.edit !== undefined) return editedValue(node, node.edit);
  const kept = node.children.filter(({ deleted }) => !deleted);
  if (node.kind === 'list') return kept.map(writtenValue);
  if (node.kind !== 'map') return node.value;
  const members = new Map<string, Value>();
  for (const child of kept) members.set(child.newKey ?? child.key ?? '', writtenValue(child));
  return members;
}

function editedValue(node: Node, edit: string | null): Value {
  if (edit === null || !(node.value instanceof Uint8Array)) return edit;
  return bytes.from(edit, spelled(bytesOf(node.value)).encoding);
}

function bytesOf(value: Uint8Array): Bytes {
  return bytes.from(value.buffer, value.byteOffset, value.length);
}

function spelled(value: Bytes): { readonly text: string; readonly encoding: 'utf8' | 'latin1' } {
  const text = value.utf8Slice();
  return bytes.from(text, 'utf8').equals(value) ? { text, encoding: 'utf8' } : { text: value.latin1Slice(), encoding: 'latin1' };
}
