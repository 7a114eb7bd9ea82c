import type { Bytes } from './bytes.ts';

export type RunType = 'llm' | 'chain' | 'tool' | 'retriever' | 'embedding' | 'prompt' | 'parser';

/** What assembly must know of a run beyond its place; a bit set. */
export const Mark = {
  /** A span of an agent: `ls_agent_type` is `root` or `subagent` by its ancestors. */
  agent: 1,
  /** An llm, embedding or rerank run that carries usage of its own. */
  usage: 2,
  /** Its usage sums up its descendants'. */
  aggregate: 4,
  /** An llm run in the canonical (chat completions) shape. */
  canonical: 8,
  /** A run whose payload has another SDK's shape: the trace gets no `ls_message_format`. */
  foreign: 16,
  /** Tells `ls_message_format` only if it turns out to be the root. */
  formatIfRoot: 32,
  /** It has inputs of its own; likewise outputs, an error, events. What it has, log records do not replace. */
  inputs: 64,
  outputs: 128,
  error: 256,
  events: 512,
  /** Its content is known to travel as log records. */
  awaitsLogs: 1_024,
  /** Its metadata tells `ls_message_format` in our words: taken back if the trace holds a foreign run. */
  format: 2_048,
} as const;

/**
 * The part of a draft run that assembly reads: identity, time, and what children inherit. Some 200 bytes; the body is never looked into.
 * Ids: OTel ids in lower-case hex, run ids as UUID text; '' where absent. Times are microseconds since the epoch, 0 where absent.
 */
export interface Skeleton {
  readonly traceId: string;
  readonly spanId: string;
  /** Parent by OTel span id. */
  readonly parentSpanId: string;
  readonly runId: string;
  /** Parent by run id (`langsmith.span.parent_id`, Dify); beats `parentSpanId`. */
  readonly parentRunId: string;
  /** The explicit parent counts only if a run with that id is known; else `otherParentRunId`, likewise, else `parentSpanId`. */
  readonly parentSoft: boolean;
  /** A second soft parent; '' = none. */
  readonly otherParentRunId: string;
  /** Said to be a root although it may have a parent. */
  readonly explicitRoot: boolean;
  /** `langsmith.trace.id` and `langsmith.span.dotted_order`: the span says its place itself. */
  readonly explicitTraceId: string;
  readonly explicitDottedOrder: string;
  /** The parent lives in another process (OTLP flags; without them: kind SERVER or CONSUMER). */
  readonly parentRemote: boolean;
  readonly startMicros: number;
  readonly endMicros: number;
  /** Project by name or by id (`session_name`, `session_id`), as far as the span, its resource or the request say one; '' = the exporter's default. */
  readonly project: string;
  readonly projectId: string;
  /** Thread keys (`session_id`, `conversation_id`, `thread_id`) of this run; descendants without one inherit them. */
  readonly thread: readonly (readonly [key: string, value: string])[];
  readonly marks: number;
  /**
   * Of a span: what else log records may call it: `request_id=…`. Of a log record: at most one, by which it calls its span; then `parentSpanId` is who
   * takes it if nobody has that name, '' for the root.
   */
  readonly names: readonly string[];
}

/** A binary part of a run, sent beside it (`attachment.{run}.{name}`). The name is safe for a part header. */
export interface Attachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: Bytes;
}

/** Feedback that came with a span or log record: the JSON of a `FeedbackCreateSchema` without `run_id` and `trace_id`. */
export interface FeedbackDraft {
  readonly id: string;
  /** The run it is about, where that is another than the draft's own; `trace`: the root of its trace. */
  readonly runId?: string;
  readonly fields: Bytes;
}

/**
 * The run's JSON in parts, each UTF-8 text that is spliced and never parsed again.
 * "Members" are the inside of an object: `"a":1,"b":2`, without braces, possibly empty.
 */
export interface Body {
  /** Members of the main object that need no ancestors: name, run_type, tags, status, reference_example_id, … */
  readonly main: Bytes;
  /** Whole JSON values, empty if absent. `error` is a JSON string. */
  readonly inputs: Bytes;
  readonly outputs: Bytes;
  readonly events: Bytes;
  readonly error: Bytes;
  readonly serialized: Bytes;
  /** Members of `extra.metadata`, without thread keys, `usage_metadata` and what assembly adds. */
  readonly metadata: Bytes;
  /** Whole JSON object: `usage_metadata` (or, with `Mark.aggregate`, `aggregated_usage_metadata`); empty if absent. */
  readonly usage: Bytes;
  /** Members of `extra` beside `metadata`: invocation_params, runtime, otel. */
  readonly extra: Bytes;
  readonly attachments: readonly Attachment[];
  readonly feedback: readonly FeedbackDraft[];
}

/** A run as far as it can be known without its ancestors. */
export interface Draft {
  readonly skeleton: Skeleton;
  readonly body: Body;
}

/**
 * A log record on its way to its span is a draft, too: `runId` is '', `parentSpanId` its span's, `spanId` a name of its own, `body.main` the record
 * (OTLP, as `JoinLogs` reads it), and one empty feedback stands for the one that it becomes.
 */
export function isLogRecord({ runId }: Skeleton): boolean {
  return runId === '';
}

/** A span that was left out on purpose: its children hang where it would have hung (mapping §15.2, join c). */
export interface FilteredSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly parentRemote: boolean;
}

/** What is known of a run to which log records are joined. */
export interface JoinedRun {
  readonly traceId: string;
  readonly spanId: string;
  readonly runId: string;
  /** What the run has of its own, and keeps. */
  readonly marks: number;
  /** Log records went into it before, so what it has may be a part of what they all tell. */
  readonly joinedBefore?: boolean;
}

export interface Joined {
  readonly body: Body;
  /** What the records add to the run's marks. */
  readonly marks: number;
  /** Of a run that was sent before: what it cannot take any more, because it has such things, as a run of its own below it. */
  readonly rest?: Body;
}

/**
 * The body of a run with its log records; without `body`, what they change in a run that was sent before, empty parts where there is nothing to change.
 * `records` as they stand in their drafts, in order of arrival.
 */
export type JoinLogs = (run: JoinedRun, body: Body | undefined, records: readonly Bytes[]) => Joined;
