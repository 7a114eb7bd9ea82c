import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type ScalarTag,
  type YAMLMap,
  type YAMLSeq,
  type Node as YamlNode,
} from 'yaml';
import {
  depthMax,
  type Entry,
  type MapNode,
  mapNode,
  type Node,
  type Origin,
  type Place,
  type Scalar,
  type Source,
  scalarNode,
} from './tree.ts';

/** Why a text is no YAML, or no YAML that we take. Sentences hold nothing of the text but keys and anchors. */
export interface YamlFault {
  readonly offset: number;
  readonly sentence: string;
  readonly hint?: string;
}

export interface Parsed {
  readonly root: Node;
  readonly faults: readonly YamlFault[];
}

/** Nodes of one document once its aliases are resolved: a few lines of nested aliases can mean billions. */
const nodesMax = 100_000;
const faultsMax = 20;

/** YAML 1.1's octal integers, which the Collector's parser still reads: `0123` is 83. */
const legacyOctal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
};

/** The parser's own messages can quote the text, and the text can be a secret. */
const sentences: Readonly<Record<string, string>> = {
  BAD_DIRECTIVE: 'unknown YAML directive',
  BAD_DQ_ESCAPE: 'invalid escape in a double-quoted text',
  BAD_INDENT: 'wrong indentation, or a list or map that is not closed',
  BAD_SCALAR_START: 'a plain text cannot start with this character; quote it',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " on one line; quote the text or start a new line',
  BLOCK_IN_FLOW: 'a block list or map cannot stand inside [ ] or { }',
  MISSING_CHAR: 'a quote, a bracket or a separator is missing',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line; is a ":" missing?',
  MULTIPLE_DOCS: 'more than one YAML document in one file',
  TAB_AS_INDENT: 'tabs are not allowed as indentation',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAG_RESOLVE_FAILED: 'unknown YAML tag',
  UNEXPECTED_TOKEN: 'unexpected text after a value',
};

function syntaxFault(text: string, code: string, offset: number): YamlFault {
  const sentence = `yaml: ${sentences[code] ?? 'not valid YAML'}`;
  const inReference = text.startsWith('${', offset - 1) || text.startsWith('${', offset);
  return inReference ? { offset, sentence, hint: `inside { } and [ ] a \${…} must be quoted` } : { offset, sentence };
}

/**
 * Reads one YAML document (1.2 core schema, merge keys, `0123` as octal). Never throws.
 * `at`: the place of everything in it, if it is not its own. `origin`: what all of it was expanded from.
 */
export function parseYaml(source: Source, at?: Place, origin?: Origin): Parsed {
  const nowhere = scalarNode(null, at ?? { source, offset: 0 });
  try {
    const document = parseDocument(source.text, {
      // Both are done in the builder, where they are linear and give better places.
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      logLevel: 'silent',
      customTags: (tags) => [legacyOctal, ...tags],
    });
    const found = [...document.errors, ...document.warnings];
    // After a first error on a line the parser stumbles over its own feet.
    if (found.length > 0) {
      const faults = found.slice(0, faultsMax).map(({ code, pos }) => syntaxFault(source.text, code, pos[0]));
      return { root: nowhere, faults: oncePerLine(source.text, faults) };
    }
    const builder = new TreeBuilder(source, at, origin);
    const root = builder.build(document.contents as YamlNode | null, 0, 0);
    return { root, faults: builder.faults };
  } catch {
    return { root: nowhere, faults: [{ offset: 0, sentence: 'yaml: nested too deeply' }] };
  }
}

function oncePerLine(text: string, faults: readonly YamlFault[]): YamlFault[] {
  const seen = new Set<number>();
  return faults.filter(({ offset }) => {
    const line = text.lastIndexOf('\n', offset - 1);
    return !seen.has(line) && seen.add(line);
  });
}

