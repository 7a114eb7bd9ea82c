import { retryAfterMs } from '../retry/retry-after.ts';
import type { Answer } from './sender.ts';

/**
 * What a status other than 2xx means. Retryable are 429, 502, 503 and 504 only; every other answer must not be tried again.
 * Source: OTLP specification 1.11, "OTLP/HTTP Response".
 */
export function answerOfHttp(status: number, text: string, retryAfter: string | undefined, nowMs: number): Answer {
  switch (status) {
    case 429:
    case 502:
    case 503:
    case 504:
      return { kind: 'retry', status, text, retryAfterMs: retryAfterMs(retryAfter, nowMs) };
    case 413:
      return { kind: 'too_large', status, text };
    case 401:
    case 403:
      return { kind: 'refused', status, text };
    default:
      // A redirect is not followed: it would carry the headers, and with them the keys, to somebody else.
      return { kind: status >= 300 && status < 400 ? 'refused' : 'rejected', status, text };
  }
}

/** No answer: refused connection, reset, timeout. The server may have taken the request all the same. */
export function answerOfNetwork(code: string): Answer {
  return { kind: 'retry', status: 0, text: code, retryAfterMs: undefined };
}
