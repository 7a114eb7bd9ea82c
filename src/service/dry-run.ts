import type { ServiceConfig } from '../config/load.ts';
import type { Clock } from '../model/clock.ts';
import { buildGraph } from './graph.ts';
import { Metrics } from './telemetry/metrics.ts';
import { Telemetry } from './telemetry/telemetry.ts';

/** Builds the whole graph and starts nothing. Throws the `Fault` that a start would meet while building. */
export function dryRun(config: ServiceConfig, clock: Clock): void {
  const observer = new Telemetry(new Metrics(clock.now(), clock.now), () => {}, clock.now);
  buildGraph(config, { observer, clock, health: () => ({ ready: false, state: 'stopped', upSinceMs: 0, degraded: new Map() }) });
}
