import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { type Bytes, bytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';

/**
 * zstd for runtimes without their own: one worker thread, so that compressing never holds up the event loop.
 *
 * States: no thread → running → (it died: its jobs move to the next thread, once) → no thread. The next job starts a new one.
 * A context is made once: its tables are larger than many a body. An empty dictionary is none, and the only way to a context of one's own here.
 * The thread's program is a text, because the same source must run as TypeScript in tests and as JavaScript in `dist`.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const zstd = require(workerData.library);
const ready = zstd.init();
const none = new Uint8Array(0);
let context;
function compress(body) {
  context ??= zstd.createCCtx();
  return zstd.compressUsingDict(context, body, none, workerData.level);
}
parentPort.on('message', async ({ id, operation, body, size }) => {
  let result;
  try {
    await ready;
    result = operation === 'compress' ? compress(body) : zstd.decompress(body, { defaultHeapSize: size });
  } catch {
    parentPort.postMessage({ id, result: undefined });
    return;
  }
  parentPort.postMessage({ id, result }, [result.buffer]);
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
    return this.#run('compress', body, 0);
  }

  /** `size`: length of the result, needed for frames that do not tell it. */
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
    const library = createRequire(import.meta.url).resolve('@bokuweb/zstd-wasm');
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
