import type { z } from 'zod';
import { absent, isEmpty, type Node, type Place, type Plain, placeOf, type Scalar, toPlain } from './tree.ts';

export type Decoded =
  | { readonly ok: true; readonly config: unknown; readonly plain: Plain }
  | { readonly ok: false; readonly issues: readonly z.core.$ZodIssue[] };

type Instead = Map<Node, Scalar | typeof absent>;

/**
 * Parses settings with their schema, by two rules of the Collector that only the schema can decide: where it wants a text, an expanded value's
 * text wins over its YAML reading; and a null, or an expanded value that is empty, leaves the default where the schema takes neither.
 */
export function decode(schema: z.ZodType, node: Node): Decoded {
  const instead: Instead = new Map();
  for (;;) {
    const plain = toPlain(node, (one) => instead.get(one));
    const result = schema.safeParse(plain);
    if (result.success) return { ok: true, config: result.data, plain };
    // A node goes from its value to its text to being absent, never back, so this ends.
    if (!adapt(result.error.issues, node, [], instead)) return { ok: false, issues: result.error.issues };
  }
}

function adapt(issues: readonly z.core.$ZodIssue[], root: Node, above: readonly PropertyKey[], instead: Instead): boolean {
  let changed = false;
  for (const issue of issues) {
    const path = [...above, ...issue.path];
    if (issue.code === 'invalid_union') for (const option of issue.errors) changed = adapt(option, root, path, instead) || changed;
    const { node } = locate(root, root.place, path);
    if (node === undefined || path.length === 0) continue;
    const next = nextTry(issue, node, instead);
    if (next === undefined) continue;
    instead.set(node, next);
    changed = true;
  }
  return changed;
}

function nextTry(issue: z.core.$ZodIssue, node: Node, instead: Instead): Scalar | typeof absent | undefined {
  const last = instead.get(node);
  if (last === absent) return undefined;
  const nothing = isEmpty(node);
  const mismatch = issue.code === 'invalid_type' || issue.code === 'invalid_value';
  const wantsText = issue.code === 'invalid_value' || (issue.code === 'invalid_type' && issue.expected === 'string');
  const isText = last !== undefined || (node.kind === 'scalar' && typeof node.value === 'string');
  if (wantsText && !isText && node.raw !== undefined) return node.raw;
  return nothing && (mismatch || last === '') ? absent : undefined;
}

export interface Located {
  /** The place itself, or that of the nearest thing above it that is written. */
  readonly place: Place;
  /** `undefined` if nothing stands there. */
  readonly node: Node | undefined;
}

/** Finds what stands at a path below a node whose key stands at `keyPlace`. */
export function locate(root: Node, keyPlace: Place, path: readonly PropertyKey[]): Located {
  let node: Node = root;
  let place = keyPlace;
  for (const key of path) {
    if (node.kind === 'list') {
      const item: Node | undefined = node.items[Number(key)];
      if (item === undefined) return { place, node: undefined };
      node = item;
      place = item.place;
    } else {
      const entry = node.kind === 'map' ? node.entries.get(String(key)) : undefined;
      if (entry === undefined) return { place, node: undefined };
      node = entry.value;
      place = placeOf(entry);
    }
  }
  return { place, node };
}
