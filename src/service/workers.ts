/**
 * `service::workers`: several processes that do the same work. They share the receivers' ports (node:cluster hands the connections out in turn, those of
 * gRPC too) and the journal, whose leases divide the partitions between them. This process supervises them and touches no span.
 *
 *   starting ─all ready─► running ─stop─► stopping ─► ended          a worker that ends while running is replaced, after a wait that doubles
 *      └─one ends─► ended (rejects)                                  as long as they end soon
 *
 * The metrics page and the health check are served here, for all workers (`worker-pages.ts`). The admin endpoint is answered by any one worker, which
 * asks the others for their trails through this process (`trail/worker-trails.ts`).
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import type { ServiceConfig } from '../config/load.ts';
import { Fault } from '../model/fault.ts';
import type { Gateway } from './gateway.ts';
import type { Startable } from './part.ts';
import { createLogger } from './telemetry/logger.ts';
import { Metrics } from './telemetry/metrics.ts';
import { instanceVariable, resourceOf } from './telemetry/resource.ts';
import { Telemetry } from './telemetry/telemetry.ts';
import { answerSupervisor, TrailQuestions } from './trail/worker-trails.ts';
import { answersOf, pagesOfAll } from './worker-pages.ts';
import { answerQuestions } from './worker-questions.ts';

export interface WorkersOptions {
  readonly config: ServiceConfig;
  readonly count: number;
  /** Of the workers. Beside it each finds its number, from 1, in `SPANWAY_WORKER`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a worker says once it serves. */
const readyMessage = 'spanway:ready';
const waitMsMin = 200;
const waitMsMax = 10_000;
/** Who has lived this long was not started in vain. */
const settledMs = 10_000;

export const isWorker = cluster.isWorker;

export function workerCount({ service }: ServiceConfig): number {
  return service.workers === 'auto' ? availableParallelism() : service.workers;
}

export class Workers {
  readonly #options: WorkersOptions;
  readonly #logger: ReturnType<typeof createLogger>;
  readonly #pages: readonly Startable[];
  readonly #running = new Map<number, Worker>();
  readonly #waiting = new Set<NodeJS.Timeout>();
  readonly #questions = new TrailQuestions();
  #stopping = false;

  private constructor(options: WorkersOptions) {
    const { config, count } = options;
    const logger = createLogger(config.service.telemetry.logs);
    const telemetry = new Telemetry(
      new Metrics(Date.now(), Date.now),
      (level, sentence, facts) => logger[level](facts, sentence),
      Date.now,
    );
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    this.#options = options;
    this.#logger = logger;
    this.#pages = pagesOfAll(config, () => new Map(numbers.map((number) => [number, this.#running.get(number)])), telemetry);
  }

  /** Resolves when all workers serve; rejects, with none left, if one of them cannot. */
  static async start(options: WorkersOptions): Promise<Workers> {
    checkJournals(options);
    const workers = new Workers(options);
    try {
      for (const page of workers.#pages) await page.start();
      await Promise.all(Array.from({ length: options.count }, (_, index) => workers.#start(index + 1)));
    } catch (error) {
      await workers.kill();
      throw error;
    }
    for (const [number, worker] of workers.#running) workers.#watch(number, worker, waitMsMin);
    workers.#logger.info({ workers: options.count }, 'All workers are ready.');
    return workers;
  }

  /** Each loads its configuration again; `service::workers` and the pages of the supervisor stay as they are. */
  reload(): void {
    for (const { process } of this.#running.values()) process.kill('SIGHUP');
  }

  /** Resolves when all have stopped, which they do within their grace period. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#waiting) clearTimeout(timer);
    const ended = [...this.#running.values()].filter(({ process }) => process.exitCode === null && process.signalCode === null);
    await Promise.all(
      ended.map(({ process }) => {
        const exit = once(process, 'exit');
        process.kill(signal);
        return exit;
      }),
    );
    for (const page of this.#pages) await page.stop(Date.now());
  }

  async #start(number: number): Promise<void> {
    const worker = this.#fork(number);
    const ready = new Promise<void>((resolve) => worker.on('message', (message) => message === readyMessage && resolve()));
    const ended = once(worker, 'exit').then(() => {
      throw new Fault('GW_START_FAILED', `cannot start worker ${number}: it ended before it was ready`);
    });
    ended.catch(() => {});
    await Promise.race([ready, ended]);
  }

  #fork(number: number): Worker {
    const instanceId = resourceOf(this.#options.config).get('service.instance.id');
    const worker = cluster.fork({ ...this.#options.env, SPANWAY_WORKER: `${number}`, [instanceVariable]: instanceId });
    this.#running.set(number, worker);
    worker.on('message', (message) => {
      this.#questions.pass(worker, message, this.#running.values());
      if (message === readyMessage) this.#logger.info({ worker: number, pid: worker.process.pid }, 'a worker is ready');
    });
    return worker;
  }

  #watch(number: number, worker: Worker, waitMs: number): void {
    const startedAtMs = Date.now();
    const replace = (): void => {
      this.#running.delete(number);
      if (this.#stopping) return;
      const { exitCode: code, signalCode: signal } = worker.process;
      const nextMs = Date.now() - startedAtMs > settledMs ? waitMsMin : waitMs;
      this.#logger.error({ worker: number, code, signal, restartInMs: nextMs }, 'a worker ended; another one takes its place');
      const timer = setTimeout(() => {
        this.#waiting.delete(timer);
        this.#watch(number, this.#fork(number), Math.min(nextMs * 2, waitMsMax));
      }, nextMs);
      this.#waiting.add(timer);
    };
    // One that was ready may have ended before the last one was.
    if (worker.isDead()) replace();
    else worker.once('exit', replace);
  }
}

/** In a worker: starts what it serves, and tells the supervisor that it does. */
export async function serveAsWorker<Serving extends { readonly gateway: Gateway }>(start: () => Promise<Serving>): Promise<Serving> {
  const serving = await start().catch((error: unknown) => {
    // The channel to the supervisor would keep the process alive.
    cluster.worker?.disconnect();
    throw error;
  });
  answerQuestions(answersOf(serving.gateway));
  answerSupervisor(serving.gateway.telemetry.trail);
  process.send?.(readyMessage);
  return serving;
}

function checkJournals({ config, count }: WorkersOptions): void {
  for (const id of config.service.extensions) {
    if (config.extensions.get(id)?.type !== 'memory_storage') continue;
    throw new Fault('GW_CONFIG_INVALID', `cannot run ${count} workers: "${id}" keeps journals in the memory of one process`, {
      hint: 'use file_storage or redis_storage, or set service::workers to 1',
    });
  }
}
