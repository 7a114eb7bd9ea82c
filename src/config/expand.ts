/**
 * Replaces `${…}` in values, never in keys. A value that is one whole reference becomes what its text means as YAML and keeps the text beside it
 * (`raw`); a reference inside a longer text is replaced textually.
 */
import { Fault } from '../model/fault.ts';
import { parseYaml } from './parse.ts';
import { readText, textBytesMax } from './read-text.ts';
import { environmentName, findReference, readReference, referencesOf, remoteHint, unescapeDollars } from './reference.ts';
import type { Report } from './report.ts';
import {
  depthMax,
  type Entry,
  type Environment,
  type Node,
  type Origin,
  type Place,
  type ScalarNode,
  scalarNode,
  shownKey,
} from './tree.ts';

/** Replacements in one value (the Collector's cap): a cycle ends here. */
const roundsMax = 1_000;
/** All texts put in for references of one configuration: a cycle that multiplies ends here. */
const expandedBytesMax = 16 * textBytesMax;

/** What a reference stands for. `file`: the path of the text, whose lines then have places of their own. */
interface Resolved {
  readonly text: string;
  /** A variable that is not set and has no default: nothing, rather than an empty text. */
  readonly unset?: boolean;
  readonly file?: string;
}

/** A value on its way: as written, and the path that problems name. */
interface Task {
  readonly node: ScalarNode;
  readonly path: string;
  /** Its warnings were given already. */
  readonly quiet?: boolean;
}

/** One refusal ends one value; the others go on, so that all problems are told. */
function cannotExpand(shown: string, reason: string): Fault {
  return new Fault('GW_CONFIG_INVALID', `cannot expand ${shown}: ${reason}`);
}

function endless(shown: string): Fault {
  return cannotExpand(shown, 'too many recursive expansions');
}

export class Expander {
  readonly #env: Environment;
  readonly #files: Set<string>;
  readonly #report: Report;
  readonly #fileTexts = new Map<string, string>();
  #expandedBytes = 0;

  constructor(env: Environment, files: Set<string>, report: Report) {
    this.#env = env;
    this.#files = files;
    this.#report = report;
  }

  async expand(node: Node, path = '', depth = 0): Promise<Node> {
    if (node.kind === 'scalar') return this.#scalar({ node, path }, depth);
    if (depth > depthMax) return this.#refuse({ node: scalarNode(null, node.place), path }, `nested deeper than ${depthMax} levels`);
    if (node.kind === 'list') {
      const items: Node[] = [];
      for (const item of node.items) items.push(await this.expand(item, path, depth + 1));
      return { ...node, items };
    }
    const entries = new Map<string, Entry>();
    for (const [key, { keyPlace, value }] of node.entries) {
      const name = shownKey(node, key);
      entries.set(key, { keyPlace, value: await this.expand(value, path === '' ? name : `${path}::${name}`, depth + 1) });
    }
    return { ...node, entries };
  }

