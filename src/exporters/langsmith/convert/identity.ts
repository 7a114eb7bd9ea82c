/** Who a run is and where it hangs, as far as its own span tells (mapping §15.1–15.2). */
import { type Span, SpanFlag, SpanKind } from '../../../model/batch.ts';
import type { FilteredSpan } from '../../../model/draft.ts';
import { runIdOfSpan, uuidOrNone } from '../../../model/ids.ts';
import { flagOf } from './coerce.ts';
import { type Slot, slot, topic } from './keys.ts';
import type { TraceRecord } from './record.ts';
import type { SpanReader } from './span-reader.ts';

const runId = slot('langsmith.span.id');
const parentId = slot('langsmith.span.parent_id');
const parentSpan = slot('langsmith.traceable_parent_otel_span_id');
const traceable = slot('langsmith.traceable');
const traceId = slot('langsmith.trace.id');
const dottedOrder = slot('langsmith.span.dotted_order');
const isRoot = slot('langsmith.is_root');
const rootSpan = slot('langsmith.root_span');
const place = topic([runId, parentId, parentSpan, traceable, traceId, dottedOrder, isRoot, rootSpan]);
const dottedOrderMax = 64 * 1_024;

export interface Identity {
  readonly runId: string;
  readonly parentRunId: string;
  /** The parent may not exist. */
  readonly parentSoft: boolean;
  /** A second one that may not exist; '' = none. */
  readonly otherParentRunId: string;
  readonly explicitRoot: boolean;
  readonly explicitTraceId: string;
  readonly explicitDottedOrder: string;
  readonly parentRemote: boolean;
}

export function identityOf(reader: SpanReader, record: TraceRecord | undefined): Identity {
  if (record === undefined && !reader.speaksOf(place)) return ofSpan(reader);
  // The SDK's mark and its second way to name the parent are used up, needed or not.
  const ofTraceable = parentOfTraceable(reader);
  reader.use(traceable);
  const parent = takeId(reader, parentId) || ofTraceable;
  const soft = parent === '' ? (record?.parentRunId ?? '') : '';
  return {
    runId: takeId(reader, runId) || record?.runId || runIdOfSpan(reader.span.spanId),
    parentRunId: parent || soft,
    parentSoft: soft !== '',
    otherParentRunId: soft === '' ? '' : (record?.otherParentRunId ?? ''),
    explicitRoot: isTrue(reader, isRoot) || isTrue(reader, rootSpan),
    explicitTraceId: takeId(reader, traceId),
    explicitDottedOrder: takeDottedOrder(reader),
    parentRemote: isParentRemote(reader.span),
  };
}

/** As nearly all spans are: their ids say all. */
function ofSpan(reader: SpanReader): Identity {
  return {
    runId: runIdOfSpan(reader.span.spanId),
    parentRunId: '',
    parentSoft: false,
    otherParentRunId: '',
    explicitRoot: false,
    explicitTraceId: '',
    explicitDottedOrder: '',
    parentRemote: isParentRemote(reader.span),
  };
}

function takeId(reader: SpanReader, slot: Slot): string {
  const id = uuidOrNone(reader.peekText(slot) ?? '');
  if (id !== '') reader.use(slot);
  return id;
}

function parentOfTraceable(reader: SpanReader): string {
  const spanId = reader.peekText(parentSpan)?.toLowerCase() ?? '';
  if (!/^[0-9a-f]{16}$/.test(spanId)) return '';
  reader.use(parentSpan);
  return runIdOfSpan(spanId);
}

function takeDottedOrder(reader: SpanReader): string {
  const order = reader.peekText(dottedOrder) ?? '';
  if (order === '' || order.length > dottedOrderMax || !/^\d{8}T\d{12}Z[0-9a-f-]{36}(?:\.\d{8}T\d{12}Z[0-9a-f-]{36})*$/i.test(order))
    return '';
  reader.use(dottedOrder);
  return order.replace(/[A-F]/g, (letter) => letter.toLowerCase());
}

function isTrue(reader: SpanReader, slot: Slot): boolean {
  const flag = flagOf(reader.peek(slot));
  if (flag !== undefined) reader.use(slot);
  return flag === true;
}

/** OTLP's flags say it; before they did, a server's or consumer's parent was elsewhere. */
function isParentRemote({ flags, kind }: Span): boolean {
  if ((flags & SpanFlag.hasIsRemote) !== 0) return (flags & SpanFlag.isRemote) !== 0;
  return kind === SpanKind.server || kind === SpanKind.consumer;
}

/** What children of a span that was left out need of it. */
export function filteredSpanOf(span: Span): FilteredSpan {
  const { traceId, spanId, parentSpanId } = span;
  return { traceId, spanId, parentSpanId, parentRemote: isParentRemote(span) };
}
