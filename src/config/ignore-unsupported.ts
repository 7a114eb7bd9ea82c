/**
 * `service::compat::ignore_unsupported`: components of types that only the Collector has are taken out of a file before it is checked, and out of
 * the lists that name them. So a file made for the Collector runs as it is, as far as it can.
 */
import { decode } from './decode.ts';
import { parseId } from './id.ts';
import type { Report } from './report.ts';
import { type AnyFactory, kindOfSection, type Section, sections } from './service-config.ts';
import { compat } from './service-schema.ts';
import { type Entry, type MapNode, type Node, shownKey } from './tree.ts';

type Ignored = ReadonlyMap<Section, ReadonlySet<string>>;

/** The lists of a pipeline, and the sections whose components each may name. */
const sectionsOfList: ReadonlyMap<string, readonly Section[]> = new Map([
  ['receivers', ['receivers', 'connectors']],
  ['processors', ['processors']],
  ['exporters', ['exporters', 'connectors']],
]);

export function withoutIgnored(root: MapNode, factories: readonly AnyFactory[], report: Report): MapNode {
  const types = typesOf(root);
  if (types.size === 0) return root;
  const ignored = new Map<Section, Set<string>>();
  const entries = new Map(root.entries);
  for (const section of sections) {
    const entry = root.entries.get(section);
    if (entry?.value.kind !== 'map') continue;
    const known = factories.filter(({ kind }) => kind === kindOfSection[section]).flatMap(({ type, aliases }) => [type, ...aliases]);
    const unknown = [...entry.value.entries.keys()].filter((key) => types.has(typeOf(key)) && !known.includes(typeOf(key)));
    ignored.set(section, new Set(unknown.map((key) => key.trim())));
    const { value } = entry;
    for (const key of unknown)
      report.warn(
        value.entries.get(key)?.keyPlace ?? value.place,
        `${section}::${shownKey(value, key)}`,
        'is left out: service::compat::ignore_unsupported names its type',
      );
    entries.set(section, { ...entry, value: without(value, unknown) });
  }
  const service = entries.get('service');
  if (service?.value.kind === 'map') entries.set('service', { ...service, value: shortened(service.value, ignored) });
  return { ...root, entries };
}

/** What is wrong with the setting itself is said when the section is checked. */
function typesOf({ entries }: MapNode): ReadonlySet<string> {
  const service = entries.get('service')?.value;
  const node = service?.kind === 'map' ? service.entries.get('compat')?.value : undefined;
  const decoded = node && decode(compat, node);
  return new Set(decoded?.ok ? (decoded.config as { readonly ignore_unsupported: readonly string[] }).ignore_unsupported : []);
}

function typeOf(key: string): string {
  const id = parseId(key);
  return typeof id === 'string' ? '' : id.type;
}

function without(map: MapNode, keys: readonly string[]): MapNode {
  return { ...map, entries: new Map([...map.entries].filter(([key]) => !keys.includes(key))) };
}

/** The service without what is ignored, in its list of extensions and in the lists of its pipelines. */
function shortened(service: MapNode, ignored: Ignored): MapNode {
  const entries = new Map(service.entries);
  change(entries, 'extensions', (list) => shorter(list, ['extensions'], ignored));
  change(entries, 'pipelines', (pipelines) => {
    if (pipelines.kind !== 'map') return pipelines;
    const changed = [...pipelines.entries].map(([key, entry]): [string, Entry] => [
      key,
      { ...entry, value: pipelineWithout(entry.value, ignored) },
    ]);
    return { ...pipelines, entries: new Map(changed) };
  });
  return { ...service, entries };
}

function pipelineWithout(pipeline: Node, ignored: Ignored): Node {
  if (pipeline.kind !== 'map') return pipeline;
  const entries = new Map(pipeline.entries);
  for (const [name, from] of sectionsOfList) change(entries, name, (list) => shorter(list, from, ignored));
  return { ...pipeline, entries };
}

function shorter(list: Node, from: readonly Section[], ignored: Ignored): Node {
  if (list.kind !== 'list') return list;
  const isIgnored = (item: Node): boolean =>
    item.kind === 'scalar' &&
    typeof item.value === 'string' &&
    from.some((section) => ignored.get(section)?.has((item.value as string).trim()));
  return { ...list, items: list.items.filter((item) => !isIgnored(item)) };
}

function change(entries: Map<string, Entry>, key: string, by: (value: Node) => Node): void {
  const entry = entries.get(key);
  if (entry) entries.set(key, { ...entry, value: by(entry.value) });
}
