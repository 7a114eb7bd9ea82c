import { dottedSegment } from '../model/time.ts';
import type { Findings } from './findings.ts';
import { Rule } from './rules.ts';
import { isUuid } from './uuid.ts';

const timeLength = 22;
const segmentLength = timeLength + 36;
const segmentTime = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\d{6}Z$/;
const isoTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i;

/** What identifies a run, as its main JSON says it. */
export interface Identity {
  readonly id: string;
  readonly traceId: string;
  readonly dottedOrder: string;
  /** '' for a root. */
  readonly parentRunId: string;
}

/** Microseconds since the epoch of a run's time: RFC 3339 text, or epoch milliseconds as the JavaScript SDK sends. `undefined` if it is neither. */
export function microsOf(time: unknown): number | undefined {
  if (typeof time === 'number') return Number.isFinite(time) ? Math.trunc(time * 1000) : undefined;
  if (typeof time !== 'string') return undefined;
  const match = isoTime.exec(time);
  if (match === null) return undefined;
  const [, date, clock, fraction = '', zone = 'Z'] = match;
  const ms = Date.parse(`${date}T${clock}${zone}`);
  return Number.isNaN(ms) ? undefined : ms * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

/** Invariants of `dotted_order` within one run (langsmith-ingest §3.2). True if it is sound. */
export function checkDottedOrder(run: Identity, findings: Findings): boolean {
  const { id, traceId, dottedOrder, parentRunId } = run;
  const suffix = `for run_id:${id} trace_id:${traceId} dotted_order:${dottedOrder} parent_run_id:${parentRunId === '' ? 'None' : parentRunId}`;
  const refuse = (rule: number, reason: string): false => {
    findings.must(rule, id, `invalid 'dotted_order': ${reason} ${suffix}`, 400);
    return false;
  };
  const segments = dottedOrder.split('.');
  for (const [index, segment] of segments.entries()) {
    const time = segment.slice(0, timeLength);
    if (segment.length !== segmentLength || !isSegmentTime(time))
      return refuse(Rule.segmentFormat, `invalid timestamp in dotted_order ${time} at index ${index}`);
    if (!isUuid(segment.slice(timeLength))) return refuse(Rule.segmentFormat, `invalid UUID in dotted_order at index ${index}`);
  }
  if (parentRunId === '' && segments.length > 1)
    return refuse(Rule.rootWithSegments, 'dotted_order must contain a single part for root runs');
  if (parentRunId !== '' && segments.length < 2)
    return refuse(Rule.childWithoutSegments, 'dotted_order must contain at least two parts for child runs');
  const idAt = (index: number): string | undefined => segments.at(index)?.slice(timeLength);
  if (idAt(0) !== traceId) return refuse(Rule.traceMismatch, `trace_id ${traceId} does not match first part of dotted_order`);
  if (idAt(-1) !== id) return refuse(Rule.segmentMismatch, 'run_id does not match last part of dotted_order');
  if (parentRunId !== '' && idAt(-2) !== parentRunId)
    return refuse(Rule.segmentMismatch, 'parent_run_id does not match second to last part of dotted_order');
  for (let index = 1; index < segments.length; index += 1) {
    const time = (segments[index] as string).slice(0, timeLength);
    const parentTime = (segments[index - 1] as string).slice(0, timeLength);
    if (time < parentTime)
      return refuse(Rule.earlierThanParent, `dotted_order has timestamp ${time} earlier than parent timestamp ${parentTime}`);
  }
  return true;
}

/** `start_time` and the last segment tell the same microsecond; a number has only milliseconds to compare. */
export function checkStartTime(run: Identity, startTime: unknown, findings: Findings): void {
  const micros = microsOf(startTime);
  if (micros === undefined) return;
  const last = run.dottedOrder.slice(-segmentLength, -36);
  const expected = dottedSegment(micros, '');
  const compared = typeof startTime === 'number' ? timeLength - 4 : timeLength;
  if (last.slice(0, compared) !== expected.slice(0, compared)) {
    findings.should(Rule.prefixMismatch, run.id, `start_time ${expected} differs from the last part of dotted_order ${last}`);
  }
}

/** The dotted_order of the parent as the child tells it. */
export function prefixOf(dottedOrder: string): string {
  return dottedOrder.slice(0, Math.max(0, dottedOrder.length - segmentLength - 1));
}

/** Run ids from the root down to the run itself. */
export function pathOf(dottedOrder: string): string[] {
  return dottedOrder.split('.').map((segment) => segment.slice(timeLength));
}

function isSegmentTime(text: string): boolean {
  const match = segmentTime.exec(text);
  if (match === null) return false;
  const [, year, month, day, hour, minute, second] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const ms = Date.parse(iso);
  // Date.parse takes the 31st of every month; the way back tells.
  return !Number.isNaN(ms) && new Date(ms).toISOString() === iso;
}
