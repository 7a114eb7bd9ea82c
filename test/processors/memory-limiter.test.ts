import { expect, it } from 'vitest';
import { Fault } from '../../src/model/fault.ts';
import { memoryLimiter } from '../../src/processors/memory-limiter/memory-limiter.ts';
import { problemsOf, processorOf, traces, world } from './batches.ts';

const mebibyte = 2 ** 20;

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as Fault).code;
  }
}

it.each([
  ['a fifth below a fixed limit', { limit_mib: 100 }, 80],
  ['by a fixed spike', { limit_mib: 100, spike_limit_mib: 30 }, 70],
  ['by percentages of what the process may have', { limit_percentage: 50, spike_limit_percentage: 10 }, 400],
  ['a fifth below a percentage', { limit_percentage: 50 }, 400],
  ['by the fixed limit where both are given', { limit_mib: 100, limit_percentage: 50 }, 80],
])('refuses from its soft limit on: %s', (_name, settings, softMebibytes) => {
  const around = world();
  const limiter = processorOf(memoryLimiter, { check_interval: '1s', ...settings }, around.deps);
  around.usedBytes = softMebibytes * mebibyte - 1;
  expect(codeOf(() => limiter.process(traces([{}])))).toBeUndefined();
  around.usedBytes++;
  around.nowMs += 1000;
  expect(codeOf(() => limiter.process(traces([{}])))).toBe('GW_PROCESS_MEMORY_LIMIT');
});

it('refuses with an error that a client retries', () => {
  const around = world();
  around.usedBytes = 500 * mebibyte;
  const limiter = processorOf(memoryLimiter, { check_interval: '1s', limit_mib: 10 }, around.deps);
  expect(() => limiter.process(traces([{}]))).toThrow('data refused due to high memory usage');
  try {
    limiter.process(traces([{}]));
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ kind: 'unavailable', retryAfterMs: 1000 });
  }
});

it('measures once per interval', () => {
  const around = world();
  const limiter = processorOf(memoryLimiter, { check_interval: '5s', limit_mib: 10 }, around.deps);
  limiter.process(traces([{}]));
  around.usedBytes = 500 * mebibyte;
  around.nowMs += 4999;
  limiter.process(traces([{}]));
  around.nowMs += 1;
  expect(codeOf(() => limiter.process(traces([{}])))).toBe('GW_PROCESS_MEMORY_LIMIT');
  around.usedBytes = 0;
  around.nowMs += 5000;
  limiter.process(traces([{}]));
});

it('collects garbage before it refuses, and goes on if that was enough', () => {
  const around = world();
  const limiter = processorOf(memoryLimiter, { check_interval: '1s', limit_mib: 100 }, around.deps);
  around.usedBytes = 90 * mebibyte;
  around.garbageBytes = 30 * mebibyte;
  limiter.process(traces([{}]));
  expect(around.collections).toBe(1);
});

/** Collections within a minute above a limit, looked at each second, none of which helps. */
function collectionsInVain(usedMebibytes: number, settings: object): number[] {
  const around = world();
  const limiter = processorOf(memoryLimiter, { check_interval: '1s', limit_mib: 100, ...settings }, around.deps);
  around.usedBytes = usedMebibytes * mebibyte;
  const seconds: number[] = [];
  for (let second = 0; second < 60; second++) {
    const before = around.collections;
    codeOf(() => limiter.process(traces([{}])));
    if (around.collections > before) seconds.push(second);
    around.nowMs += 1000;
  }
  return seconds;
}

it.each<[string, number, object, number[]]>([
  ['10 s, doubled, above the soft limit', 90, {}, [0, 10, 30]],
  ['a second, doubled, above the hard limit', 100, {}, [0, 1, 3, 7, 15, 31]],
  [
    'the longest pause that is set',
    100,
    { max_gc_interval_when_hard_limited: '4s' },
    [0, 1, 3, 7, 11, 15, 19, 23, 27, 31, 35, 39, 43, 47, 51, 55, 59],
  ],
  ['the shortest pause that is set', 90, { min_gc_interval_when_soft_limited: '30s' }, [0, 30]],
])('collects garbage in vain less and less often: after %s', (_name, usedMebibytes, settings, seconds) => {
  expect(collectionsInVain(usedMebibytes, settings)).toEqual(seconds);
});

it('measures again when the clock was set back', () => {
  const around = world();
  around.usedBytes = 500 * mebibyte;
  const limiter = processorOf(memoryLimiter, { check_interval: '5s', limit_mib: 10 }, around.deps);
  expect(codeOf(() => limiter.process(traces([{}])))).toBe('GW_PROCESS_MEMORY_LIMIT');
  around.usedBytes = 0;
  around.nowMs -= 3_600_000;
  limiter.process(traces([{}]));
});

it.each([
  [{ limit_mib: 10 }, ['check_interval: must be greater than zero']],
  [{ check_interval: '1s' }, ['limit_mib: either limit_mib or limit_percentage must be greater than zero']],
  [{ check_interval: '1s', limit_mib: 10, spike_limit_mib: 10 }, ['spike_limit_mib: must be smaller than limit_mib']],
  [
    { check_interval: '1s', limit_percentage: 10, spike_limit_percentage: 20 },
    ['spike_limit_percentage: must be smaller than limit_percentage'],
  ],
])('refuses the settings %j', (settings, problems) => {
  expect(problemsOf(memoryLimiter, settings)).toEqual(problems);
});
