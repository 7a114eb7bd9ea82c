import type { ServiceConfig } from '../config/load.ts';
import type { HealthReport, Trouble } from '../extensions/health-report.ts';
import type { JournaledExporter } from './factories.ts';
import type { Graph } from './graph.ts';
import { isFull } from './journal-watch.ts';

/** Which components each pipeline has, as the Collector's status names them: `receiver:otlp`. */
export function pipelinesOf({ service, connectors }: ServiceConfig): ReadonlyMap<string, readonly string[]> {
  const named = (kind: string, ids: readonly string[]): string[] => ids.map((id) => `${connectors.has(id) ? 'connector' : kind}:${id}`);
  return new Map(
    [...service.pipelines].map(([id, { receivers, processors, exporters }]) => [
      id,
      [...named('receiver', receivers), ...named('processor', processors), ...named('exporter', exporters)],
    ]),
  );
}

/** Ids of everything in a graph. */
export function componentIds({ extensions, exporters, inlets }: Graph, pipelines: HealthReport['pipelines']): Set<string> {
  const ofPipelines = [...pipelines.values()].flat().map((name) => name.slice(name.indexOf(':') + 1));
  return new Set([...extensions.keys(), ...exporters.keys(), ...inlets.keys(), ...ofPipelines]);
}

/** Whether every journal takes data: it has room, and its storage is in no trouble. */
export function journalsAccept({ exporters, extensions }: Graph, degraded: ReadonlyMap<string, Trouble>): boolean {
  for (const { component, uses } of exporters.values()) {
    if ('balance' in component && hasJournal(component) && isFull(component.journal)) return false;
    for (const id of uses) {
      const storage = extensions.get(id)?.component;
      if (storage && 'open' in storage && degraded.has(id)) return false;
    }
  }
  return true;
}

/** Before its start an exporter has none. */
function hasJournal(exporter: JournaledExporter): boolean {
  try {
    return exporter.journal !== undefined;
  } catch {
    return false;
  }
}
