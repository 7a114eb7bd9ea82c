/**
 * What the supervisor asks its workers, over the channel that node:cluster keeps to each of them.
 *
 *   supervisor ── {question, id} ──► worker ── {answer, id} ──► supervisor        no answer in time: `undefined`
 */
import type { Worker } from 'node:cluster';

/** By the name of the question. What is answered must survive JSON. */
export type Answers = Readonly<Record<string, () => unknown>>;

interface Question {
  readonly spanwayQuestion: string;
  readonly id: number;
}

interface Answer {
  readonly spanwayAnswer: unknown;
  readonly id: number;
}

let questions = 0;

/** Asks one worker; never rejects. */
export function ask<T>(worker: Worker, question: string, waitMs: number): Promise<T | undefined> {
  const id = ++questions;
  return new Promise((resolve) => {
    const end = (answer: T | undefined): void => {
      clearTimeout(timer);
      worker.off('message', heard);
      resolve(answer);
    };
    const heard = (message: Partial<Answer> | undefined): void => {
      if (message?.id === id && message.spanwayAnswer !== undefined) end(message.spanwayAnswer as T);
    };
    const timer = setTimeout(() => end(undefined), waitMs);
    worker.on('message', heard);
    if (worker.isConnected()) worker.send({ spanwayQuestion: question, id } satisfies Question, (error) => error && end(undefined));
    else end(undefined);
  });
}

/** In a worker: answers from now on. A question that it does not know, or whose answer fails, is not answered. */
export function answerQuestions(answers: Answers): void {
  process.on('message', (message: Partial<Question> | undefined) => {
    const { spanwayQuestion: question, id } = message ?? {};
    if (question === undefined || id === undefined || !Object.hasOwn(answers, question)) return;
    void Promise.resolve()
      .then(() => answers[question]?.())
      .then((answer) => process.send?.({ spanwayAnswer: answer, id } satisfies Answer))
      .catch(() => {});
  });
}
