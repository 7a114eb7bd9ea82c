import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Bytes, bytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';

/**
 * zstd for runtimes without their own: one worker thread, so that compressing never holds up the event loop.
 *
 * States: no thread → running → (it died: its jobs move to the next thread, once) → no thread. The next job starts a new one.
 * The library as WebAssembly: its native form shares one context among all threads of a process.
 * The thread's program is a text, because the same source must run as TypeScript in tests and as JavaScript in `dist`.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const ready = import(workerData.library);
parentPort.on('message', async ({ id, operation, body, size }) => {
  let result;
  try {
    const zstd = await ready;
    result = operation === 'compress' ? zstd.compress(body, workerData.level) : zstd.decompress(body);
    if (result.length > size) result = undefined;
  } catch {
    result = undefined;
  }
  parentPort.postMessage({ id, result }, result ? [result.buffer] : []);
});
`;

type Operation = 'compress' | 'decompress';

interface Job {
  readonly operation: Operation;
  readonly body: Bytes;
  readonly size: number;
  readonly resolve: (result: Bytes) => void;
  readonly reject: (error: Fault) => void;
  lives: number;
}

/** Handed to the thread at a time. What waits costs no copy. */
const handedMax = 2;

export class ZstdThread {
  readonly #level: number;
  #worker: Worker | undefined;
  #handed = new Map<number, Job>();
  #waiting: Job[] = [];
  #nextId = 0;

  constructor(level: number) {
    this.#level = level;
  }

  compress(body: Bytes): Promise<Bytes> {
    return this.#run('compress', body, Number.POSITIVE_INFINITY);
  }

  /** `size`: length of the result, and its limit. */
  decompress(body: Bytes, size: number): Promise<Bytes> {
    return this.#run('decompress', body, size);
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #run(operation: Operation, body: Bytes, size: number): Promise<Bytes> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operation, body, size, resolve, reject, lives: 2 });
      this.#hand();
    });
  }

  #hand(): void {
    while (this.#handed.size < handedMax) {
      const job = this.#waiting.shift();
      if (!job) break;
      const id = this.#nextId++;
      this.#handed.set(id, job);
      const worker = (this.#worker ??= this.#start());
      worker.ref();
      const { operation, size } = job;
      // The caller keeps its bytes: what is not shared memory can only be handed over as a copy.
      if (job.body.buffer instanceof SharedArrayBuffer) worker.postMessage({ id, operation, body: job.body, size });
      else {
        const body = new Uint8Array(job.body);
        worker.postMessage({ id, operation, body, size }, [body.buffer]);
      }
    }
    if (this.#handed.size === 0) this.#worker?.unref();
  }

  #start(): Worker {
    const library = pathToFileURL(createRequire(import.meta.url).resolve('@cloudpss/zstd/wasm')).href;
    const worker = new Worker(program, { eval: true, workerData: { library, level: this.#level } });
    worker.on('message', ({ id, result }: { id: number; result: Uint8Array<ArrayBuffer> | undefined }) => {
      const job = this.#handed.get(id);
      this.#handed.delete(id);
      if (result) job?.resolve(bytes.from(result.buffer));
      else job?.reject(failed(job.operation, 'zstd gives an error'));
      this.#hand();
    });
    // 'exit' always follows and cleans up; without a listener the error would end the process.
    worker.on('error', () => undefined);
    worker.on('exit', () => this.#died());
    return worker;
  }

  #died(): void {
    const orphans = [...this.#handed.values()];
    this.#worker = undefined;
    this.#handed.clear();
    for (const job of orphans) {
      job.lives -= 1;
      if (job.lives > 0) this.#waiting.unshift(job);
      else job.reject(failed(job.operation, 'the thread for it dies'));
    }
    this.#hand();
  }
}

function failed(operation: Operation, reason: string): Fault {
  return new Fault('GW_BUG', `cannot ${operation} batch: ${reason}`);
}
