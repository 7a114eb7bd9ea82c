/** The pages of a gateway with several workers: the supervisor serves them, for all of its workers. */
import type { Worker } from 'node:cluster';
import type { ServiceConfig } from '../config/load.ts';
import { healthCheck } from '../extensions/health-check.ts';
import { type PlainHealthReport, plainReport, reportOfAll } from '../extensions/health-report.ts';
import type { Observer } from '../model/observer.ts';
import { systemClock } from './clock.ts';
import type { Gateway } from './gateway.ts';
import { MetricsPage } from './metrics-page.ts';
import type { Startable } from './part.ts';
import { type MetricsData, together } from './telemetry/metrics.ts';
import { type Answers, ask } from './worker-questions.ts';

/** Probes wait a second, usually. */
const healthWaitMs = 900;
const metricsWaitMs = 5_000;

/** A worker's own configuration: without what its supervisor serves. */
export function workerConfig(config: ServiceConfig): ServiceConfig {
  const { service, extensions } = config;
  const isPage = (id: string): boolean => extensions.get(id)?.type === healthCheck.type;
  const metrics = { ...service.telemetry.metrics, prometheus: undefined };
  return {
    ...config,
    service: { ...service, extensions: service.extensions.filter((id) => !isPage(id)), telemetry: { ...service.telemetry, metrics } },
  };
}

export function answersOf({ service, telemetry }: Gateway): Answers {
  return { health: () => plainReport(service.health()), metrics: () => telemetry.metrics.data() };
}

/** `workers`: by number, `undefined` for one that does not run now. */
export function pagesOfAll(
  { service, extensions }: ServiceConfig,
  workers: () => ReadonlyMap<number, Worker | undefined>,
  observer: Observer,
): readonly Startable[] {
  const upSinceMs = Date.now();
  const askAll = async <T>(question: string, waitMs: number): Promise<ReadonlyMap<number, T | undefined>> => {
    const answers = [...workers()].map(async ([number, worker]) => [number, worker && (await ask<T>(worker, question, waitMs))] as const);
    return new Map(await Promise.all(answers));
  };
  const health = async () => reportOfAll(await askAll<PlainHealthReport>('health', healthWaitMs), upSinceMs, Date.now());
  const metrics = async () =>
    together([...(await askAll<MetricsData>('metrics', metricsWaitMs)).values()].filter((data) => data !== undefined));
  const { prometheus } = service.telemetry.metrics;
  const pages: Startable[] = prometheus ? [new MetricsPage(prometheus, metrics)] : [];
  for (const id of service.extensions) {
    const component = extensions.get(id);
    if (component?.type === healthCheck.type)
      pages.push(healthCheck.create(component.config, { id, observer, clock: systemClock, health }));
  }
  return pages;
}
