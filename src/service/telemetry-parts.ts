import type { ServiceConfig } from '../config/load.ts';
import { MetricsPage } from './metrics-page.ts';
import { Part, type PartObserver } from './part.ts';
import type { MetricsData } from './telemetry/metrics.ts';
import { MetricsPush } from './telemetry/push.ts';
import { resourceOf, resourceOfWorker } from './telemetry/resource.ts';

/** No component has such an id. */
export const metricsPageId = 'service::telemetry::metrics';

export interface TelemetryDeps {
  readonly observer: PartObserver;
  readonly startedAtMs: number;
  metrics(): Promise<MetricsData>;
  /** Whether a receiver of this gateway listens there. */
  isOwn(endpoint: URL): boolean;
}

type TelemetryPart = Part<MetricsPage | MetricsPush>;

/** What `service::telemetry::metrics` asks for: a page, and pushes. Parts of a former graph stay if nothing about them changed. */
export function telemetryParts(
  config: ServiceConfig,
  deps: TelemetryDeps,
  former: ReadonlyMap<string, Part>,
): ReadonlyMap<string, TelemetryPart> {
  const { prometheus, pushes } = config.service.telemetry.metrics;
  const parts = new Map<string, TelemetryPart>();
  const add = (id: string, settings: object, create: (observer: PartObserver) => MetricsPage | MetricsPush): void => {
    const origin = { type: metricsPageId, config: settings };
    const kept = former.get(id);
    parts.set(id, kept?.isMadeFrom(origin) ? (kept as TelemetryPart) : new Part(id, origin, deps.observer, create));
  };
  if (prometheus) add(metricsPageId, prometheus, () => new MetricsPage(prometheus, deps.metrics));
  const resource = resourceOfWorker(resourceOf(config), process.env.SPANWAY_WORKER);
  for (const [at, reader] of pushes.entries()) {
    const id = `${metricsPageId}::readers::${at}`;
    add(
      id,
      { ...reader, resource },
      (observer) => new MetricsPush(reader, { ...deps, id, observer, data: deps.metrics, resource: () => resource }),
    );
  }
  return parts;
}
