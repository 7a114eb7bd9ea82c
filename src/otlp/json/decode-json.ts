import type { Caller, Logs, Traces } from '../../model/batch.ts';
import type { Bytes } from '../../model/bytes.ts';
import { countMetrics } from '../count-metrics.ts';
import { type Decoded, decodeLogs, decodeTraces } from '../decode.ts';
import type { Limits } from '../limits.ts';
import { transcodeLogs, transcodeMetrics, transcodeTraces } from './transcode.ts';

/**
 * Decodes an OTLP/JSON trace export; otherwise as `decodeTraces`.
 * @throws Fault GW_DECODE_BAD_JSON with the place and what was expected there, GW_DECODE_WRONG_SIGNAL, GW_DECODE_TOO_DEEP, GW_DECODE_TOO_MANY
 */
export function decodeTracesJson(body: string | Bytes, caller: Caller, limits?: Limits): Decoded<Traces> {
  return decodeTraces(transcodeTraces(body, limits), caller, limits);
}

export function decodeLogsJson(body: string | Bytes, caller: Caller, limits?: Limits): Decoded<Logs> {
  return decodeLogs(transcodeLogs(body, limits), caller, limits);
}

export function countMetricsJson(body: string | Bytes, limits?: Limits): number {
  return countMetrics(transcodeMetrics(body, limits), limits);
}
