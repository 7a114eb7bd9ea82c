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
