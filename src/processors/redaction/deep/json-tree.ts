/**
 * JSON in a text as a tree that knows where everything stands, so that a change replaces exactly the bytes of the strings that it concerns: numbers,
 * spacing, order and doubled names stay as they are. It is more lenient than JSON: several values may follow each other (JSON lines), the text may
 * be cut off (attributes have length limits), `NaN` and `Infinity` are literals (Python writes them).
 */
import { Node } from './node.ts';

/** Nesting of JSON that is looked into. */
const depthMax = 256;

export type JsonText =
  | { readonly state: 'read'; readonly roots: readonly Node[] }
  /** Not JSON, so it is what it is: a text. */
  | { readonly state: 'text' }
  /** JSON, but nested too deep to be looked into. */
  | { readonly state: 'too_deep' };

/** A part of a longer text is slow to read character by character, from this length on; decoding makes a text of its own. */
const slicedMin = 13;

const space = /[ \t\r\n]*/y;
const number = /-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)/y;
const literal = /true|false|null|NaN/y;
const byteOrderMark = 0xfeff;
const literals = ['true', 'false', 'null', 'NaN', 'Infinity', '-Infinity'];

/** Whether a text could be a JSON document that holds strings. Cheap, asked of every text. */
export function looksLikeJson(text: string): boolean {
  for (let at = text.charCodeAt(0) === byteOrderMark ? 1 : 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) continue;
    return code === 0x7b || code === 0x5b || code === 0x22;
  }
  return false;
}

export function readJson(text: string): JsonText {
  const reader = new JsonReader(text);
  const roots = reader.roots();
  if (reader.stop === 'too_deep') return { state: 'too_deep' };
  if (reader.stop === 'wrong' || (reader.stop === 'cut' && reader.strings === 0)) return { state: 'text' };
  return { state: 'read', roots };
}

/** The text with its strings and names replaced as the nodes say. */
export function writtenJson(text: string, roots: readonly Node[]): string {
  const splice = new Splice(text);
  for (const root of roots) splice.node(root);
  return splice.finish();
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  strings = 0;
  /** `cut`: the text ends too early; `wrong`: it is no JSON. */
  stop: 'cut' | 'wrong' | 'too_deep' | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  roots(): readonly Node[] {
    const roots: Node[] = [];
    if (this.#text.charCodeAt(0) === byteOrderMark) this.#at = 1;
    for (this.#space(); this.#at < this.#text.length && this.stop === undefined; this.#space())
      roots.push(this.#value(undefined, undefined, 0, 0));
    return roots;
  }

  #value(parent: Node | undefined, key: string | undefined, index: number, depth: number): Node {
    if (depth > depthMax) this.stop = 'too_deep';
    const start = this.#at;
    let node: Node;
    switch (this.stop === undefined ? this.#text[start] : undefined) {
      case '"':
        node = new Node('text', parent, key, index, this.#string());
        break;
      case '{':
      case '[':
        node = new Node(this.#text[start] === '{' ? 'map' : 'list', parent, key, index, '');
        this.#container(node, depth);
        break;
      default: {
        const isNumber = this.#match(number);
        node = new Node(isNumber ? 'number' : 'other', parent, key, index, this.#text.slice(start, this.#at));
        if (!isNumber && !this.#match(literal)) this.#fail(literals.some((one) => one.startsWith(this.#text.slice(start))));
      }
    }
    node.start = start;
    node.end = this.#at;
    return node;
  }

  #container(node: Node, depth: number): void {
    const close = node.kind === 'map' ? '}' : ']';
    const children: Node[] = [];
    node.children = children;
    this.#at++;
    this.#space();
    if (this.#take(close)) return;
    do {
      this.#space();
      children.push(
        node.kind === 'map' ? this.#member(node, children.length, depth) : this.#value(node, undefined, children.length, depth + 1),
      );
      this.#space();
    } while (this.stop === undefined && this.#take(','));
    if (this.stop === undefined && !this.#take(close)) this.#fail(false);
  }

  #member(parent: Node, index: number, depth: number): Node {
    const keyStart = this.#at;
    let key = '';
    if (this.#text[keyStart] === '"') key = this.#string();
    else this.#fail(false);
    const keyEnd = this.#at;
    this.#space();
    if (this.stop === undefined && !this.#take(':')) this.#fail(false);
    this.#space();
    const child = this.#value(parent, key, index, depth + 1);
    child.keyStart = keyStart;
    child.keyEnd = keyEnd;
    return child;
  }

  /** Reads a string with its quotes; one that is cut off as far as it goes. */
  #string(): string {
    const text = this.#text;
    const start = this.#at + 1;
    this.strings++;
    let end = text.indexOf('"', start);
    while (end >= 0 && isEscaped(text, start, end)) end = text.indexOf('"', end + 1);
    this.#at = end < 0 ? text.length : end + 1;
    const raw = text.slice(start, end < 0 ? text.length : end);
    if (end < 0) this.#fail(true);
    if (raw.length < slicedMin && !raw.includes('\\')) return raw;
    const decoded = decode(end < 0 ? raw.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, '') : raw);
    if (decoded === undefined) this.#fail(false);
    return decoded ?? raw;
  }

  #space(): void {
    const code = this.#text.charCodeAt(this.#at);
    if (code <= 0x20) this.#match(space);
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #take(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #fail(isCut: boolean): void {
    this.stop ??= isCut || this.#at >= this.#text.length ? 'cut' : 'wrong';
  }
}

/** Whether an odd number of backslashes stands before a quote. */
function isEscaped(text: string, start: number, quote: number): boolean {
  let at = quote;
  while (at > start && text.charCodeAt(at - 1) === 0x5c) at--;
  return (quote - at) % 2 === 1;
}

/** Line breaks and other control characters may stand in it as they are. `undefined`: an escape is wrong. */
function decode(raw: string): string | undefined {
  return parsed(raw) ?? parsed(raw.replace(controls, (one) => `\\u00${one.charCodeAt(0).toString(16).padStart(2, '0')}`));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const controls = /[\0-\x1f]/g;

function parsed(raw: string): string | undefined {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return undefined;
  }
}

class Splice {
  readonly #text: string;
  #out = '';
  #copied = 0;
  #isAscii: boolean | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  node(node: Node): void {
    if (node.newKey !== undefined) this.#put(node.keyStart, node.keyEnd, node.newKey);
    if (node.edit !== undefined) this.#put(node.start, node.end, node.edit);
    else for (const child of node.children) this.node(child);
  }

  finish(): string {
    return this.#out + this.#text.slice(this.#copied);
  }

  #put(start: number, end: number, edit: string | null): void {
    const isOpen =
      this.#text[start] === '"' && (end - start < 2 || this.#text[end - 1] !== '"' || isEscaped(this.#text, start + 1, end - 1));
    const written = edit === null ? 'null' : this.#written(edit);
    this.#out += this.#text.slice(this.#copied, start) + (isOpen && edit !== null ? written.slice(0, -1) : written);
    this.#copied = end;
  }

  /** Where everything else is ASCII (Python escapes the rest), the new text is, too. */
  #written(edit: string): string {
    const written = JSON.stringify(edit);
    this.#isAscii ??= /^[\0-\x7f]*$/.test(this.#text);
    return this.#isAscii ? written.replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`) : written;
  }
}
