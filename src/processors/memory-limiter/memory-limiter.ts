/**
 * `memory_limiter`: refuses data while the process uses too much memory, so that its clients wait and try again. It measures the process and its
 * buffers, which live outside the JavaScript heap. States: taking and refusing; they change only when memory is measured.
 */
import type { PipelineDeps, Processor, ProcessorFactory } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { type Settings, schema } from './schema.ts';

const mebibyte = 2 ** 20;

/** Bytes from which on data is refused. */
function softLimit(settings: Settings, totalBytes: number): number {
  const fixed = settings.limit_mib > 0;
  const limit = fixed ? settings.limit_mib * mebibyte : (settings.limit_percentage / 100) * totalBytes;
  const spike = fixed ? settings.spike_limit_mib * mebibyte : (settings.spike_limit_percentage / 100) * totalBytes;
  return limit - (spike === 0 ? limit / 5 : spike);
}

export const memoryLimiter = {
  kind: 'processor',
  type: 'memory_limiter',
  aliases: [],
  summary: 'Refuses data while the process uses too much memory; clients try again. Stands first in a pipeline.',
  signals: ['traces', 'logs'],
  stability: 'stable',
  schema,
  create: (config: unknown, { id, clock, memory, observer }: PipelineDeps): Processor => {
    const settings = config as Settings;
    let measuredAtMs = Number.NEGATIVE_INFINITY;
    let refusing = false;

    const measure = (): void => {
      const { usedBytes, totalBytes } = memory();
      const limitBytes = Math.floor(softLimit(settings, totalBytes));
      refusing = usedBytes >= limitBytes;
      if (refusing) observer.degraded(id, 'memory use is above its soft limit; data is refused', { limitBytes });
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
          measure();
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
