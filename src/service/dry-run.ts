import { randomBytes } from 'node:crypto';
import type { ServiceConfig } from '../config/load.ts';
import type { Clock } from '../model/clock.ts';
import { buildGraph, type GraphDeps } from './graph.ts';
import { memoryUse } from './memory-use.ts';
import { Metrics } from './telemetry/metrics.ts';
import { Telemetry } from './telemetry/telemetry.ts';

/** Builds the whole graph and starts nothing. Throws the `Fault` that a start would meet while building. */
export function dryRun(config: ServiceConfig, clock: Clock): void {
  buildGraph(config, silentDeps(clock));
}

/** What components get that are never started: they count for nobody and log nothing. */
export function silentDeps(clock: Clock): GraphDeps {
  const metrics = new Metrics(clock.now(), clock.now);
  return {
    observer: new Telemetry(metrics, () => {}, clock.now),
    clock,
    health: () => ({ ready: false, state: 'stopped', upSinceMs: 0, degraded: new Map() }),
    metrics: () => metrics.text(),
    memory: memoryUse,
    random: (length) => randomBytes(length),
  };
}
