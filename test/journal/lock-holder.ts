import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { eventually } from '../contract/journal-owner.ts';

const program = `
  import { open } from 'lmdb';
  const environment = open({ path: process.argv[1], noSubdir: false, overlappingSync: false, mapSize: 2 ** 38 });
  environment.transactionSync(() => process.kill(process.pid, 'SIGSTOP'));
  process.exit(0);
`;

/** Has a process of its own take the write lock of the directory's LMDB and stop with it. Returns what ends that process, and so frees the lock. */
export async function holdLock(directory: string): Promise<(signal?: 'SIGCONT' | 'SIGKILL') => Promise<void>> {
  const holder = spawn('node', ['--input-type=module', '-e', program, directory], { stdio: 'ignore' });
  await eventually(() => isStopped(holder.pid as number));
  return async (signal = 'SIGCONT') => {
    if (holder.exitCode !== null || holder.signalCode !== null) return;
    const ended = once(holder, 'exit');
    holder.kill(signal);
    await ended;
  };
}

export async function isStopped(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/stat`, 'latin1')).includes(') T ');
}
