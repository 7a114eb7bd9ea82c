import type { Clock } from '../../model/clock.ts';
import type { Observer } from '../../model/observer.ts';
import { backoffMs, type RetryConfig } from '../retry/backoff.ts';
import type { Answer } from './sender.ts';

export interface LaneDeps {
  readonly id: string;
  readonly endpoint: string;
  readonly clock: Clock;
  readonly observer: Observer;
  /** 0…1, for the jitter of waits. */
  readonly random: () => number;
}

/** After a refusal one request goes as a probe after this time, then after twice as long, up to the second mark. */
const probeMs = 60_000;
const probeMsMax = 900_000;
const failed = 'The backend cannot be reached or is too busy; data is kept and sent when it can be';
const refused = 'The backend refuses this exporter: check its endpoint, headers and tls; data is kept until then';

/**
 * Who may send, and when:
 *
 * - open: up to `consumers` requests at a time.
 * - failing: since the last request that could not be taken now; one at a time, and none before `opensAtMs`.
 */
export class Lane {
  readonly #consumers: number;
  readonly #retry: RetryConfig;
  readonly #deps: LaneDeps;
  readonly #stop: AbortSignal;
  readonly #waiting = new Set<(may: boolean) => void>();
  #closing = false;
  #underWay = 0;
  #failures = 0;
  #opensAtMs = 0;
  #alarm: AbortController | undefined;

  constructor(consumers: number, retry: RetryConfig, deps: LaneDeps, stop: AbortSignal) {
    this.#consumers = consumers;
    this.#retry = retry;
    this.#deps = deps;
    this.#stop = stop;
    stop.addEventListener('abort', () => this.#leaveAll(), { once: true });
  }

  /** Resolves when one may send, in order of asking; with `false` if there will be no more sending. */
  enter(): Promise<boolean> {
    if (this.#shut) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      this.#admit();
    });
  }

  /** `undefined`: it was not sent after all. */
  leave(answer: Answer | undefined): void {
    this.#underWay -= 1;
    if (answer && !this.#stop.aborted) this.#note(answer);
    if (this.#shut) this.#leaveAll();
    else this.#admit();
  }

  /** From here on a lane that fails lets nobody in. */
  close(): void {
    this.#closing = true;
    if (this.#shut) this.#leaveAll();
  }

  get #shut(): boolean {
    return this.#stop.aborted || (this.#closing && this.#failures > 0);
  }

  #note(answer: Answer): void {
    const nowMs = this.#deps.clock.now();
    if (answer.kind !== 'retry' && answer.kind !== 'refused') {
      if (this.#failures > 0) this.#deps.observer.healthy(this.#key);
      this.#failures = 0;
      this.#open(0);
      return;
    }
    // Requests that were under way together fail together, which is one failure.
    if (nowMs < this.#opensAtMs) {
      if (answer.kind === 'retry') this.#open(Math.max(this.#opensAtMs, nowMs + (answer.retryAfterMs ?? 0)));
      return;
    }
    this.#failures += 1;
    if (answer.kind === 'refused') {
      this.#tell(refused, answer);
      this.#open(nowMs + Math.min(probeMsMax, probeMs * 2 ** Math.min(this.#failures - 1, 8)));
      return;
    }
    // A lone failure may be that request's own; the second one in a row is the server's.
    const waitMs = this.#failures === 1 ? 0 : backoffMs(this.#retry, this.#failures - 1, this.#deps.random);
    if (this.#failures > 1) this.#tell(failed, answer);
    this.#open(nowMs + Math.max(answer.retryAfterMs ?? 0, waitMs));
  }

  get #key(): string {
    return `${this.#deps.id}/upload`;
  }

  #tell(sentence: string, { status }: Answer): void {
    this.#deps.observer.degraded(this.#key, sentence, { endpoint: this.#deps.endpoint, status });
  }

  #open(atMs: number): void {
    this.#opensAtMs = atMs;
    this.#alarm?.abort();
    this.#alarm = undefined;
  }

  #admit(): void {
    const limit = this.#failures > 0 ? 1 : this.#consumers;
    for (const admit of this.#waiting) {
      if (this.#underWay >= limit) return;
      const waitMs = this.#opensAtMs - this.#deps.clock.now();
      if (waitMs > 0) {
        this.#setAlarm(waitMs);
        return;
      }
      this.#waiting.delete(admit);
      this.#underWay += 1;
      admit(true);
    }
  }

  #setAlarm(waitMs: number): void {
    if (this.#alarm) return;
    const alarm = new AbortController();
    this.#alarm = alarm;
    void this.#deps.clock.sleep(waitMs, alarm.signal).then(() => {
      if (alarm.signal.aborted) return;
      this.#alarm = undefined;
      this.#admit();
    });
  }

  #leaveAll(): void {
    this.#alarm?.abort();
    for (const admit of this.#waiting) admit(false);
    this.#waiting.clear();
  }
}
