/**
 * Tells whether the process behind a member is gone, so that a restart after a crash need not wait for its leases to run out.
 * An identity is `boot:namespace:pid:start`. Only a process of the same boot and pid namespace can be judged; pids are used again, so the
 * start time (field 22 of proc(5) `stat`) tells one process from a later one with its number. Everybody else is believed to live.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

function orElse(read: () => string, otherwise: string): string {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** Ticks since boot at which a process started; '' if there is no such process or the system does not tell. */
function startOf(pid: number): string {
  const stat = orElse(() => readFileSync(`/proc/${pid}/stat`, 'latin1'), '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isZombie = fields[0] === 'Z';
  return isZombie ? '' : (fields[19] ?? '');
}

const boot = orElse(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(), hostname()).replaceAll(':', '-');
const namespace = orElse(() => readlinkSync('/proc/self/ns/pid').replace(/\D/g, ''), '');

export const processIdentity: string = [boot, namespace, process.pid, startOf(process.pid)].join(':');

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Whether the process with this identity surely does not run any more. */
export function isGone(identity: string): boolean {
  const [otherBoot, otherNamespace, pid, start] = identity.split(':');
  if (otherBoot !== boot || otherNamespace !== namespace || start === undefined) return false;
  return start === '' ? !isRunning(Number(pid)) : startOf(Number(pid)) !== start;
}