  async #scalar(task: Task, depth: number): Promise<Node> {
    const { node } = task;
    if (typeof node.value !== 'string') return node;
    if (findReference(node.value) === undefined) return { ...node, value: unescapeDollars(node.value) };
    try {
      return await this.#expanded(task, node.value, depth);
    } catch (error) {
      return this.#refuse(task, Fault.of(error).message);
    }
  }

  async #expanded(task: Task, written: string, depth: number): Promise<Node> {
    const { place, origin: outer } = task.node;
    let text = written;
    for (let round = 0; round < roundsMax; round++) {
      const reference = findReference(text);
      if (reference === undefined) {
        const value = unescapeDollars(text);
        return { ...scalarNode(value, place), origin: originOf(outer, written, value) };
      }
      const resolved = await this.#resolve(task, reference);
      if (reference === text) {
        const origin = originOf(outer, written, resolved.text);
        if (resolved.unset) return { ...scalarNode(null, place), origin };
        const meant = this.#asYaml(resolved, origin, place);
        if (meant) return this.#structured(task, meant, resolved.text, origin, depth);
      }
      // A function, because `$` has a meaning in a replacement text.
      text = text.replaceAll(reference, () => resolved.text);
      this.#spend(text.length, shownReference(task.node, written));
    }
    throw endless(shownReference(task.node, written));
  }

  /** What a whole reference's text means as YAML; `undefined` if it is just a text. */
  #asYaml({ text, file }: Resolved, origin: Origin, place: Place): Node | undefined {
    const source = { name: file ?? origin.reference, text: file === undefined ? text : `${text}\n`, hidden: false };
    const { root, faults } = file === undefined ? parseYaml(source, place, origin) : parseYaml(source);
    if (faults.length > 0 || (root.kind === 'scalar' && typeof root.value === 'string')) return undefined;
    // A file that holds a map or list is a part of the configuration; one that holds a single value may be a mounted secret.
    return root.kind === 'scalar' ? { ...root, place, origin } : root;
  }

  async #structured(task: Task, meant: Node, text: string, origin: Origin, depth: number): Promise<Node> {
    const node = await this.expand(meant, task.path, depth + 1);
    // Whatever is wrong with the text was told while its parts were expanded.
    const raw = await this.#asText({ ...task, quiet: true }, text).catch(() => undefined);
    return { ...node, origin: node.origin && { ...origin, text: raw ?? text }, raw };
  }

  /** The text with all references replaced as text. */
  async #asText(task: Task, written: string): Promise<string> {
    let text = written;
    for (let round = 0; round < roundsMax; round++) {
      const reference = findReference(text);
      if (reference === undefined) return unescapeDollars(text);
      const resolved = await this.#resolve(task, reference);
      text = text.replaceAll(reference, () => resolved.text);
      this.#spend(text.length, shownReference(task.node, written));
    }
    throw endless(shownReference(task.node, written));
  }

  async #resolve(task: Task, reference: string): Promise<Resolved> {
    const shown = shownReference(task.node, reference);
    const request = readReference(reference);
    if (reference.includes('$', 1)) throw cannotExpand(shown, "it contains unsupported characters ('$')");
    switch (request.kind) {
      case 'env':
        return this.#variable(task, request.name, request.fallback, shown);
      case 'yaml':
        return { text: request.text };
      case 'file':
        return { text: await this.#file(request.path, shown), file: request.path };
      case 'remote':
        throw cannotExpand(shown, remoteHint);
      case 'unknown':
        throw cannotExpand(
          shown,
          `its scheme is not supported (write \${env:NAME}, \${env:NAME:-default}, \${file:PATH} or \${yaml:TEXT})`,
        );
    }
  }

  #variable({ node, path, quiet }: Task, name: string, fallback: string | undefined, shown: string): Resolved {
    if (!environmentName.test(name)) {
      throw cannotExpand(shown, `environment variable has invalid name: must match regex ${environmentName.source}`);
    }
    const text = Object.hasOwn(this.#env, name) ? this.#env[name] : undefined;
    if (text === undefined && fallback === undefined && !quiet) {
      this.#report.warn(node.place, path, `references unset environment variable: ${shown}`, {
        hint: `it counts as not written; give a default as in \${env:NAME:-default}`,
      });
    }
    const value = text ?? fallback ?? '';
    this.#spend(value.length, shown);
    return { text: value, unset: text === undefined && fallback === undefined };
  }

  async #file(path: string, shown: string): Promise<string> {
    this.#files.add(path);
    const known = this.#fileTexts.get(path);
    const content =
      known ??
      (await readText(path).catch((error) => {
        throw cannotExpand(shown, Fault.of(error).message);
      }));
    // The newline that ends a file is not part of the key or the host name in it.
    const text = content.replace(/\r?\n$/, '');
    this.#fileTexts.set(path, text);
    this.#spend(text.length, shown);
    return text;
  }

  #spend(length: number, shown: string): void {
    this.#expandedBytes += length;
    if (length > textBytesMax || this.#expandedBytes > expandedBytesMax) throw endless(shown);
  }

  #refuse({ node, path }: Task, sentence: string): ScalarNode {
    this.#report.error(node.place, path, sentence);
    const reference = node.origin?.reference ?? referencesOf(String(node.value));
    return { ...scalarNode(null, node.place), origin: { reference, text: '', broken: true } };
  }
}

function originOf(outer: Origin | undefined, written: string, text: string): Origin {
  return { reference: outer?.reference ?? referencesOf(written), text, broken: false };
}

/** A reference as the user wrote it: one that came out of another value is shown as that value's. */
function shownReference(node: ScalarNode, reference: string): string {
  if (node.origin !== undefined) return node.origin.reference;
  const written = String(node.value);
  return written.includes(reference) ? reference : referencesOf(written);
}
