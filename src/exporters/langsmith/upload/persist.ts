import type { Clock } from '../../../model/clock.ts';
import { Fault } from '../../../model/fault.ts';
import type { Observer } from '../../../model/observer.ts';
import { backoffMs } from '../../retry/backoff.ts';

export interface PersistDeps {
  readonly id: string;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly stop: AbortSignal;
  readonly random: () => number;
}

const pauses = { initialIntervalMs: 200, multiplier: 2, maxIntervalMs: 10_000, randomizationFactor: 0.5, maxElapsedMs: 0 };

/**
 * A step of the journal, repeated until it is done: what the server has said must not be asked for again because a disk was busy.
 * `undefined` if the batch is no longer ours (`GW_JOURNAL_FENCED`) or the program stops: it stays in the journal as it was.
 * Rejects with `GW_JOURNAL_CORRUPT`.
 */
export async function persist<Value>(step: () => Promise<Value>, deps: PersistDeps): Promise<{ readonly value: Value } | undefined> {
  for (let failures = 1; ; failures++) {
    try {
      return { value: await step() };
    } catch (error) {
      const fault = Fault.of(error);
      if (fault.code === 'GW_JOURNAL_FENCED') return undefined;
      if (fault.code === 'GW_JOURNAL_CORRUPT') throw fault;
      deps.observer.log('warn', 'The journal does not take a step of the upload; it is tried again', {
        exporter: deps.id,
        code: fault.code,
        failures,
      });
      if (deps.stop.aborted) return undefined;
      await deps.clock.sleep(backoffMs(pauses, failures, deps.random), deps.stop);
    }
  }
}
