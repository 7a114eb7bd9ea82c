import { randomBytes } from 'node:crypto';
import type { ServiceConfig } from '../config/load.ts';
import { MemoryStorage } from '../journal/memory/memory-storage.ts';
import type { Clock } from '../model/clock.ts';
import { buildGraph, type GraphDeps } from './graph.ts';
import { httpPost } from './http-post.ts';
import { collectGarbage, memoryUse } from './memory-use.ts';
import { Metrics } from './telemetry/metrics.ts';
import { Telemetry } from './telemetry/telemetry.ts';

/** Builds the whole graph and starts nothing. Throws the `Fault` that a start would meet while building. */
export function dryRun(config: ServiceConfig, clock: Clock): void {
  buildGraph(config, silentDeps(clock));
}

/** What components get that are never started: they count for nobody and log nothing. */
export function silentDeps(clock: Clock): GraphDeps {
  const metrics = new Metrics(clock.now(), clock.now);
  const observer = new Telemetry(metrics, () => {}, clock.now);
  return {
    observer,
    clock,
    health: () => ({ ready: false, state: 'stopped', upSinceMs: 0, degraded: new Map(), extensions: [], pipelines: new Map() }),
    startedAtMs: clock.now(),
    metrics: () => metrics.data(),
    keepTrail: () => () => {},
    why: async (query) => ({ query }),
    isOwn: () => false,
    ownSpans: observer.ownSpans,
    memory: memoryUse,
    collectGarbage,
    memoryStorage: new MemoryStorage({ clock }),
    random: (length) => randomBytes(length),
    post: httpPost,
  };
}
