/** Checks an expanded configuration against the components there are. Reports everything that is wrong, not the first. */
import { checkSection, type Declared, type DeclaredSections } from './check-components.ts';
import { checkConnectors } from './check-connectors.ts';
import { checkPipelines, type Pipelines } from './check-pipelines.ts';
import { type CheckedService, checkService } from './check-service.ts';
import type { Reference } from './id-list.ts';
import { withoutIgnored } from './ignore-unsupported.ts';
import { warnOfOwnReceiver } from './own-receiver.ts';
import { redact } from './redact.ts';
import type { Report } from './report.ts';
import {
  type AnyFactory,
  type Components,
  kindOfSection,
  type PipelineConfig,
  type Section,
  type ServiceConfig,
  sections,
} from './service-config.ts';
import { isEmpty, type MapNode, type Node, type Plain } from './tree.ts';
import { reportUnknownKeys } from './unknown-key.ts';

export interface Checked {
  readonly config: ServiceConfig;
  /** The settings as expanded and merged, secrets redacted. */
  readonly resolved: Plain;
}

/** `undefined` if the report has errors. */
export function check(root: Node, factories: readonly AnyFactory[], report: Report): Checked | undefined {
  if (root.kind !== 'map') {
    report.error(root.place, '', 'empty configuration file', { missing: true });
    return undefined;
  }
  reportUnknownKeys(root, [...sections, 'service'], '', "'' has invalid keys", report);
  const rest = withoutIgnored(root, factories, report);
  const declared = checkSections(rest, factories, report);
  const entry = rest.entries.get('service');
  const service = checkService(entry?.value, entry?.keyPlace ?? root.place, declared, report);
  const pipelines = checkPipelines(service.node, service.keyPlace, declared, report);
  checkConnectors(pipelines, declared, report);
  if (report.failed) return undefined;
  warnOfUnused(declared, service.extensions, pipelines, report, choosesExtensions(root));
  const config = configOf(declared, service, pipelines);
  warnOfOwnReceiver(service, config.receivers, report);
  return { config, resolved: resolvedOf(declared, service) };
}

function checkSections(root: MapNode, factories: readonly AnyFactory[], report: Report): DeclaredSections {
  const checked = (name: Section): ReadonlyMap<string, Declared> => {
    const node = root.entries.get(name)?.value;
    const needed = name === 'receivers' || name === 'exporters';
    const none = node === undefined || (isEmpty(node) && !node.origin?.broken) || (node.kind === 'map' && node.entries.size === 0);
    if (needed && none) report.error(root.place, '', `no ${kindOfSection[name]} configuration specified in config`, { missing: true });
    return checkSection(
      name,
      node,
      factories.filter(({ kind }) => kind === kindOfSection[name]),
      report,
    );
  };
  return {
    receivers: checked('receivers'),
    processors: checked('processors'),
    exporters: checked('exporters'),
    connectors: checked('connectors'),
    extensions: checked('extensions'),
  };
}

/** Where a `${…}` chooses which extensions run, those that do not are no oversight. */
function choosesExtensions(root: MapNode): boolean {
  const service = root.entries.get('service')?.value;
  const listed = service?.kind === 'map' ? service.entries.get('extensions')?.value : undefined;
  return listed?.kind === 'list' && listed.items.some(({ origin }) => origin !== undefined);
}

function warnOfUnused(
  declared: DeclaredSections,
  extensions: readonly string[],
  pipelines: Pipelines,
  report: Report,
  areChosen: boolean,
): void {
  const used = new Set(extensions.map((id) => `extensions::${id}`));
  for (const { receivers, processors, exporters } of pipelines.values()) {
    for (const { id } of receivers) used.add(`receivers::${id}`).add(`connectors::${id}`);
    for (const { id } of processors) used.add(`processors::${id}`);
    for (const { id } of exporters) used.add(`exporters::${id}`).add(`connectors::${id}`);
  }
  for (const name of sections) {
    if (name === 'extensions' && areChosen) continue;
    const where = name === 'extensions' ? 'service::extensions does not list it' : 'no pipeline uses it';
    for (const { id, shown, keyPlace } of declared[name].values()) {
      if (!used.has(`${name}::${id}`)) report.warn(keyPlace, `${name}::${shown}`, `is configured but does not run: ${where}`);
    }
  }
}

function configOf(declared: DeclaredSections, { extensions, settings }: CheckedService, pipelines: Pipelines): ServiceConfig {
  const components = (name: Section): Components => {
    const good = [...declared[name].values()].flatMap(({ component }) => (component ? [component] : []));
    return new Map(good.map((component) => [component.id, component]));
  };
  return {
    receivers: components('receivers'),
    processors: components('processors'),
    exporters: components('exporters'),
    connectors: components('connectors'),
    extensions: components('extensions'),
    service: { extensions, pipelines: pipelineConfigs(pipelines), ...settings },
  };
}

/** Metrics pipelines are checked like the others and then left out: nothing here carries metrics. */
function pipelineConfigs(pipelines: Pipelines): Map<string, PipelineConfig> {
  const configs = new Map<string, PipelineConfig>();
  const ids = (references: readonly Reference[]): string[] => references.map(({ id }) => id);
  for (const { id, signal, receivers, processors, exporters } of pipelines.values()) {
    if (signal !== 'metrics')
      configs.set(id, { signal, receivers: ids(receivers), processors: ids(processors), exporters: ids(exporters) });
  }
  return configs;
}

function resolvedOf(declared: DeclaredSections, service: CheckedService): Plain {
  const resolved: { [key: string]: Plain } = Object.create(null);
  for (const name of sections) {
    if (declared[name].size === 0) continue;
    const bodies: { [key: string]: Plain } = Object.create(null);
    for (const { id, plain, schema } of declared[name].values()) bodies[id] = redact(plain, schema);
    resolved[name] = bodies;
  }
  resolved.service = service.plain;
  return resolved;
}
