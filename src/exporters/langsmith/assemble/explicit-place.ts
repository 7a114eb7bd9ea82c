import type { Skeleton } from '../../../model/draft.ts';
import { uuidOrNone } from '../../../model/ids.ts';

const segmentLength = 58;
const segmentsMax = 1_000;
const segmentText = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{6})Z[0-9a-f-]{36}$/;

/** A place that the span says itself, consistent in every way the server checks (langsmith-ingest §3.2). */
export interface ExplicitPlace {
  readonly traceRunId: string;
  readonly parentRunId: string;
  /** The dotted order in front of the last segment, with its dot; '' for a root. */
  readonly prefix: string;
  readonly startMicros: number;
  readonly depth: number;
}

function microsOf(segment: string): number | undefined {
  const match = segmentText.exec(segment);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, micros] = match.map(Number);
  const ms = Date.UTC(year as number, (month as number) - 1, day, hour, minute, second);
  const date = new Date(ms);
  const real = date.getUTCMonth() === (month as number) - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  return real ? ms * 1_000 + (micros as number) : undefined;
}

/** The span's own place, or `undefined` if it says none or one that the server would refuse: then its place is computed. */
export function explicitPlace(skeleton: Skeleton): ExplicitPlace | undefined {
  const dotted = skeleton.explicitDottedOrder;
  const depth = (dotted.length - segmentLength) / (segmentLength + 1);
  if (!Number.isInteger(depth) || depth < 0 || depth >= segmentsMax) return undefined;
  let startMicros = 0;
  let traceRunId = '';
  let parentRunId = '';
  let runId = '';
  for (let at = 0; at < dotted.length; at += segmentLength + 1) {
    const segment = dotted.slice(at, at + segmentLength);
    const micros = microsOf(segment);
    if (micros === undefined || micros < startMicros || (at > 0 && dotted[at - 1] !== '.')) return undefined;
    startMicros = micros;
    parentRunId = runId;
    runId = uuidOrNone(segment.slice(-36));
    if (runId === '') return undefined;
    if (at === 0) traceRunId = runId;
  }
  if (runId !== skeleton.runId) return undefined;
  if (skeleton.explicitTraceId !== '' && skeleton.explicitTraceId !== traceRunId) return undefined;
  if (skeleton.parentRunId !== '' && !skeleton.parentSoft && skeleton.parentRunId !== parentRunId) return undefined;
  if (skeleton.explicitRoot && depth > 0) return undefined;
  return { traceRunId, parentRunId, prefix: dotted.slice(0, -segmentLength), startMicros, depth };
}
