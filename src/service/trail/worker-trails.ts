/**
 * The trails of several workers: each keeps its own, and any one of them may be asked.
 *
 *   worker that is asked ─ask─► supervisor ─ask─► every other worker ─told─► supervisor ─told─► worker that is asked
 *
 * A worker that does not answer in time is left out: the report says how many processes it rests on.
 */
import cluster, { type Worker } from 'node:cluster';
import type { TrailLog } from './trail-log.ts';
import type { TrailAnswer, TrailQuestion } from './why.ts';

interface Ask {
  readonly trail: 'ask';
  readonly number: number;
  readonly question: TrailQuestion;
}

interface Told {
  readonly trail: 'told';
  readonly number: number;
  readonly answers: readonly TrailAnswer[];
}

const waitMs = 2_000;
const openMax = 64;

const waiting = new Map<number, (answers: readonly TrailAnswer[]) => void>();
let lastNumber = 0;

export function answerOf(trail: TrailLog, { traceIds, runIds }: TrailQuestion): TrailAnswer {
  return { sightings: trail.sightings(new Set(traceIds), new Set(runIds)), reach: trail.reach() };
}

/** What the other workers of this gateway know; nothing if there are none. */
export function askOtherWorkers(question: TrailQuestion): Promise<readonly TrailAnswer[]> {
  if (!cluster.isWorker || waiting.size >= openMax) return Promise.resolve([]);
  const number = ++lastNumber;
  return new Promise((resolve) => {
    const end = (answers: readonly TrailAnswer[]): void => {
      clearTimeout(timer);
      waiting.delete(number);
      resolve(answers);
    };
    // The supervisor waits less: it knows who did not answer.
    const timer = setTimeout(end, waitMs * 2, []);
    waiting.set(number, end);
    process.send?.({ trail: 'ask', number, question } satisfies Ask);
  });
}

/** In a worker: answers what the supervisor asks, and takes what it brings. */
export function answerSupervisor(trail: TrailLog): void {
  process.on('message', (message) => {
    if (isAsk(message))
      process.send?.({ trail: 'told', number: message.number, answers: [answerOf(trail, message.question)] } satisfies Told);
    else if (isTold(message)) waiting.get(message.number)?.(message.answers);
  });
}

interface Round {
  readonly asker: Worker;
  readonly number: number;
  readonly answers: TrailAnswer[];
  readonly timer: NodeJS.Timeout;
  missing: number;
}

/** In the supervisor: passes questions on, and collects the answers. */
export class TrailQuestions {
  readonly #rounds = new Map<number, Round>();
  #lastRound = 0;

  pass(from: Worker, message: unknown, workers: Iterable<Worker>): void {
    if (isAsk(message)) this.#ask(from, message, [...workers]);
    else if (isTold(message)) this.#collect(message);
  }

  #ask(asker: Worker, { number, question }: Ask, workers: readonly Worker[]): void {
    const others = workers.filter((worker) => worker !== asker && worker.isConnected());
    const id = ++this.#lastRound;
    const timer = setTimeout(() => this.#end(id), waitMs);
    this.#rounds.set(id, { asker, number, answers: [], timer, missing: others.length });
    for (const other of others) other.send({ trail: 'ask', number: id, question } satisfies Ask);
    if (others.length === 0) this.#end(id);
  }

  #collect({ number, answers }: Told): void {
    const round = this.#rounds.get(number);
    if (!round) return;
    round.answers.push(...answers);
    round.missing -= 1;
    if (round.missing === 0) this.#end(number);
  }

  #end(id: number): void {
    const round = this.#rounds.get(id);
    if (!round) return;
    clearTimeout(round.timer);
    this.#rounds.delete(id);
    const { asker, number, answers } = round;
    if (asker.isConnected()) asker.send({ trail: 'told', number, answers } satisfies Told);
  }
}

function isAsk(message: unknown): message is Ask {
  return typeof message === 'object' && message !== null && 'trail' in message && message.trail === 'ask';
}

function isTold(message: unknown): message is Told {
  return typeof message === 'object' && message !== null && 'trail' in message && message.trail === 'told';
}
