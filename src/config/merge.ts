import { depthMax, type Entry, type MapNode, mapNode, type Node, type Place } from './tree.ts';

/** Maps merge deeply; everything else, a list or a null too, is replaced by the later one (the Collector's merge of several `--config`). */
export function merge(base: Node, over: Node): Node {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const under = entries.get(key);
    entries.set(key, under ? { keyPlace: entry.keyPlace, value: merge(under.value, entry.value) } : entry);
  }
  return { ...base, entries };
}

/** Reads keys such as `receivers::otlp` as a path, for the one-liners of `yaml:` and `--set`. */
export function unfold(node: Node): Node {
  if (node.kind !== 'map') return node;
  let root: Node = mapNode(new Map(), node.place);
  for (const [key, { keyPlace, value }] of node.entries) {
    const keys = key.split('::');
    root = merge(root, nested(keys.length > depthMax ? [key] : keys, keyPlace, unfold(value)));
  }
  return root;
}

function nested(keys: readonly string[], keyPlace: Place, value: Node): MapNode {
  const [key = '', ...rest] = keys;
  const entry: Entry = { keyPlace, value: rest.length === 0 ? value : nested(rest, keyPlace, value) };
  return mapNode(new Map([[key, entry]]), keyPlace);
}
