/** Faults as answers: one table for both protocols. Source: OTLP specification 1.11, "OTLP/HTTP Response" and "OTLP/gRPC Response". */
import type { Fault, FaultKind } from '../../model/fault.ts';

export interface Codes {
  readonly http: number;
  readonly grpc: number;
  /** The client may send the same again: the answer says when. */
  readonly retryable: boolean;
}

const codes: Readonly<Record<FaultKind, Codes>> = {
  invalid: { http: 400, grpc: 3, retryable: false },
  unauthenticated: { http: 401, grpc: 16, retryable: false },
  forbidden: { http: 403, grpc: 7, retryable: false },
  unsupported: { http: 400, grpc: 12, retryable: false },
  too_large: { http: 413, grpc: 8, retryable: false },
  busy: { http: 429, grpc: 8, retryable: true },
  unavailable: { http: 503, grpc: 14, retryable: true },
  bug: { http: 500, grpc: 13, retryable: false },
};

/** A retry makes sense after this time where the fault does not say one. */
const defaultRetryMs = 5_000;

export function codesOf(fault: Fault): Codes {
  return codes[fault.kind];
}

/** When the client should retry, in ms; `undefined` if it should not. */
export function retryAfterMs(fault: Fault): number | undefined {
  return codes[fault.kind].retryable ? Math.max(1_000, fault.retryAfterMs ?? defaultRetryMs) : undefined;
}

/** What the client reads: the sentence and the remedy. Causes stay inside. */
export function textOf({ message, hint }: Fault): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}
