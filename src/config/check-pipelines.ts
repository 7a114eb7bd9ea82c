import { didYouMean } from '../model/closest.ts';
import type { DeclaredSections } from './check-components.ts';
import { type Id, parseId } from './id.ts';
import { idList, once, type Reference } from './id-list.ts';
import type { Report } from './report.ts';
import type { PipelineConfig } from './service-config.ts';
import { type Entry, isEmpty, type MapNode, type Place, shownKey, typeName } from './tree.ts';
import { reportUnknownKeys } from './unknown-key.ts';

export interface Pipeline {
  readonly id: string;
  /** As a problem may show it. */
  readonly shown: string;
  readonly path: string;
  readonly signal: PipelineConfig['signal'] | 'metrics';
  readonly keyPlace: Place;
  readonly receivers: readonly Reference[];
  readonly processors: readonly Reference[];
  readonly exporters: readonly Reference[];
}

export type Pipelines = ReadonlyMap<string, Pipeline>;

const signals: readonly string[] = ['traces', 'logs', 'metrics'];
const sides = ['receivers', 'processors', 'exporters'] as const;
const nounOf = { receivers: 'receiver', processors: 'processor', exporters: 'exporter' } as const;

export function checkPipelines(service: MapNode, keyPlace: Place, declared: DeclaredSections, report: Report): Pipelines {
  const path = 'service::pipelines';
  const pipelines = new Map<string, Pipeline>();
  const entry = service.entries.get('pipelines');
  if (entry === undefined || isEmpty(entry.value) || (entry.value.kind === 'map' && entry.value.entries.size === 0)) {
    if (!entry?.value.origin?.broken)
      report.error(entry?.keyPlace ?? keyPlace, path, 'service must have at least one pipeline', { missing: entry === undefined });
    return pipelines;
  }
  const { value: node } = entry;
  if (node.kind !== 'map') {
    report.error(node.place, path, `'pipelines' expected a map or struct, got "${typeName(node)}"`);
    return pipelines;
  }
  for (const [key, pipelineEntry] of node.entries) {
    const shown = shownKey(node, key);
    const id = parseId(key);
    if (typeof id === 'string') report.error(pipelineEntry.keyPlace, path, node.origin ? `invalid id in ${shown}` : id);
    else if (pipelines.has(id.id)) report.error(pipelineEntry.keyPlace, path, `duplicate name "${shown}" after trimming spaces`);
    else if (!signals.includes(id.type)) reportSignal(id, shown, pipelineEntry.keyPlace, report);
    else pipelines.set(id.id, checkPipeline(id, shown, pipelineEntry, declared, report));
  }
  return pipelines;
}

function reportSignal({ type, id }: Id, shown: string, keyPlace: Place, report: Report): void {
  const hint = type === 'profiles' ? 'profiles are not supported' : didYouMean(type, signals);
  const given = shown === id ? type : shown;
  report.error(keyPlace, 'service::pipelines', `unknown signal "${given}" (valid values: [${signals.join(' ')}])`, {
    key: shown,
    hint: shown === id ? hint : undefined,
  });
}

function checkPipeline({ id, type }: Id, shown: string, { keyPlace, value }: Entry, declared: DeclaredSections, report: Report): Pipeline {
  const path = `service::pipelines::${shown}`;
  const node = value.kind === 'map' ? value : undefined;
  if (!node && !isEmpty(value)) report.error(value.place, path, `'${shown}' expected a map or struct, got "${typeName(value)}"`);
  if (node) reportUnknownKeys(node, sides, path, `'${shown}' has invalid keys`, report);
  const references = (side: (typeof sides)[number]) => idList(node?.entries.get(side)?.value, path, report);
  const pipeline: Pipeline = {
    id,
    shown,
    path,
    signal: type as Pipeline['signal'],
    keyPlace,
    receivers: once(references('receivers')),
    processors: references('processors'),
    exporters: once(references('exporters')),
  };
  for (const side of ['receivers', 'exporters'] as const) {
    if (pipeline[side].length === 0 && (node || isEmpty(value))) report.error(keyPlace, path, `must have at least one ${nounOf[side]}`);
  }
  for (const side of sides) for (const reference of pipeline[side]) checkReference(pipeline, side, reference, declared, report);
  const first = new Set(once(pipeline.processors));
  for (const processor of pipeline.processors) {
    if (!first.has(processor)) report.error(processor.place, path, `references processor "${processor.shown}" multiple times`);
  }
  if (pipeline.signal === 'metrics') report.warn(keyPlace, path, 'metrics are accepted, counted and dropped: this pipeline does nothing');
  return pipeline;
}

function checkReference(
  { path, signal }: Pipeline,
  side: (typeof sides)[number],
  { id, shown, place }: Reference,
  declared: DeclaredSections,
  report: Report,
): void {
  const connectors = side === 'processors' ? undefined : declared.connectors;
  const component = declared[side].get(id) ?? connectors?.get(id);
  const noun = nounOf[side];
  if (component === undefined) {
    const hint = id === shown ? didYouMean(id, [...declared[side].keys(), ...(connectors?.keys() ?? [])]) : undefined;
    report.error(place, path, `references ${noun} "${shown}" which is not configured`, { hint });
  } else if (signal !== 'metrics' && component.factory && !component.factory.signals.includes(signal)) {
    const supported = component.factory.signals.join(' ');
    report.error(
      place,
      path,
      `${component.factory.kind} "${shown}" does not support ${signal}: telemetry type is not supported (supported: [${supported}])`,
    );
  }
}
