import { totalmem } from 'node:os';
import type { MemoryUse } from '../model/component.ts';

/** The cgroup's limit where there is one below the machine's memory. Neither changes while the process runs. */
const constrained = process.constrainedMemory();
const totalBytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();

/** The resident set counts buffers outside of the heap, too. */
export function memoryUse(): MemoryUse {
  return { usedBytes: process.memoryUsage.rss(), totalBytes };
}
