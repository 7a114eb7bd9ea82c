import type { Outcome } from '../../../model/destination.ts';
import { backoffMs, type RetryConfig } from '../../retry/backoff.ts';

/** A stopped lane tries one batch after this, then after twice as long, and so on up to the second mark. */
const probeMs = 60_000;
const probeMsMax = 900_000;

/**
 * How many requests a lane may have under way, and from when on. Every state goes over to every other with one answer:
 *
 * - open: up to `consumers` at a time; one more with each answer, half as many with each failure.
 * - pausing: failures only, or the server asked for time. Nothing is sent before `opensAtMs`, then one request first.
 * - stopped: 401, 403 and the like. As pausing, but with a wait that grows from a minute.
 */
export class Pace {
  readonly #consumers: number;
  readonly #retry: RetryConfig;
  readonly #random: () => number;
  #state: 'open' | 'pausing' | 'stopped' = 'open';
  #failures = 0;
  #probes = 0;
  /** Requests that may be under way. */
  limit: number;
  /** No request before that, ms since the epoch. */
  opensAtMs = 0;

  constructor(consumers: number, retry: RetryConfig, random: () => number) {
    this.#consumers = consumers;
    this.#retry = retry;
    this.#random = random;
    this.limit = consumers;
  }

  /** Nothing has come through for as many requests as may be under way. */
  get failing(): boolean {
    return this.#failures >= this.#consumers;
  }

  note(outcome: Outcome, nowMs: number): void {
    switch (outcome.kind) {
      case 'delivered':
      case 'duplicate':
      case 'too_large':
      case 'rejected':
      case 'no_multipart':
        this.#answered();
        break;
      case 'retry':
        this.#failed(outcome, nowMs);
        break;
      case 'refused':
        this.#refused(nowMs);
        break;
    }
  }

  #answered(): void {
    if (this.#state === 'stopped') this.opensAtMs = 0;
    this.#state = 'open';
    this.#failures = 0;
    this.#probes = 0;
    this.limit = Math.min(this.#consumers, this.limit + 1);
  }

  #failed(outcome: Extract<Outcome, { kind: 'retry' }>, nowMs: number): void {
    this.#failures += 1;
    this.limit = Math.max(1, this.limit >> 1);
    if (outcome.pauseLane) this.#close('pausing', nowMs + (outcome.retryAfterMs ?? 0));
    if (this.failing) this.#close('pausing', nowMs + backoffMs(this.#retry, this.#failures - this.#consumers + 1, this.#random));
  }

  #refused(nowMs: number): void {
    // Requests that were under way together are refused together, which is one refusal.
    if (this.#state === 'stopped' && nowMs < this.opensAtMs) return;
    const waitMs = Math.min(probeMsMax, probeMs * 2 ** Math.min(this.#probes, 8));
    this.#probes += 1;
    this.#close('stopped', nowMs + waitMs);
  }

  #close(state: 'pausing' | 'stopped', untilMs: number): void {
    this.#state = state;
    this.limit = 1;
    this.opensAtMs = Math.max(this.opensAtMs, untilMs);
  }
}
