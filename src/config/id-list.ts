import { parseId } from './id.ts';
import type { Report } from './report.ts';
import { isEmpty, type Node, type Place, type ScalarNode, shownValue } from './tree.ts';

/** An id where a list names it. */
export interface Reference {
  readonly id: string;
  /** As a problem may show it: the `${…}` that it came from, if any. */
  readonly shown: string;
  readonly place: Place;
}

/** The ids of a list, as written, repetitions included. A single text is split at commas, as the Collector does. */
export function idList(node: Node | undefined, path: string, report: Report): Reference[] {
  if (node === undefined || isEmpty(node)) return [];
  if (node.kind === 'map') {
    report.error(node.place, path, 'source data must be an array or slice, got map');
    return [];
  }
  if (node.kind === 'scalar') return split(node).flatMap((item) => reference(item, path, report));
  return node.items.flatMap((item) => {
    if (item.kind === 'scalar') return reference(item, path, report);
    report.error(item.place, path, `expected type 'string', got unconvertible type '${item.kind === 'map' ? 'map' : 'slice'}'`);
    return [];
  });
}

function split(node: ScalarNode): ScalarNode[] {
  if (typeof node.value !== 'string') return [node];
  return node.value
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((value) => ({ ...node, value }));
}

function reference(node: ScalarNode, path: string, report: Report): Reference[] {
  const text = typeof node.value === 'string' ? node.value : node.raw;
  if (node.origin?.broken) return [];
  const parsed =
    text === undefined
      ? `expected type 'string', got unconvertible type '${node.value === null ? 'nil' : typeof node.value}'`
      : parseId(text);
  if (typeof parsed !== 'string') return [{ id: parsed.id, shown: node.origin ? shownValue(node) : parsed.id, place: node.place }];
  report.error(node.place, path, node.origin ? `${node.origin.reference} gives an invalid id` : parsed);
  return [];
}

/** The references without repetitions. */
export function once(references: readonly Reference[]): Reference[] {
  const seen = new Set<string>();
  return references.filter(({ id }) => !seen.has(id) && seen.add(id));
}
