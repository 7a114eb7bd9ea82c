/** Priorities of threads, in a process of its own: they are the whole process's. Only Linux has them, and `/proc`, where they are read. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';

const collector = new URL('../../dist/service/collector.js', import.meta.url).href;
/** A thread that works has at least so much of a processor meanwhile. */
const busyMs = 20;

/** Prints the nice values of the threads that worked while files were hashed by libuv's, and while garbage was collected. */
const script = `
  const { pbkdf2 } = await import('node:crypto');
  const { readdirSync, readFileSync } = await import('node:fs');
  const { promisify } = await import('node:util');
  const { tameCollector } = await import(${JSON.stringify(collector)});
  await tameCollector();

  const told = (thread, file) => readFileSync('/proc/self/task/' + thread + '/' + file, 'utf8');
  const threads = () => readdirSync('/proc/self/task').filter((thread) => Number(thread) !== process.pid);
  const workedMs = () => new Map(threads().map((thread) => [thread, Number(told(thread, 'schedstat').split(' ')[0]) / 1e6]));
  const niceness = (thread) => Number(told(thread, 'stat').split(') ')[1].split(' ')[16]);
  async function busyThreads(work) {
    const before = workedMs();
    await work();
    return [...workedMs()].filter(([thread, ms]) => ms - (before.get(thread) ?? 0) > ${busyMs}).map(([thread]) => niceness(thread));
  }

  const hash = promisify(pbkdf2);
  const pool = await busyThreads(() => Promise.all(Array.from({ length: 4 }, () => hash('password', 'salt', 200_000, 64, 'sha512'))));
  let kept = [];
  const collecting = await busyThreads(() => {
    for (let round = 0; round < 10; round += 1) {
      for (let at = 0; at < 100_000; at += 1) kept.push({ at, text: [at] });
      gc();
    }
  });
  process.stdout.write(JSON.stringify({ pool, collecting, main: niceness(process.pid), kept: kept.length }));
`;

interface Priorities {
  readonly pool: readonly number[];
  readonly collecting: readonly number[];
  readonly main: number;
}

async function prioritiesWith(env: Readonly<Record<string, string>>): Promise<Priorities> {
  const argv = ['--expose-gc', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)('node', argv, { env: { ...process.env, ...env } });
  return JSON.parse(stdout) as Priorities;
}

describe.each<Readonly<Record<string, string>>>([{}, { UV_THREADPOOL_SIZE: '2' }, { UV_THREADPOOL_SIZE: '9' }])('with %o', (env) => {
  let priorities: Priorities;

  beforeAll(async () => {
    priorities = await prioritiesWith(env);
  });

  test('threads that collect garbage give way to others', () => {
    const { main, collecting } = priorities;
    expect(collecting).not.toEqual([]);
    expect(new Set(collecting)).toEqual(new Set([Math.min(main + 10, 19)]));
  });

  test('threads that write to the disk keep the priority of the event loop', () => {
    const { main, pool } = priorities;
    expect(pool.length).toBeGreaterThan(1);
    expect(new Set(pool)).toEqual(new Set([main]));
  });
});
