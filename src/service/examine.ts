import type { ServiceConfig } from '../config/load.ts';
import type { Clock } from '../model/clock.ts';
import type { Finding } from '../model/finding.ts';
import { silentDeps } from './dry-run.ts';
import { buildGraph } from './graph.ts';

/** A component that can look whether what it needs is there. Asked before the start, or of an instance that is never started. */
interface Examinable {
  /** Never rejects. Ends soon after `stop` aborts. */
  examine(stop: AbortSignal): Promise<readonly Finding[]>;
}

/** Asks every receiver and exporter of a configuration that can tell whether what it needs is there. By id; starts nothing. Throws what building throws. */
export async function examine(config: ServiceConfig, clock: Clock, stop: AbortSignal): Promise<ReadonlyMap<string, readonly Finding[]>> {
  const { exporters, inlets } = buildGraph(config, silentDeps(clock));
  // Storages are asked by the exporters, who know what they need of them.
  const parts = [...[...inlets.values()].map(({ part }) => part), ...exporters.values()];
  const found = parts.map(async ({ id, component }): Promise<[string, readonly Finding[]]> => {
    return [id, isExaminable(component) ? await component.examine(stop) : []];
  });
  return new Map((await Promise.all(found)).filter(([, findings]) => findings.length > 0));
}

function isExaminable(component: object): component is Examinable {
  return 'examine' in component;
}
