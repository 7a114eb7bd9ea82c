/**
 * How log records join the run of their span (mapping §16). A record names its span by trace and span id. The journal keeps both, and when the run is
 * composed its records are converted as if they had come with a span that says nothing else: what they tell fills what the run does not have.
 *
 *   record ─► draft (bytes) ─► journal ─┬─ with the run: its body with theirs
 *                                       └─ after it:     what they change in it
 */
import type { Caller, LogRecord, Scope, Span } from '../../../model/batch.ts';
import { type Bytes, bytes, noBytes } from '../../../model/bytes.ts';
import { type Body, type Draft, type JoinedRun, type JoinLogs, Mark, type Skeleton } from '../../../model/draft.ts';
import { isoText } from '../../../model/time.ts';
import { decodeLogs, encodeLogs, logsOf, resourceOf, scopeOf, spanOf } from '../../../otlp/otlp.ts';
import type { Converter } from './convert.ts';
import { isEvaluation } from './evaluation-events.ts';
import { emptyObject, type Json, type JsonObject } from './json.ts';
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

/** A log record as the journal keeps it. `idOf`: its own id below what it calls its span, made of its bytes. */
export function draftOfLog(record: LogRecord, scope: Scope, key: JoinKey, idOf: (spanName: string, content: Bytes) => string): Draft {
  const alone = logsOf(nobody, [{ resource: noResource, scopeLogs: [{ scope, logRecords: [record] }] }]);
  const main = encodeLogs(alone, recordBytes);
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
    if (body === undefined) return { body: changesOf(run, said.body, logs), marks: 0 };
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

/** Token counts and metadata are not among it: LangSmith would put them in the place of all that the run has. So what tells them becomes an event. */
function changesOf({ marks }: JoinedRun, said: Body, logs: readonly Scoped[]): Body {
  const unless = (mark: number, part: Bytes): Bytes => ((marks & mark) !== 0 || isVoidContent(part) ? noBytes : part);
  const error = unless(Mark.error, said.error);
  return {
    ...noBody,
    main: error.length > 0 ? bytes.from('"status":"error"') : noBytes,
    inputs: unless(Mark.inputs, said.inputs),
    outputs: unless(Mark.outputs, said.outputs),
    events: unless(Mark.events, joinedLists(said.events, factsIn(logs))),
    error,
    attachments: said.attachments,
    feedback: said.feedback,
  };
}

const factBytesMax = 1_024;

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
