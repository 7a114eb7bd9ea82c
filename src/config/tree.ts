/**
 * Settings between YAML and schema: a tree whose every part knows where it was written. Nodes are never changed once built;
 * merging and expanding make new ones.
 */

/** A text that settings come from. */
export interface Source {
  /** As problems name it: a path, `env:NAME`, `--set a.b`. */
  readonly name: string;
  readonly text: string;
  /** Its lines came from the environment or the command line and may hold secrets, so problems do not show them. */
  readonly hidden: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Place {
  readonly source: Source;
  /** UTF-16 code units from the start of the text. */
  readonly offset: number;
}

/** Where an expanded value comes from. Problems show the reference, never the text: it may be a secret. */
export interface Origin {
  /** As written: `${env:NAME}`. */
  readonly reference: string;
  readonly text: string;
  /** It could not be resolved, which is a problem already reported. */
  readonly broken: boolean;
}

interface Written {
  readonly place: Place;
  readonly origin: Origin | undefined;
  /** The text of a value that is one whole `${…}`: wins over its YAML reading where the schema wants a text. */
  readonly raw: string | undefined;
}

export type Scalar = null | boolean | number | string;

export interface ScalarNode extends Written {
  readonly kind: 'scalar';
  readonly value: Scalar;
}

export interface Entry {
  readonly keyPlace: Place;
  readonly value: Node;
}

export interface MapNode extends Written {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface ListNode extends Written {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export type Node = ScalarNode | MapNode | ListNode;

/** Deepest nesting of settings, in levels. */
export const depthMax = 64;

export function scalarNode(value: Scalar, place: Place): ScalarNode {
  return { kind: 'scalar', value, place, origin: undefined, raw: undefined };
}

export function mapNode(entries: ReadonlyMap<string, Entry>, place: Place): MapNode {
  return { kind: 'map', entries, place, origin: undefined, raw: undefined };
}

export function isEmpty(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** Where a caret helps most: at the value if it stands on the key's line as a scalar, else at the key. */
export function placeOf(entry: Entry): Place {
  return entry.value.kind === 'scalar' && entry.value.value !== null ? entry.value.place : entry.keyPlace;
}

/** Go's names of the types, as the Collector prints them. */
export function typeName(node: Node): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'map' : 'slice';
  if (typeof node.value === 'number') return Number.isInteger(node.value) ? 'int' : 'float64';
  if (typeof node.value === 'boolean') return 'bool';
  return node.value === null ? 'nil' : 'string';
}

/** A key as a problem may show it: a key that came out of a `${…}` is shown as that reference. */
export function shownKey(map: MapNode, key: string): string {
  return map.origin === undefined ? key : map.origin.reference;
}

/** A scalar as a problem may show it. */
export function shownValue(node: ScalarNode): string {
  return node.origin === undefined ? String(node.value) : node.origin.reference;
}

export type Plain = Scalar | Plain[] | { [key: string]: Plain };

/** What replaces a node on the way to plain values; `undefined` leaves it as it is, `absent` leaves it out of its map. */
export type Replace = (node: Node) => Scalar | typeof absent | undefined;
export const absent: unique symbol = Symbol('absent');

/** The tree as plain values, its maps without prototype. */
export function toPlain(node: Node, replace: Replace): Plain {
  const instead = replace(node);
  if (instead !== undefined) return instead === absent ? null : instead;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map((item) => toPlain(item, replace));
  const plain: { [key: string]: Plain } = Object.create(null);
  for (const [key, { value }] of node.entries) if (replace(value) !== absent) plain[key] = toPlain(value, replace);
  return plain;
}
