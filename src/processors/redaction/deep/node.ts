/**
 * A value as a tree, whether it is an attribute's lists and maps or JSON in a text. What is to change is noted at the nodes; the file that made the
 * tree (`value-tree.ts`, `json-tree.ts`) writes it back, and leaves everything that has no note as it was.
 */
import type { Value } from '../../../model/value.ts';

export type NodeKind = 'text' | 'number' | 'other' | 'list' | 'map';

const noChildren: readonly Node[] = [];

export class Node {
  readonly kind: NodeKind;
  readonly parent: Node | undefined;
  /** Its name in a map; `undefined` in a list and at the root. */
  readonly key: string | undefined;
  /** Its place in a list or map. */
  readonly index: number;
  /** Of a text what it says, of a number how it is written. */
  readonly text: string;
  children: readonly Node[] = noChildren;
  /** The attribute value that it stands for. */
  value: Value = null;
  /** Where it and its name stand in the JSON text, quotes included. */
  start = 0;
  end = 0;
  keyStart = 0;
  keyEnd = 0;
  /** What stands in its place from now on: a text, or `null`. */
  edit: string | null | undefined;
  /** Its new name. */
  newKey: string | undefined;
  /** It goes, with its name. Only out of attribute values. */
  deleted = false;

  constructor(kind: NodeKind, parent: Node | undefined, key: string | undefined, index: number, text: string) {
    this.kind = kind;
    this.parent = parent;
    this.key = key;
    this.index = index;
    this.text = text;
  }

  get changed(): boolean {
    return this.edit !== undefined || this.newKey !== undefined || this.deleted || this.children.some((child) => child.changed);
  }

  /** The text of a member that is one; '' if there is none. The last of several counts. */
  textOf(key: string): string {
    let found = '';
    for (const child of this.children) if (child.key === key && child.kind === 'text') found = child.text;
    return found;
  }

  has(key: string): boolean {
    return this.children.some((child) => child.key === key);
  }

  /** `$.messages[2].content`. Names that are redacted show as what they became. */
  get path(): string {
    if (this.parent === undefined) return '$';
    if (this.key === undefined) return `${this.parent.path}[${this.index}]`;
    const name = this.newKey ?? this.key;
    return /^\w+$/.test(name) ? `${this.parent.path}.${name}` : `${this.parent.path}[${JSON.stringify(name)}]`;
  }
}
