/** Drafts made by hand: short ids in, whole skeletons out. */
import { bytes, noBytes } from '../../src/model/bytes.ts';
import type { Body, Draft, Skeleton } from '../../src/model/draft.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';

export const traceId = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
/** 2026-01-02T03:04:05Z in microseconds. */
export const startOfTime = 1_767_323_045_000_000;

export function spanId(number: number): string {
  return number.toString(16).padStart(16, '0');
}

export function skeleton(span: string, parent = '', more: Partial<Skeleton> = {}): Skeleton {
  return {
    traceId,
    spanId: span,
    parentSpanId: parent,
    runId: runIdOfSpan(span),
    parentRunId: '',
    parentSoft: false,
    otherParentRunId: '',
    explicitRoot: false,
    explicitTraceId: '',
    explicitDottedOrder: '',
    parentRemote: false,
    startMicros: startOfTime,
    endMicros: startOfTime + 1_000,
    project: '',
    projectId: '',
    thread: [],
    marks: 0,
    names: [],
    ...more,
  };
}

export function body(
  more: Partial<Record<keyof Omit<Body, 'attachments' | 'feedback'>, string>> & Partial<Pick<Body, 'attachments' | 'feedback'>> = {},
): Body {
  const { attachments = [], feedback = [], ...texts } = more;
  const part = (text: string | undefined): Body['main'] => (text === undefined ? noBytes : bytes.from(text));
  return {
    main: part(texts.main ?? '"name":"run","run_type":"chain"'),
    inputs: part(texts.inputs ?? '{}'),
    outputs: part(texts.outputs ?? '{}'),
    events: part(texts.events),
    error: part(texts.error),
    serialized: part(texts.serialized),
    metadata: part(texts.metadata ?? '"ls_method":"traceable"'),
    usage: part(texts.usage),
    extra: part(texts.extra),
    attachments,
    feedback,
  };
}

export function draft(span: string, parent = '', more: Partial<Skeleton> = {}, content: Body = body()): Draft {
  return { skeleton: skeleton(span, parent, more), body: content };
}
