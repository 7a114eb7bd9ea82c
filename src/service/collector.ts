/**
 * How V8 collects garbage in this process. Much of what spans need lives for some tenths of a second, so it is old in the collector's sense before it is dead:
 * the old generation is collected every second or two, on threads that would take the processors from the requests.
 */
import { opendir } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/**
 * By how much the old generation grows before it is collected, in percent of what is alive. Left to itself V8 lets it become three times as large under
 * load. Less means more collections: 32 cost a twentieth of all CPU, 40 nothing that shows.
 */
const growthPercent = 40;
/** What V8's threads are nicer than the others by. They have a tenth of a processor's time where others want all of it, and all of it where nobody does. */
const nicer = 10;
const niceMost = 19;
/** Of libuv, if UV_THREADPOOL_SIZE says nothing else. */
const poolThreads = 4;
const poolThreadsMax = 1_024;

/** For this process, from now on. Call it before anything that starts threads. */
export async function tameCollector(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  // V8 puts what mostly outlives a young collection among the old at once, and has to collect the old the more often, though nothing of it stays.
  setFlagsFromString('--no-allocation-site-pretenuring');
  if (process.platform === 'linux') await lowerThreads();
}

/** Only Linux gives threads priorities of their own. Where the system refuses it, nothing is lost but some milliseconds. */
async function lowerThreads(): Promise<void> {
  try {
    const nice = Math.min(getPriority() + nicer, niceMost);
    for (const thread of await threadsOfV8()) setPriority(thread, nice);
  } catch {
    // As it was.
  }
}

/**
 * Linux tells threads in the order in which they were made: the main one, V8's (and one that waits for signals), those of libuv's pool. These write to the disk,
 * and clients wait for that. They are all there, since one of them looks.
 */
async function threadsOfV8(): Promise<readonly number[]> {
  const threads: number[] = [];
  for await (const { name } of await opendir('/proc/self/task')) threads.push(Number(name));
  return threads.slice(1, Math.max(1, threads.length - poolSize()));
}

/** As libuv reads it: without a sign. */
function poolSize(): number {
  const { UV_THREADPOOL_SIZE: size } = process.env;
  return size === undefined ? poolThreads : Math.min((Number.parseInt(size, 10) || 1) >>> 0, poolThreadsMax);
}
