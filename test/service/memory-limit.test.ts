/** How much memory the process may use, from the files in which Linux says it, and what `memory_limiter` makes of that. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memoryLimiter } from '../../src/processors/memory-limiter/memory-limiter.ts';
import { cgroupLimit } from '../../src/service/cgroup-limit.ts';
import { memoryLimit } from '../../src/service/memory-use.ts';
import { temporaryDirectory } from '../e2e/harness.ts';
import { processorOf, traces, world } from '../processors/batches.ts';

const mebibyte = 2 ** 20;
let root: ReturnType<typeof temporaryDirectory>;
beforeEach(() => (root = temporaryDirectory()));
afterEach(() => root.remove());

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root.path, path)), { recursive: true });
    writeFileSync(join(root.path, path), `${text}\n`);
  }
}

const v1Unlimited = '9223372036854771712';

test.each<[string, Readonly<Record<string, string>>, number | undefined]>([
  ['version 2, in a container of its own', { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': '536870912' }, 512 * mebibyte],
  ['version 2, without a limit', { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': 'max' }, undefined],
  ['version 2, without the memory controller', { 'proc/self/cgroup': '0::/' }, undefined],
  [
    'version 2, a service below a slice that allows less',
    {
      'proc/self/cgroup': '0::/system.slice/spanway.service',
      'sys/fs/cgroup/system.slice/spanway.service/memory.max': '1073741824',
      'sys/fs/cgroup/system.slice/memory.max': '268435456',
    },
    256 * mebibyte,
  ],
  [
    'version 2, a service without a limit of its own',
    {
      'proc/self/cgroup': '0::/system.slice/spanway.service',
      'sys/fs/cgroup/system.slice/spanway.service/memory.max': 'max',
      'sys/fs/cgroup/system.slice/memory.max': '268435456',
    },
    256 * mebibyte,
  ],
  [
    'version 2, a group outside of what the container sees',
    { 'proc/self/cgroup': '0::/../../kubepods/pod1', 'sys/fs/cgroup/memory.max': '134217728' },
    128 * mebibyte,
  ],
  [
    'version 1',
    {
      'proc/self/cgroup': '12:cpu,cpuacct:/docker/abc\n5:memory:/docker/abc\n1:name=systemd:/docker/abc',
      'sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': '268435456',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': v1Unlimited,
    },
    256 * mebibyte,
  ],
  [
    'version 1, where the container sees its own group as the highest',
    { 'proc/self/cgroup': '5:memory:/kubepods/pod1/abc', 'sys/fs/cgroup/memory/memory.limit_in_bytes': '134217728' },
    128 * mebibyte,
  ],
  [
    'version 1 and 2 side by side',
    {
      'proc/self/cgroup': '5:memory:/a\n0::/a',
      'sys/fs/cgroup/memory/a/memory.limit_in_bytes': '134217728',
    },
    128 * mebibyte,
  ],
  ['no control groups at all', {}, undefined],
  ['a file that holds no number', { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': 'much' }, undefined],
])('the limit of control groups: %s', (_, files, limit) => {
  write(files);
  expect(cgroupLimit(root.path)).toBe(limit);
});

test("a limit above the machine's memory, or none, means the machine's memory", () => {
  expect(memoryLimit(root.path)).toBe(totalmem());
  write({ 'proc/self/cgroup': '5:memory:/', 'sys/fs/cgroup/memory/memory.limit_in_bytes': v1Unlimited });
  expect(memoryLimit(root.path)).toBe(totalmem());
});

test("percentages of memory_limiter are of the control group's limit", () => {
  write({ 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': `${100 * mebibyte}` });
  const around = world();
  const settings = { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 30 };
  const deps = { ...around.deps, memory: () => ({ usedBytes: around.usedBytes, totalBytes: memoryLimit(root.path) }) };
  const limiter = processorOf(memoryLimiter, settings, deps);
  around.usedBytes = 50 * mebibyte - 1;
  expect(() => limiter.process(traces([{}]))).not.toThrow();
  around.usedBytes += 1;
  around.nowMs += 1_000;
  expect(() => limiter.process(traces([{}]))).toThrow('data refused due to high memory usage');
});
