/** Signals that come while the built program is starting. Redis stands still, which holds the start up where its journal is opened. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisConfig } from '../chaos/redis-config.ts';
import { until } from '../e2e/harness.ts';
import { RedisServer } from '../journal/redis-server.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
const starting = 'Starting spanway...';
const ready = 'Everything is ready. Begin running and processing data.';

let redis: RedisServer;
let program: ChildProcess;
let log: string;
/** Comes when the workers have ended, too: they write to the same pipe. */
let ended: Promise<unknown[]>;

beforeEach(async () => {
  redis = await RedisServer.start();
});

afterEach(async () => {
  toGroup('SIGKILL');
  await ended;
  await redis.stop();
});

/** A process group of its own, as a shell makes it. */
function start(workers: number): void {
  const patient = { dial_timeout: '60s', command_timeout: '60s' };
  const telemetry = { logs: { encoding: 'json' } };
  const config = redisConfig({ sinkUrl: 'http://127.0.0.1:1', redis, storage: patient, telemetry, service: { workers } });
  log = '';
  const child = spawn('node', [main, 'run', '--config', `yaml:${JSON.stringify(config)}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  ended = once(child, 'close');
  program = child;
}

async function startHeldUp(workers: number): Promise<void> {
  redis.pause();
  start(workers);
  await appears(starting, workers);
}

function toGroup(signal: NodeJS.Signals): void {
  try {
    process.kill(-(program.pid as number), signal);
  } catch {
    // None of the group is left.
  }
}

function logged(sentence: string): Record<string, unknown>[] {
  const lines = log.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === sentence);
}

const appears = (sentence: string, count = 1): Promise<void> =>
  until(
    () => logged(sentence).length >= count,
    () => log,
  );

describe.each([1, 2])('with %i as the number of workers', (workers) => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s lets the start finish, then stops in order and ends with 0', async (signal) => {
    await startHeldUp(workers);
    program.kill(signal);
    redis.resume();
    expect(await ended).toEqual([0, null]);
    expect(logged(ready).length).toBe(workers);
    expect(logged('Shutdown complete.').length).toBe(workers);
  });

  test('a second signal ends it at once, and its workers with it', async () => {
    await startHeldUp(workers);
    program.kill('SIGTERM');
    program.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(logged(ready)).toEqual([]);
  });

  test('a start that fails after a signal tells why, and ends with 1', async () => {
    await startHeldUp(workers);
    program.kill('SIGTERM');
    await redis.kill();
    expect(await ended).toEqual([1, null]);
    expect(log).toContain('Error: cannot ');
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s to the whole group is one demand, not several', async (signal) => {
    await startHeldUp(workers);
    toGroup(signal);
    redis.resume();
    expect(await ended).toEqual([0, null]);
    expect(logged('Shutdown complete.').length).toBe(workers);
  });

  test('SIGHUP to the whole group reloads once it has started', async () => {
    await startHeldUp(workers);
    toGroup('SIGHUP');
    redis.resume();
    await appears('Configuration reloaded.', workers);
    program.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(logged('a worker ended; another one takes its place')).toEqual([]);
  });
});

test('a supervisor that is killed while its workers start leaves none behind', async () => {
  await startHeldUp(2);
  program.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('a worker that is starting in the place of another one stops with the rest', async () => {
  start(2);
  await appears('All workers are ready.');
  redis.pause();
  process.kill(Number(logged('a worker is ready')[0]?.pid), 'SIGKILL');
  await appears(starting, 3);
  program.kill('SIGTERM');
  redis.resume();
  expect(await ended).toEqual([0, null]);
});
