import type { Clock } from '../../model/clock.ts';
import type { Observer } from '../../model/observer.ts';
import type { DeadReason } from '../dead-letters/dead-letter.ts';
import type { RetryConfig } from '../retry/backoff.ts';
import { backoffMs } from '../retry/backoff.ts';
import type { ExportRequest } from './entry.ts';
import type { Lane } from './lane.ts';
import { halvesOf } from './requests.ts';
import { type Answer, blamesData, type Sender } from './sender.ts';

/** A request, or a part of one, that was given up. `whole`: none of it was taken, so it can be sent again. */
export interface Loss {
  readonly request: ExportRequest;
  /** Items that were not taken. */
  readonly items: number;
  readonly whole: boolean;
  readonly reason: DeadReason;
  readonly status: number;
  readonly serverText: string;
}

/** How long a request is ours. */
export interface Tenure {
  /** Its partition is somebody else's now. */
  readonly lost: AbortSignal;
  /** What is not taken now is left for the next owner. */
  readonly quit: AbortSignal;
}

/** What became of a request: every item of it is in one of the two. */
export interface Settled {
  delivered: number;
  readonly losses: Loss[];
  /** How often the server found fault with the request or a part of it. */
  rejections: number;
}

/** So many answers find some four bad items among thousands; a server that still finds fault then finds it with all of them. */
const rejectionsMax = 64;

export interface DeliveryDeps {
  readonly id: string;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly sender: Sender;
  readonly lane: Lane;
  readonly retry: RetryConfig & { readonly enabled: boolean };
  readonly random: () => number;
  /** No more sending. */
  readonly stop: AbortSignal;
}

/** Sends requests until each is settled. */
export class Delivery {
  readonly #deps: DeliveryDeps;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  /** `undefined` if it was stopped before: the request stays where it is, and what was delivered of it is delivered again (at least once). */
  async deliver(request: ExportRequest, tenure: Tenure): Promise<Settled | undefined> {
    const settled: Settled = { delivered: 0, losses: [], rejections: 0 };
    return (await this.#deliver(request, tenure, settled)) ? settled : undefined;
  }

  async #deliver(request: ExportRequest, tenure: Tenure, settled: Settled): Promise<boolean> {
    const { clock, retry, random, observer, id } = this.#deps;
    let firstFailedAtMs = 0;
    for (let failures = 1; ; failures += 1) {
      const answer = await this.#try(request, tenure.lost);
      if (answer === undefined) return false;
      if (answer.kind === 'delivered') return this.#delivered(request, answer, settled);
      if (answer.kind === 'too_large') return this.#halve(request, tenure, answer, settled);
      if (answer.kind === 'rejected') return this.#bisect(request, tenure, answer, settled);
      if (tenure.quit.aborted) return false;
      if (answer.kind === 'refused') {
        failures -= 1;
        continue;
      }
      const nowMs = clock.now();
      if (failures === 1) {
        firstFailedAtMs = nowMs;
        observer.sendFailed(id, request.items, answer.status, request.signal);
      }
      const expired = retry.maxElapsedMs > 0 && nowMs - firstFailedAtMs >= retry.maxElapsedMs;
      if (expired || !retry.enabled) return this.#lose(request, 'expired', answer, settled);
      await clock.sleep(Math.max(answer.retryAfterMs ?? 0, backoffMs(retry, failures, random)), tenure.quit);
      if (tenure.quit.aborted) return false;
    }
  }

  async #try(request: ExportRequest, lost: AbortSignal): Promise<Answer | undefined> {
    const { lane, sender, stop, observer, id } = this.#deps;
    if (!(await lane.enter())) return undefined;
    if (lost.aborted) {
      lane.leave(undefined);
      return undefined;
    }
    const startedAt = performance.now();
    observer.sending(id, 1);
    const answer = await sender.send(request, stop);
    observer.sending(id, -1);
    lane.leave(answer);
    // An answer that our own stop cut off says nothing of the server.
    if (stop.aborted && answer.kind === 'retry') return undefined;
    observer.uploaded(id, answer.status, request.items, request.body.length, request.body.length, performance.now() - startedAt);
    return answer;
  }

  #delivered(request: ExportRequest, { status, rejected, text }: Extract<Answer, { kind: 'delivered' }>, settled: Settled): true {
    const { observer, id } = this.#deps;
    const items = Math.min(rejected, request.items);
    settled.delivered += request.items - items;
    if (items > 0) settled.losses.push({ request, items, whole: items === request.items, reason: 'rejected', status, serverText: text });
    else if (text !== '') observer.log('warn', 'The backend took a request with a warning', { exporter: id, items: request.items });
    return true;
  }

  async #halve(request: ExportRequest, tenure: Tenure, answer: Answer, settled: Settled): Promise<boolean> {
    const halves = halvesOf(request);
    if (!halves) return this.#lose(request, 'too_large', answer, settled);
    for (const half of halves) if (!(await this.#deliver(half, tenure, settled))) return false;
    return true;
  }

  /** A bad item costs only itself. A server that rejects everything is not asked for each item. */
  async #bisect(request: ExportRequest, tenure: Tenure, answer: Answer, settled: Settled): Promise<boolean> {
    settled.rejections += 1;
    const worthIt = blamesData(answer) && settled.rejections <= rejectionsMax;
    const halves = worthIt ? halvesOf(request) : undefined;
    if (!halves) return this.#lose(request, 'rejected', answer, settled);
    for (const half of halves) if (!(await this.#deliver(half, tenure, settled))) return false;
    return true;
  }

  #lose(request: ExportRequest, reason: DeadReason, { status, text }: Answer, settled: Settled): true {
    settled.losses.push({ request, items: request.items, whole: true, reason, status, serverText: text });
    return true;
  }
}
