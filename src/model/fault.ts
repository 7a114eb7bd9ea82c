/**
 * Every error that Spanway itself raises. One table: the code says what happened, its kind decides the answers.
 *
 * | kind            | HTTP | gRPC                                     | may the client retry |
 * |-----------------|------|------------------------------------------|----------------------|
 * | invalid         | 400  | INVALID_ARGUMENT (3)                     | no  |
 * | unauthenticated | 401  | UNAUTHENTICATED (16)                     | no  |
 * | forbidden       | 403  | PERMISSION_DENIED (7)                    | no  |
 * | unsupported     | 400  | UNIMPLEMENTED (12)                       | no  |
 * | too_large       | 413  | RESOURCE_EXHAUSTED (8) without RetryInfo | no  |
 * | busy            | 429  | RESOURCE_EXHAUSTED (8) with RetryInfo    | yes |
 * | unavailable     | 503  | UNAVAILABLE (14) with RetryInfo          | yes |
 * | bug             | 500  | INTERNAL (13)                            | no  |
 *
 * Source: OTLP specification 1.11, "Failures" (HTTP) and "Retryable response codes" (gRPC).
 */
export type FaultKind = 'invalid' | 'unauthenticated' | 'forbidden' | 'unsupported' | 'too_large' | 'busy' | 'unavailable' | 'bug';

const table = {
  GW_DECODE_BAD_PROTOBUF: 'invalid',
  GW_DECODE_BAD_JSON: 'invalid',
  GW_DECODE_WRONG_SIGNAL: 'invalid',
  GW_DECODE_TOO_DEEP: 'invalid',
  GW_DECODE_TOO_MANY: 'invalid',
  GW_RECEIVE_BAD_BODY: 'invalid',
  GW_RECEIVE_UNKNOWN_ENCODING: 'invalid',
  GW_RECEIVE_BODY_TOO_LARGE: 'too_large',
  GW_RECEIVE_UNAUTHENTICATED: 'unauthenticated',
  GW_RECEIVE_FORBIDDEN: 'forbidden',
  GW_RECEIVE_TOO_BUSY: 'busy',
  GW_RECEIVE_STOPPING: 'unavailable',
  GW_PROCESS_MEMORY_LIMIT: 'unavailable',
  GW_PROCESS_FAILED: 'bug',
  GW_CONVERT_FAILED: 'bug',
  GW_JOURNAL_FULL: 'busy',
  GW_JOURNAL_ENTRY_TOO_LARGE: 'too_large',
  GW_JOURNAL_UNAVAILABLE: 'unavailable',
  GW_JOURNAL_CORRUPT: 'unavailable',
  GW_JOURNAL_LOCKED: 'unavailable',
  GW_JOURNAL_FENCED: 'unavailable',
  GW_JOURNAL_LEVEL: 'invalid',
  GW_EXPORT_UNAVAILABLE: 'unavailable',
  GW_EXPORT_REJECTED: 'invalid',
  GW_CONFIG_INVALID: 'invalid',
  GW_START_FAILED: 'unavailable',
  GW_BUG: 'bug',
} as const satisfies Record<string, FaultKind>;

export type FaultCode = keyof typeof table;

export interface FaultOptions {
  /** What the operator or the client can do about it. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** For `busy` and `unavailable`: when a retry makes sense, in ms. */
  readonly retryAfterMs?: number;
  /** For `unauthenticated`: what is asked for, as `WWW-Authenticate` says it (RFC 9110, §11.6.1). */
  readonly challenge?: string;
}

const framesMax = 8;

/** `message` reads "cannot <verb> <noun>: <reason>" and never holds payload or secrets. Match on `code`. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly kind: FaultKind;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly challenge: string | undefined;

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.kind = table[code];
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.challenge = options.challenge;
  }

  /** Anything thrown, as a Fault: what is not one already is a bug of ours. */
  static of(error: unknown): Fault {
    if (error instanceof Fault) return error;
    return new Fault('GW_BUG', 'cannot finish the request: internal error', { cause: error });
  }

  /**
   * Where a bug is: the kind of the cause and its first frames. Without its message, which may quote payload (as those of `JSON.parse` do).
   */
  get origin(): string | undefined {
    if (!(this.cause instanceof Error)) return undefined;
    const frames = (this.cause.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
    return [this.cause.name, ...frames.slice(0, framesMax).map((line) => line.trim())].join(' ');
  }
}
