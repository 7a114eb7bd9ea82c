import type { ServiceConfig } from '../config/load.ts';
import { MetricsPage } from './metrics-page.ts';
import { Part, type PartObserver } from './part.ts';
import type { MetricsData } from './telemetry/metrics.ts';
import type { OwnSpans } from './telemetry/own-spans.ts';
import { MetricsPush } from './telemetry/push.ts';
import { resourceOf, resourceOfWorker } from './telemetry/resource.ts';
import { SpansPush } from './telemetry/spans-push.ts';

/** No component has such ids. */
export const metricsPageId = 'service::telemetry::metrics';
const ownSpansId = 'service::telemetry::traces';

export interface TelemetryDeps {
  readonly observer: PartObserver;
  readonly startedAtMs: number;
  metrics(): Promise<MetricsData>;
  /** Whether a receiver of this gateway listens there. */
  isOwn(endpoint: URL): boolean;
  readonly ownSpans: OwnSpans;
}

export type TelemetryPart = Part<MetricsPage | MetricsPush | SpansPush>;

/** What `service::telemetry` asks for: a page of metrics, pushes, and spans. Parts of a former graph stay if nothing about them changed. */
export function telemetryParts(
  config: ServiceConfig,
  deps: TelemetryDeps,
  former: ReadonlyMap<string, Part>,
): ReadonlyMap<string, TelemetryPart> {
  const { metrics, traces } = config.service.telemetry;
  const { prometheus, pushes } = metrics;
  const parts = new Map<string, TelemetryPart>();
  const add = (id: string, settings: object, create: (observer: PartObserver) => TelemetryPart['component']): void => {
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
  if (traces.pushes.length > 0)
    add(ownSpansId, { ...traces, resource }, (observer) => new SpansPush(traces, { ...deps, id: ownSpansId, observer, resource }));
  return parts;
}
