/**
 * The memory that the control groups of this process allow it (cgroups(7)). A group is bound by its own limit and by those of all groups above it,
 * as far as they can be seen from inside a container.
 *
 *   version 2   /proc/self/cgroup says 0::/a/b          memory.max in /sys/fs/cgroup/a/b, /sys/fs/cgroup/a, /sys/fs/cgroup
 *   version 1   /proc/self/cgroup says 5:memory:/a/b    memory.limit_in_bytes in /sys/fs/cgroup/memory/a/b, …
 */
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Bytes; `undefined` where there is no limit. `root` is where the file system begins. */
export function cgroupLimit(root = '/'): number | undefined {
  const limits: number[] = [];
  for (const line of (read(join(root, 'proc/self/cgroup')) ?? '').split('\n')) {
    const [, hierarchy, controllers = '', group = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (hierarchy === '0') addLimits(limits, join(root, 'sys/fs/cgroup'), group, 'memory.max');
    else if (controllers.split(',').includes('memory'))
      addLimits(limits, join(root, 'sys/fs/cgroup/memory'), group, 'memory.limit_in_bytes');
  }
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** A group outside of the container's view (`/../x`) is taken for the highest that is seen. */
function addLimits(limits: number[], mount: string, group: string, file: string): void {
  for (let at = normalize(group); ; at = dirname(at)) {
    const text = read(join(mount, at, file))?.trim() ?? '';
    if (/^\d+$/.test(text)) limits.push(Number(text));
    if (at === '/') return;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
