/**
 * What signals ask of this process:
 *
 *   SIGHUP            reload
 *   SIGTERM, SIGINT   stop in order and end with 0; the second one ends it at once
 *
 * They are taken from before the start on, because one that nobody takes ends the process. What is asked for during the start waits for its promise.
 */
import { isWorker } from '../service/workers.ts';

export interface Running {
  reload(): void;
  stop(): Promise<void>;
}

const ignore = (): void => {};

// Nothing may hold it up now, not even the store's own way of ending while a write is under way.
const endAtOnce = (): void => void process.kill(process.pid, 'SIGKILL');

/** Resolves when it runs; rejects as the start does. */
export async function startUnderSignals(start: () => Promise<Running>): Promise<void> {
  // Why a start fails is told to the caller; there is nobody to ask then.
  const ask = (what: (running: Running) => unknown): void => void started.then(what, ignore);
  // Whoever signals the whole group, as Ctrl-C does, means the supervisor: it sends each worker one SIGTERM, and none outlives it.
  const again = isWorker ? ignore : endAtOnce;
  let stopping = false;
  const stop = (): void => {
    if (stopping) again();
    else ask((running) => running.stop().then(() => process.exit(0)));
    stopping = true;
  };
  process.on('SIGHUP', () => ask((running) => running.reload()));
  process.on('SIGTERM', stop);
  process.on('SIGINT', isWorker ? ignore : stop);
  const started = start();
  await started;
}
