/**
 * One connection to each master. Requests that are sent together go out as one pipeline per node, and are answered when they are as durable as
 * the link promises.
 */
import type { ChainableCommander, Redis } from 'ioredis';
import { systemClock } from '../system-clock.ts';
import { type Client, type ConnectOptions, connect, disconnect, isCluster } from './connect.ts';
import type { Script } from './script.ts';
import { unavailable } from './unavailable.ts';

/** What follows the requests of a pipeline and makes sure of them. */
export type Assurance = 'reply' | 'local_fsync' | 'replica';

/** One command for the node that serves a slot. */
export interface Request {
  readonly slot: number;
  /** `whole`: the server does not know the script. */
  add(pipeline: ChainableCommander, whole: boolean): void;
}

export type Argument = string | number | Buffer;

export function runs({ sha, source }: Script, slot: number, keys: readonly string[], args: readonly Argument[]): Request {
  return {
    slot,
    add(pipeline, whole) {
      if (whole) pipeline.callBuffer('eval', source, keys.length, ...keys, ...args);
      else pipeline.callBuffer('evalsha', sha, keys.length, ...keys, ...args);
    },
  };
}

/** Answers that mean that nothing was done, and that it is worth while to ask again. */
const notDone = /^(?:NOSCRIPT|MOVED|ASK|TRYAGAIN) /;
const askAgainMs = 50;

export class Link {
  readonly #client: Client;
  readonly #commandTimeoutMs: number;
  readonly #assurance: Assurance;

  constructor(client: Client, commandTimeoutMs: number, assurance: Assurance) {
    this.#client = client;
    this.#commandTimeoutMs = commandTimeoutMs;
    this.#assurance = assurance;
  }

  static async open(options: ConnectOptions, assurance: Assurance): Promise<Link> {
    return new Link(await connect(options), options.commandTimeoutMs, assurance);
  }

  /** The masters. */
  nodes(): readonly Redis[] {
    return isCluster(this.#client) ? this.#client.nodes('master') : [this.#client];
  }

  /** Names the node that serves the slot; '' if there is one server only. */
  nodeName(slot: number): string {
    return isCluster(this.#client) ? (this.#client.slots[slot]?.[0] ?? '') : '';
  }

  /** One answer for each request: a reply, or an `Error`. Never rejects. */
  async send(requests: readonly Request[]): Promise<readonly unknown[]> {
    const answers: unknown[] = new Array(requests.length);
    const untilMs = Date.now() + this.#commandTimeoutMs;
    let open = [...requests.keys()];
    for (let whole = false; ; whole = true) {
      await Promise.all([...this.#byNode(requests, open)].map(([name, indexes]) => this.#sendTo(name, requests, indexes, whole, answers)));
      // After any trouble the slots may be elsewhere: the next request shall find them.
      if (isCluster(this.#client) && answers.some(isTrouble)) this.#client.refreshSlotsCache();
      open = open.filter((index) => isNotDone(answers[index]));
      if (open.length === 0 || Date.now() >= untilMs) return answers;
      if (open.some((index) => isTrouble(answers[index]))) await systemClock.sleep(askAgainMs);
    }
  }

  /** As `send`. Rejects with `GW_JOURNAL_UNAVAILABLE` if any answer is an error. */
  async ask(verb: string, requests: readonly Request[]): Promise<readonly unknown[]> {
    const answers = await this.send(requests);
    const failure = answers.find((answer) => answer instanceof Error);
    if (failure) throw unavailable(verb, failure);
    return answers;
  }

  close(): void {
    disconnect(this.#client);
  }

  #byNode(requests: readonly Request[], open: readonly number[]): Map<string, number[]> {
    const groups = new Map<string, number[]>();
    for (const index of open) {
      const name = this.nodeName((requests[index] as Request).slot);
      const group = groups.get(name);
      if (group) group.push(index);
      else groups.set(name, [index]);
    }
    return groups;
  }

  async #sendTo(name: string, requests: readonly Request[], indexes: readonly number[], whole: boolean, answers: unknown[]): Promise<void> {
    const pipeline = this.#node(name)?.pipeline();
    for (const index of indexes) {
      // What is sent again has no answer yet: the former one must not be taken for it.
      answers[index] = undefined;
      if (pipeline) (requests[index] as Request).add(pipeline, whole);
    }
    const failure = pipeline ? await this.#finish(pipeline, indexes, answers) : new Error('no node serves the slot');
    if (failure) for (const index of indexes) if (!(answers[index] instanceof Error)) answers[index] = failure;
  }

  /** Fills in the answers. Resolves to what keeps all of them from being promised, if anything does. */
  async #finish(pipeline: ChainableCommander, indexes: readonly number[], answers: unknown[]): Promise<Error | undefined> {
    // Half of the time that the connection gives an answer is enough to wait for a disk or a replica.
    const waitMs = Math.ceil(this.#commandTimeoutMs / 2);
    if (this.#assurance === 'replica') pipeline.wait(1, waitMs);
    else if (this.#assurance === 'local_fsync') pipeline.call('waitaof', 1, 0, waitMs);
    const results = await withinMs(pipeline.exec(), this.#commandTimeoutMs + waitMs);
    if (!results) return new Error('timed out');
    for (const [at, index] of indexes.entries()) answers[index] = results[at]?.[0] ?? results[at]?.[1];
    if (this.#assurance === 'reply') return undefined;
    const [error, reached] = results.at(-1) as [Error | null, unknown];
    return error ?? shortfall(this.#assurance, reached);
  }

  #node(name: string): Redis | undefined {
    if (!isCluster(this.#client)) return this.#client;
    return this.#client.nodes('master').find(({ options }) => `${options.host}:${options.port}` === name);
  }
}

function isNotDone(answer: unknown): boolean {
  return answer instanceof Error && notDone.test(answer.message);
}

function isTrouble(answer: unknown): boolean {
  return answer instanceof Error && !answer.message.startsWith('NOSCRIPT');
}

/** WAIT and WAITAOF answer with what was reached, also when the time is over: the numbers have to be looked at. */
function shortfall(assurance: Assurance, reached: unknown): Error | undefined {
  const count = Array.isArray(reached) ? Number(reached[0]) : Number(reached);
  if (count >= 1) return undefined;
  return new Error(assurance === 'replica' ? 'no replica has confirmed in time' : 'the disk of Redis has not confirmed in time');
}

async function withinMs<Value>(promise: Promise<Value>, ms: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, ms, undefined)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
