/**
 * OTLP: bytes to spans and log records and back. Read this file first; it is the room's door, others import from here only.
 *
 *   protobuf ─────────────────────► ExportWalk ─► tables of offsets ─► lazy Span, LogRecord ─► encodeTraces, encodeLogs ─► protobuf
 *   JSON ─► transcodeTraces ─► protobuf ─┘          (values stay bytes)   (changes lie over)  └► tracesJson, logsJson ─► JSON
 *
 * There is one reader, of protobuf. It walks a request once and checks all of it; what it keeps is where things stand (`span-table.ts`,
 * `attribute-table.ts`). A value is made when somebody asks for it. JSON is transcoded first and printed last, both by `schema.ts`.
 */
export { type Encoding, exportResponse, type PartialSuccess, statusMessage } from './answer-messages.ts';
export { logsOf, tracesOf } from './batches.ts';
export { countMetrics } from './count-metrics.ts';
export { type Decoded, decodeLogs, decodeLogsInSteps, decodeTraces, decodeTracesInSteps } from './decode.ts';
export { encodeLogs, encodeTraces } from './encode.ts';
export { groupIdentity } from './group-identity.ts';
export {
  countMetricsJson,
  countMetricsJsonInSteps,
  decodeLogsJson,
  decodeLogsJsonInSteps,
  decodeTracesJson,
  decodeTracesJsonInSteps,
} from './json/decode-json.ts';
export { logsJson, tracesJson } from './json/print.ts';
export { transcodeLogs, transcodeMetrics, transcodeTraces } from './json/transcode.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { readPartialSuccess, readStatus, type StatusAnswer } from './read-answer.ts';
export type { EventFields, LinkFields, LogRecordFields, SpanFields } from './records.ts';
export { cloneLogRecord, cloneSpan, eventOf, linkOf, logRecordOf, resourceOf, scopeOf, spanOf } from './records.ts';
export { seal } from './seal.ts';
export type { AnySignal } from './signal-check.ts';
export { finished, type Steps } from './steps.ts';
export { attributesOf, cloneAttributes, emptyAttributes } from './wire-attributes.ts';