class TreeBuilder {
  readonly faults: YamlFault[] = [];
  readonly #source: Source;
  readonly #at: Place | undefined;
  readonly #origin: Origin | undefined;
  readonly #anchors = new Map<string, YamlNode>();
  #nodes = 0;

  constructor(source: Source, at: Place | undefined, origin: Origin | undefined) {
    this.#source = source;
    this.#at = at;
    this.#origin = origin;
  }

  build(node: YamlNode | null, from: number, depth: number): Node {
    const offset = node?.range?.[0] ?? from;
    const nothing = scalarNode(null, this.#place(offset));
    if (++this.#nodes > nodesMax) return this.#fault(offset, `yaml: more than ${nodesMax} values, with aliases resolved`, nothing);
    if (depth > depthMax) return this.#fault(offset, `yaml: nested deeper than ${depthMax} levels`, nothing);
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      return target ? this.build(target, offset, depth) : this.#fault(offset, `yaml: unknown anchor "${node.source}"`, nothing);
    }
    const built = isMap(node)
      ? this.#map(node, offset, depth)
      : isSeq(node)
        ? this.#list(node, offset, depth)
        : isScalar(node)
          ? this.#scalar(node.value, offset)
          : nothing;
    // An anchor counts from here on: an alias to something it stands in itself has no meaning.
    if (node && 'anchor' in node && node.anchor) this.#anchors.set(node.anchor, node);
    return built;
  }

  #scalar(value: unknown, offset: number): Node {
    const known = value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return { ...scalarNode(known ? (value as Scalar) : String(value), this.#place(offset)), origin: this.#origin };
  }

  #list(node: YAMLSeq, offset: number, depth: number): Node {
    const items: Node[] = [];
    for (const item of node.items) {
      if (this.#full) break;
      items.push(this.build(item as YamlNode | null, offset, depth + 1));
    }
    return { kind: 'list', items, place: this.#place(offset), origin: this.#origin, raw: undefined };
  }

  #map(node: YAMLMap, offset: number, depth: number): Node {
    const entries = new Map<string, Entry>();
    const merged: MapNode[] = [];
    for (const pair of node.items as Pair<YamlNode, YamlNode | null>[]) {
      if (this.#full) break;
      const keyOffset = pair.key.range?.[0] ?? offset;
      const value = this.build(pair.value, pair.key.range?.[1] ?? offset, depth + 1);
      if (isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN') merged.push(...this.#merged(value, keyOffset));
      else this.#add(entries, pair.key, value, keyOffset);
    }
    for (const map of merged) for (const [key, entry] of map.entries) if (!entries.has(key)) entries.set(key, entry);
    return { ...mapNode(entries, this.#place(offset)), origin: this.#origin };
  }

  #add(entries: Map<string, Entry>, keyNode: YamlNode, value: Node, offset: number): void {
    const key =
      isScalar(keyNode) && keyNode.value !== null ? String(typeof keyNode.value === 'string' ? keyNode.value : keyNode.source) : undefined;
    if (key === undefined) this.#fault(offset, 'yaml: a key must be a text', value);
    else if (key === '__proto__') this.#fault(offset, 'yaml: no setting is called "__proto__"', value);
    else if (entries.has(key)) this.#fault(offset, `yaml: duplicate key "${key}"`, value);
    else entries.set(key, { keyPlace: this.#place(offset), value });
  }

  #merged(value: Node, offset: number): readonly MapNode[] {
    const maps = value.kind === 'list' ? value.items : [value];
    const good = maps.filter((map) => map.kind === 'map');
    if (good.length < maps.length) this.#fault(offset, 'yaml: "<<" takes a map or a list of maps', value);
    return good;
  }

  get #full(): boolean {
    return this.#nodes > nodesMax || this.faults.length >= faultsMax;
  }

  #fault(offset: number, sentence: string, node: Node): Node {
    if (this.faults.length < faultsMax) this.faults.push({ offset, sentence });
    return node;
  }

  #place(offset: number): Place {
    return this.#at ?? { source: this.#source, offset };
  }
}
