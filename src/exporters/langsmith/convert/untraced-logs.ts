/**
 * Log records in no trace, of tools that log what they do without tracing it (mapping §16). Each says its session, most say their turn, and ids made of
 * those bring them together: from any replica, in any order, sent once or twice.
 *
 *   the record that begins it ─► span `interaction`, the root
 *   of a call or a tool       ─► span below the root
 *   any other                 ─► the same record with the ids of that trace: it joins a run of it, as traced records do
 *
 * What comes after this is the ordinary way of spans and log records.
 */
import { type LogRecord, type Resource, type Scope, type Span, SpanFlag, StatusCode } from '../../../model/batch.ts';
import { uuidV5 } from '../../../model/uuid-v5.ts';
import type { Value } from '../../../model/value.ts';
import { logRecordOf, spanOf } from '../../../otlp/otlp.ts';
import { floatOf } from './coerce.ts';
import type { UntracedLogs } from './dialect.ts';
import { bytesOfLog } from './log-join.ts';
import { eventName } from './occurrences.ts';
import { dialects, eventAttributes } from './rules.ts';

/** A log record as what it becomes: the span of a run, or a record that has a place in a trace. */
export type Traced = { readonly span: Span; readonly record?: never } | { readonly record: LogRecord; readonly span?: never };

const tools = new Map(dialects.flatMap(({ untraced }) => (untraced === undefined ? [] : [[untraced.prefix, untraced] as const])));

/** `undefined` for a record of nobody's whom we know, for one without a session, and for one that tells nothing of a run. */
export function tracedLog(record: LogRecord, scope: Scope, resource: Resource): Traced | undefined {
  const event = eventName(record);
  const tool = tools.get(event.slice(0, event.indexOf('.') + 1));
  const session = tool && (textAt(record.attributes.get(tool.session)) || textAt(resource.attributes.get(tool.session)));
  if (!tool || !session) return undefined;
  const turn = tool.turn === undefined ? '' : textAt(record.attributes.get(tool.turn));
  const traceId = digits(uuidV5('session', turn === '' ? session : `${session}\n${turn}`), 32);
  // Where turns have a root, a record that says none has nobody above it.
  const rootId = turn !== '' || tool.turn === undefined ? digits(uuidV5('interaction', traceId), 16) : '';
  const kind = kindOf(tool, event, record);
  if (kind === 'none') return undefined;
  if (kind === 'record') return { record: placed(record, traceId, rootId) };
  const isRoot = kind === 'root';
  const spanId = isRoot && rootId !== '' ? rootId : digits(uuidV5('log record', bytesOfLog(record, scope).latin1Slice()), 16);
  const attributes = attributesOf(record, tool, event, isRoot ? 'chain' : kind, session);
  return { span: spanFrom(record, isRoot ? 'interaction' : event, attributes, { traceId, spanId, parentSpanId: isRoot ? '' : rootId }) };
}

function kindOf(
  { root, runs, only }: UntracedLogs,
  event: string,
  { attributes }: LogRecord,
): 'root' | 'record' | 'none' | 'chain' | 'llm' | 'tool' {
  if (event === root) return 'root';
  const [key, value] = only?.[event] ?? [];
  if (key !== undefined && attributes.get(key) !== value) return 'none';
  return runs[event] ?? 'record';
}

type Entry = readonly [key: string, value: Value];

interface Place {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
}

/** A root is told before the others, by the same process: who waits for it longer than for one from elsewhere waits in vain. */
const parentSoonOrNever = SpanFlag.hasIsRemote | SpanFlag.isRemote;

/** Records are written at the end of what they tell. */
function spanFrom(record: LogRecord, name: string, attributes: readonly Entry[], place: Place): Span {
  const endTimeUnixNano = record.timeUnixNano || record.observedTimeUnixNano;
  const millis = floatOf(record.attributes.get('duration_ms')) ?? 0;
  const tookNano = BigInt(Math.round(Math.min(millis, durationMsMax) * 1e6));
  return spanOf({
    ...place,
    name,
    flags: place.parentSpanId === '' ? 0 : parentSoonOrNever,
    startTimeUnixNano: tookNano < endTimeUnixNano ? endTimeUnixNano - tookNano : endTimeUnixNano,
    endTimeUnixNano,
    attributes,
    droppedAttributesCount: record.droppedAttributesCount,
    status: { code: name.endsWith('_error') ? StatusCode.error : StatusCode.unset },
  });
}

const durationMsMax = 86_400_000;

/** What the record says, in the words of spans where these have other ones. */
function attributesOf({ attributes, body }: LogRecord, tool: UntracedLogs, event: string, kind: string, session: string): Entry[] {
  const names = eventAttributes.get(event);
  const said: Entry[] = [['langsmith.span.kind', kind]];
  if (!attributes.has(tool.session)) said.push([tool.session, session]);
  for (const [key, value] of attributes) said.push([key === tool.turn ? 'turn.id' : (names?.get(key) ?? key), value]);
  if (body !== null && body !== event) said.push(['log.body', body]);
  return said;
}

function placed(record: LogRecord, traceId: string, spanId: string): LogRecord {
  const { timeUnixNano, observedTimeUnixNano, severityNumber, severityText, body, droppedAttributesCount, flags, attributes } = record;
  const plain = { timeUnixNano, observedTimeUnixNano, severityNumber, severityText, body, droppedAttributesCount, flags };
  return logRecordOf({ ...plain, eventName: record.eventName, attributes: [...attributes], traceId, spanId });
}

function textAt(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

function digits(uuid: string, count: number): string {
  return uuid.replaceAll('-', '').slice(0, count);
}
