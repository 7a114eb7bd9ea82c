import { Fault } from '../model/fault.ts';
import { merge, unfold } from './merge.ts';
import { parseYaml } from './parse.ts';
import { readText, textBytesMax } from './read-text.ts';
import { remoteHint } from './reference.ts';
import type { Report } from './report.ts';
import { type Environment, isEmpty, type Node, type Source, scalarNode, typeName } from './tree.ts';

/** Scheme and rest of a URI; one letter is a Windows drive, so a scheme has two at least. */
const uriParts = /^([A-Za-z][A-Za-z0-9+.-]+):([\s\S]*)$/;

function splitUri(uri: string): { readonly scheme: string; readonly rest: string } | undefined {
  const match = uriParts.exec(uri);
  return match ? { scheme: match[1] as string, rest: match[2] as string } : undefined;
}

/** A document that settings are read from, and how. */
interface Document {
  readonly source: Source;
  /** `yaml:` and `--set`: keys such as `receivers::otlp` are paths. */
  readonly oneLiner: boolean;
}

export interface SourceOptions {
  /** `--config`: bare paths, `file:`, `env:`, `yaml:`. */
  readonly uris: readonly string[];
  /** `--set`: `a.b.c=value`, applied last. */
  readonly sets: readonly string[];
  readonly env: Environment;
}

/** Reads and merges all sources in order, the later ones over the earlier ones. Adds each file that it reads to `files`. */
export async function readSources({ uris, sets, env }: SourceOptions, files: Set<string>, report: Report): Promise<Node> {
  let root: Node = scalarNode(null, { source: { name: uris[0] ?? 'config', text: '', hidden: true }, offset: 0 });
  const found: (Document | undefined)[] = [];
  for (const uri of uris) found.push(await fromUri(uri, env, files, report));
  for (const set of sets) found.push(fromSet(set, report));
  for (const document of found) {
    const tree = document && readDocument(document, report);
    if (tree) root = isEmpty(root) ? tree : merge(root, tree);
  }
  return root;
}

async function fromUri(uri: string, env: Environment, files: Set<string>, report: Report): Promise<Document | undefined> {
  const { scheme, rest } = splitUri(uri) ?? { scheme: 'file', rest: uri };
  const refuse = (name: string, sentence: string, hint?: string): undefined =>
    report.error({ source: { name, text: '', hidden: true }, offset: 0 }, '', sentence, { hint }) as undefined;
  switch (scheme) {
    case 'file':
      try {
        files.add(rest);
        return { source: { name: rest, text: await readText(rest), hidden: false }, oneLiner: false };
      } catch (error) {
        return refuse(rest, Fault.of(error).message);
      }
    case 'env': {
      const text = env[rest];
      if (text === undefined) return refuse(uri, `environment variable "${rest}" is not set`);
      if (text.length > textBytesMax) return refuse(uri, 'longer than 1 MiB');
      return { source: { name: uri, text, hidden: true }, oneLiner: false };
    }
    case 'yaml':
      return { source: { name: '--config yaml', text: rest, hidden: true }, oneLiner: true };
    default: {
      const hint = scheme === 'http' || scheme === 'https' ? remoteHint : 'write a path, file:PATH, env:NAME or yaml:TEXT';
      return refuse(`--config ${scheme}`, `scheme "${scheme}" is not supported`, hint);
    }
  }
}

function fromSet(set: string, report: Report): Document | undefined {
  const equals = set.indexOf('=');
  const key = equals < 0 ? set : set.slice(0, equals);
  const name = `--set ${key}`;
  if (equals > 0) {
    const text = `${JSON.stringify(key.replaceAll('.', '::'))}: ${set.slice(equals + 1)}`;
    return { source: { name, text, hidden: true }, oneLiner: true };
  }
  report.error({ source: { name, text: '', hidden: true }, offset: 0 }, '', 'cannot read setting: there is no "key=value"', {
    hint: 'write --set exporters.debug.verbosity=detailed',
  });
  return undefined;
}

function readDocument({ source, oneLiner }: Document, report: Report): Node | undefined {
  const { root, faults } = parseYaml(source);
  for (const { offset, sentence, hint } of faults) report.error({ source, offset }, '', sentence, { hint });
  if (faults.length > 0) return undefined;
  if (root.kind === 'map') return oneLiner ? unfold(root) : root;
  if (!isEmpty(root)) report.error(root.place, '', `expected a map or struct, got "${typeName(root)}"`, { missing: true });
  return undefined;
}
