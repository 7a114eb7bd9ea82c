import { asBytes } from '../../model/bytes.ts';
import { Fault } from '../../model/fault.ts';
import { decodeLogsJson, decodeTracesJson, logsJson, tracesJson } from '../../otlp/otlp.ts';
import { callerOf } from './request.ts';

export interface Otlp {
  readonly resourceSpans?: readonly unknown[];
  readonly resourceLogs?: readonly unknown[];
}

/**
 * OTLP/JSON in one form, to be compared: read and written by our own codec, so that `"5"` and `5` are the same integer and unset fields are
 * left out; attributes as a map, because their order means nothing. Throws a `Fault` for what is not OTLP.
 */
export function canonicalOtlp({ resourceSpans = [], resourceLogs = [] }: Otlp): unknown {
  const caller = callerOf('');
  const traces = decodeTracesJson(bytesOf({ resourceSpans }), caller);
  const logs = decodeLogsJson(bytesOf({ resourceLogs }), caller);
  const bad = traces.rejected > 0 ? traces.message : logs.message;
  if (traces.rejected + logs.rejected > 0) throw new Fault('GW_DECODE_BAD_JSON', `cannot read OTLP: ${bad}`);
  const spans = (JSON.parse(tracesJson(traces.batch)) as Otlp).resourceSpans ?? [];
  const records = (JSON.parse(logsJson(logs.batch)) as Otlp).resourceLogs ?? [];
  return keyed({ resourceSpans: spans, resourceLogs: records });
}

function bytesOf(value: unknown): ReturnType<typeof asBytes> {
  return asBytes(Buffer.from(JSON.stringify(value)));
}

/** Lists of `{key, value}` as maps. */
function keyed(value: unknown): unknown {
  if (Array.isArray(value))
    return value.length > 0 && value.every(isKeyValue) ? mapOf(value.map((one) => [one.key, one.value])) : value.map(keyed);
  return typeof value === 'object' && value !== null ? mapOf(Object.entries(value)) : value;
}

function mapOf(pairs: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const map: Record<string, unknown> = Object.create(null);
  for (const [key, value] of pairs) map[key] = keyed(value);
  return map;
}

function isKeyValue(value: unknown): value is { key: string; value: unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    typeof value.key === 'string' &&
    Object.keys(value).every((key) => key === 'key' || key === 'value')
  );
}
