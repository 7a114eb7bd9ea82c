import { totalmem } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { MemoryUse } from '../model/component.ts';
import { cgroupLimit } from './cgroup-limit.ts';

/** What the process may use: its control group's limit where there is one below the machine's memory. */
export function memoryLimit(root?: string): number {
  return Math.min(totalmem(), cgroupLimit(root) ?? Number.POSITIVE_INFINITY);
}

/** It does not change while the process runs. */
const totalBytes = memoryLimit();

/** What is neither heap nor buffer: the program's code, stacks, what libraries hold. */
const outsideAtLoadBytes = measure().outsideBytes;
let outsideBytes = Number.POSITIVE_INFINITY;

function measure(): { readonly rss: number; readonly insideBytes: number; readonly outsideBytes: number } {
  const { rss, heapTotal, external } = process.memoryUsage();
  const insideBytes = heapTotal + external;
  return { rss, insideBytes, outsideBytes: rss - insideBytes };
}

/**
 * Heap and buffers, and what there is beside them. Not the resident set alone: the system's allocator keeps memory that was given back, and uses it
 * again, so after a flood the resident set may never fall. What was outside at the least is what is needed there.
 */
export function memoryUse(): MemoryUse {
  const now = measure();
  outsideBytes = Math.max(outsideAtLoadBytes, Math.min(outsideBytes, now.outsideBytes));
  return { usedBytes: Math.min(now.rss, now.insideBytes + outsideBytes), totalBytes };
}

let collect: (() => void) | undefined;

/** Takes some milliseconds per 100 MiB of heap. */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collect();
}
