/**
 * How log records join the run of their span (mapping §16). A record names its span by trace and span id. The journal keeps both, and when the run is
 * composed its records are converted as if they had come with a span that says nothing else: what they tell fills what the run does not have.
 *
 *   record ─► draft (bytes) ─► journal ─┬─ with the run: its body with theirs
 *                                       └─ after it:     what they change in it
 */
import type { Caller, LogRecord, Scope, Span } from '../../../model/batch.ts';
import { type Bytes, bytes, noBytes } from '../../../model/bytes.ts';
import { type Body, type Draft, type Joined, type JoinedRun, type JoinLogs, Mark, type Skeleton } from '../../../model/draft.ts';
import { isoText } from '../../../model/time.ts';
import { decodeLogs, encodeLogs, logsOf, resourceOf, scopeOf, spanOf } from '../../../otlp/otlp.ts';
import type { Converter } from './convert.ts';
import { isEvaluation } from './evaluation-events.ts';
import { emptyObject, isArray, isObject, type Json, type JsonObject } from './json.ts';
import { exactJson } from './json-exact.ts';
import { jsonOfValue } from './json-text.ts';
import { jsonText } from './json-writer.ts';
import { namesInLog } from './log-names.ts';
import { isVoidContent, joinedLists, mergeBodies } from './merge-bodies.ts';
import { eventName } from './occurrences.ts';
import { eventAttributes, isLogScope } from './rules.ts';

/** The span that a record belongs to: by its id, or by a name that beats it. */
export interface JoinKey {
  readonly traceId: string;
  readonly spanId: string;
  readonly names: readonly string[];
}

/** `undefined` for a record that belongs to none. */
export function joinKeyOf(record: LogRecord): JoinKey | undefined {
  const { traceId, spanId } = record;
  if (traceId === '') return undefined;
  const names = namesInLog(record);
  return spanId === '' && names.length === 0 ? undefined : { traceId, spanId, names };
}

const detailsEvent = 'gen_ai.client.inference.operation.details';
const contentKeys = ['gen_ai.input.messages', 'gen_ai.output.messages', 'gen_ai.prompt.0.content', 'gen_ai.prompt', 'input.value'];

/** Whether the content of this span is known to travel as log records. A span that has content of its own waits for nothing. */
export function needsLogs(span: Span, scope: Scope): boolean {
  if (!isLogScope(scope.name)) return false;
  if (contentKeys.some((key) => span.attributes.has(key))) return false;
  return !span.events.some(({ name }) => name.startsWith('gen_ai.'));
}

const nobody: Caller = { receiver: '', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };
const noResource = resourceOf([]);
const noSpan: Omit<Skeleton, 'traceId' | 'spanId' | 'parentSpanId' | 'names'> = {
  runId: '',
  parentRunId: '',
  parentSoft: false,
  otherParentRunId: '',
  explicitRoot: false,
  explicitTraceId: '',
  explicitDottedOrder: '',
  parentRemote: false,
  startMicros: 0,
  endMicros: 0,
  project: '',
  projectId: '',
  thread: [],
  marks: 0,
};
const noBody: Body = {
  main: noBytes,
  inputs: noBytes,
  outputs: noBytes,
  events: noBytes,
  error: noBytes,
  serialized: noBytes,
  metadata: noBytes,
  usage: noBytes,
  extra: noBytes,
  attachments: [],
  feedback: [],
};
/** Stands for the feedback that the record becomes, so that it is counted as an operation. */
const oneFeedback = [{ id: '', fields: noBytes }];

/** Most records are smaller. */
const recordBytes = 1_024;

/** The record alone, in OTLP. */
export function bytesOfLog(record: LogRecord, scope: Scope): Bytes {
  return encodeLogs(logsOf(nobody, [{ resource: noResource, scopeLogs: [{ scope, logRecords: [record] }] }]), recordBytes);
}

/** A log record as the journal keeps it. `idOf`: its own id below what it calls its span, made of its bytes. */
export function draftOfLog(record: LogRecord, scope: Scope, key: JoinKey, idOf: (spanName: string, content: Bytes) => string): Draft {
  const main = bytesOfLog(record, scope);
  const feedback = isEvaluation(eventName(record)) ? oneFeedback : [];
  const { traceId, spanId, names } = key;
  const id = idOf(names[0] ?? spanId, main);
  return { skeleton: { ...noSpan, traceId, spanId: id, parentSpanId: spanId, names }, body: { ...noBody, main, feedback } };
}

/** `convert`: one of its own, which nobody else is using at the same time. */
export function createJoin(convert: Converter): JoinLogs {
  return (run, body, records) => {
    const logs = records.map(recordOf).sort(byTime);
    const scope = scopeOf(textOf(body?.metadata, scopeName) || (logs[0]?.scope.name ?? ''));
    const said = convert(
      standIn(run, body),
      scope,
      noResource,
      nobody,
      logs.map(({ record }) => record),
    );
    if (body === undefined) return changesOf(run, said.body, logs);
    return { body: mergeBodies(body, said.body), marks: body.usage.length > 0 ? 0 : said.skeleton.marks & (Mark.usage | Mark.aggregate) };
  };
}

interface Scoped {
  readonly record: LogRecord;
  readonly scope: Scope;
}

