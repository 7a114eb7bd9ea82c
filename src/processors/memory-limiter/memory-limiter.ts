/**
 * `memory_limiter`: refuses data while the process uses too much memory, so that its clients wait and try again. It measures the heap and the
 * buffers outside of it.
 *
 *   taking ──above the soft limit, garbage collected──► refusing ──below it──► taking      changes only when memory is measured
 *
 * Source: the Collector's `internal/memorylimiter`.
 */
import type { PipelineDeps, Processor, ProcessorFactory } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { GarbageCollection } from './garbage-collection.ts';
import { type Settings, schema } from './schema.ts';

const mebibyte = 2 ** 20;

/** Bytes from which on data is refused, and from which on memory is scarce. */
function limits(settings: Settings, totalBytes: number): { readonly softBytes: number; readonly hardBytes: number } {
  const fixed = settings.limit_mib > 0;
  const limit = fixed ? settings.limit_mib * mebibyte : (settings.limit_percentage / 100) * totalBytes;
  const spike = fixed ? settings.spike_limit_mib * mebibyte : (settings.spike_limit_percentage / 100) * totalBytes;
  return { softBytes: Math.floor(limit - (spike === 0 ? limit / 5 : spike)), hardBytes: Math.floor(limit) };
}

export const memoryLimiter = {
  kind: 'processor',
  type: 'memory_limiter',
  aliases: [],
  summary: 'Refuses data while the process uses too much memory; clients try again. Stands first in a pipeline.',
  signals: ['traces', 'logs'],
  stability: 'stable',
  schema,
  create: (config: unknown, { id, clock, memory, collectGarbage, observer }: PipelineDeps): Processor => {
    const settings = config as Settings;
    const garbage = new GarbageCollection(settings);
    let measuredAtMs = Number.NEGATIVE_INFINITY;
    let refusing = false;

    const measure = (nowMs: number): void => {
      const { usedBytes, totalBytes } = memory();
      const { softBytes, hardBytes } = limits(settings, totalBytes);
      let used = usedBytes;
      // Much of it may be garbage that nobody was in a hurry to collect; while everything is refused, nobody would be.
      if (used >= softBytes && garbage.isDue(nowMs, used >= hardBytes)) {
        collectGarbage();
        used = memory().usedBytes;
        garbage.collected(nowMs, used < softBytes || used < usedBytes * 0.95);
      }
      refusing = used >= softBytes;
      if (refusing) observer.degraded(id, 'memory use is above its soft limit; data is refused', { limitBytes: softBytes });
      else observer.healthy(id);
    };

    return {
      drops: 'none',
      mutates: false,
      process: (batch) => {
        const nowMs = clock.now();
        // A clock that was set back must not keep a state for ever.
        if (Math.abs(nowMs - measuredAtMs) >= settings.check_interval) {
          measuredAtMs = nowMs;
          measure(nowMs);
        }
        if (!refusing) return batch;
        throw new Fault('GW_PROCESS_MEMORY_LIMIT', 'data refused due to high memory usage', {
          hint: 'send again later',
          retryAfterMs: Math.max(1_000, settings.check_interval),
        });
      },
    };
  },
} as const satisfies ProcessorFactory;
