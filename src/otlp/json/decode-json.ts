import type { Caller, Logs, Traces } from '../../model/batch.ts';
import type { Bytes } from '../../model/bytes.ts';
import { countMetrics } from '../count-metrics.ts';
import { type Decoded, decodeLogsInSteps, decodeTracesInSteps } from '../decode.ts';
import type { Limits } from '../limits.ts';
import { finished, type Steps } from '../steps.ts';
import { transcodeInSteps } from './transcode.ts';

/**
 * Decodes an OTLP/JSON trace export; otherwise as `decodeTraces`.
 * @throws Fault GW_DECODE_BAD_JSON with the place and what was expected there, GW_DECODE_WRONG_SIGNAL, GW_DECODE_TOO_DEEP, GW_DECODE_TOO_MANY
 */
export function decodeTracesJson(body: string | Bytes, caller: Caller, limits?: Limits): Decoded<Traces> {
  return finished(decodeTracesJsonInSteps(body, caller, Infinity, limits));
}

export function* decodeTracesJsonInSteps(body: string | Bytes, caller: Caller, stepBytes: number, limits?: Limits): Steps<Decoded<Traces>> {
  return yield* decodeTracesInSteps(yield* transcodeInSteps(body, 'traces', stepBytes, limits), caller, stepBytes, limits);
}

export function decodeLogsJson(body: string | Bytes, caller: Caller, limits?: Limits): Decoded<Logs> {
  return finished(decodeLogsJsonInSteps(body, caller, Infinity, limits));
}

export function* decodeLogsJsonInSteps(body: string | Bytes, caller: Caller, stepBytes: number, limits?: Limits): Steps<Decoded<Logs>> {
  return yield* decodeLogsInSteps(yield* transcodeInSteps(body, 'logs', stepBytes, limits), caller, stepBytes, limits);
}

export function countMetricsJson(body: string | Bytes, limits?: Limits): number {
  return finished(countMetricsJsonInSteps(body, Infinity, limits));
}

export function* countMetricsJsonInSteps(body: string | Bytes, stepBytes: number, limits?: Limits): Steps<number> {
  return countMetrics(yield* transcodeInSteps(body, 'metrics', stepBytes, limits), limits);
}
