/** `grpc-timeout`: how long the client waits for its answer. Source: gRPC over HTTP2, "Requests" (Timeout). */
import type { ServerHttp2Stream } from 'node:http2';

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };
/** The longest that a timer can wait: 24 days. */
const timerMsMax = 2 ** 31 - 1;

/** Milliseconds; `undefined` where there is none, or none that can be read. */
export function timeoutMsOf(header: string | readonly string[] | undefined): number | undefined {
  const [, value, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(`${header ?? ''}`) ?? [];
  return value === undefined ? undefined : Math.min(timerMsMax, Number(value) * (unitMs[unit] as number));
}

/** Calls `expired` unless the call ends before; at once if the deadline has passed already. */
export function watchDeadline(stream: ServerHttp2Stream, header: string | readonly string[] | undefined, expired: () => void): void {
  const timeoutMs = timeoutMsOf(header);
  if (timeoutMs === undefined) return;
  if (timeoutMs < 1) {
    expired();
    return;
  }
  const timer = setTimeout(expired, timeoutMs);
  stream.once('close', () => clearTimeout(timer));
}