/** By time, then by the time at which they were observed; what has both in common stays in order of arrival (mapping §16). */
function byTime({ record: one }: Scoped, { record: other }: Scoped): number {
  const apart = (one.timeUnixNano || one.observedTimeUnixNano) - (other.timeUnixNano || other.observedTimeUnixNano);
  return Number(apart || one.observedTimeUnixNano - other.observedTimeUnixNano);
}

function recordOf(content: Bytes): Scoped {
  const { scope, logRecords } = decodeLogs(content, nobody).batch.resourceLogs[0]?.scopeLogs[0] ?? {};
  const [record] = logRecords ?? [];
  if (!scope || !record) throw new RangeError('cannot read log record: it is cut');
  return { record, scope };
}

const runType = /"run_type":"([a-z]+)"/;
const scopeName = /"otel_scope_name":"([^"\\]+)"/;

function textOf(members: Bytes | undefined, member: RegExp): string {
  return members === undefined ? '' : (member.exec(members.utf8Slice())?.[1] ?? '');
}

/** A span that says what it is and nothing else. */
function standIn({ traceId, spanId, runId }: JoinedRun, body: Body | undefined): Span {
  const kind = textOf(body?.main, runType) || 'llm';
  const attributes = [
    ['langsmith.span.kind', kind],
    ['langsmith.span.id', runId],
  ] as const;
  return spanOf({ traceId, spanId, name: '', startTimeUnixNano: 1n, endTimeUnixNano: 1n, attributes });
}

/**
 * Token counts and metadata are not among it: LangSmith would put them in the place of all that the run has. So what tells them becomes an event. LangSmith
 * would put events, and content, in the place of those that the run has, too. So they become a run below it; content only if the run's may have come from log
 * records, since what its span says itself beats them.
 */
function changesOf({ marks, joinedBefore }: JoinedRun, said: Body, logs: readonly Scoped[]): Joined {
  const facts = factsIn(logs);
  // A span that tells its usage itself tells the rest of such facts, too.
  const knowsFacts = (marks & Mark.usage) !== 0 && joinedBefore !== true;
  const told = {
    ...noBody,
    inputs: said.inputs,
    outputs: said.outputs,
    error: said.error,
    events: joinedLists(said.events, facts),
  };
  const body = partsOf(told, (mark) => (marks & mark) === 0);
  const left = { ...told, events: withoutEvaluations(knowsFacts ? said.events : told.events) };
  const rest = partsOf(left, (mark) => (marks & mark) !== 0 && (joinedBefore === true || mark === Mark.events));
  const content = body.inputs.length + body.outputs.length > 0 ? body : rest;
  const attached = { attachments: said.attachments };
  return {
    body: {
      ...body,
      ...(content === body ? attached : {}),
      main: body.error.length > 0 ? bytes.from('"status":"error"') : noBytes,
      feedback: said.feedback,
    },
    marks: 0,
    ...(isVoid(rest) ? {} : { rest: { ...rest, ...(content === rest ? attached : {}), main: mainOfRest(rest) } }),
  };
}

/** They are feedback, so nothing of them is left. */
function withoutEvaluations(events: Bytes): Bytes {
  if (isVoidContent(events)) return noBytes;
  const list = exactJson(events.utf8Slice(), depthMax);
  const kept = isArray(list) ? list.filter((event) => !(isObject(event) && isEvaluation(`${event.name}`))) : [];
  return kept.length === 0 ? noBytes : bytes.from(jsonText(kept));
}

function partsOf(told: Body, takes: (mark: number) => boolean): Body {
  const part = (mark: number, bytes: Bytes): Bytes => (takes(mark) && !isVoidContent(bytes) ? bytes : noBytes);
  const { inputs, outputs, error, events } = told;
  return {
    ...noBody,
    inputs: part(Mark.inputs, inputs),
    outputs: part(Mark.outputs, outputs),
    error: part(Mark.error, error),
    events: part(Mark.events, events),
  };
}

function isVoid({ inputs, outputs, error, events }: Body): boolean {
  return inputs.length + outputs.length + error.length + events.length === 0;
}

function mainOfRest({ error }: Body): Bytes {
  const status = error.length > 0 ? 'error' : 'success';
  return bytes.from(`"name":"late log records","run_type":"chain","status":"${status}","tags":["late_log_records"]`);
}

const factBytesMax = 1_024;
const depthMax = 512;

/** Events for the records whose attributes would have been the span's, with all of them that are short: its content is none. */
function factsIn(logs: readonly Scoped[]): Bytes {
  const events: Json[] = [];
  for (const { record } of logs) {
    const name = eventName(record);
    const facts = eventAttributes.has(name) || name === detailsEvent ? shortAttributes(record) : undefined;
    if (facts === undefined || Object.keys(facts).length === 0) continue;
    const atNano = record.timeUnixNano || record.observedTimeUnixNano;
    events.push({ name, ...(atNano === 0n ? {} : { time: isoText(Number(atNano / 1_000n)) }), kwargs: facts });
  }
  return events.length === 0 ? noBytes : bytes.from(jsonText(events));
}

function shortAttributes({ attributes }: LogRecord): JsonObject {
  const facts = emptyObject();
  for (const [key, value] of attributes) {
    if (key === 'event.name' || (typeof value === 'object' && value !== null)) continue;
    if (typeof value !== 'string' || value.length <= factBytesMax) facts[key] = jsonOfValue(value);
  }
  return facts;
}
