/** Collects what a run is made of, rule by rule. */
import type { Caller } from '../../../model/batch.ts';
import { type Attachment, Mark, type RunType, type Skeleton } from '../../../model/draft.ts';
import { uuidOrNone } from '../../../model/ids.ts';
import { answerOf, writeAnswerFacts } from './answer.ts';
import { attachmentsOf } from './attachments.ts';
import { writeFacts } from './derived.ts';
import { eventsOf } from './events.ts';
import { type Explicit, explicitMembers, explicitOf } from './explicit.ts';
import { type Feedback, feedbackOf } from './feedback.ts';
import { type Format, formatOf } from './format.ts';
import { type Identity, identityOf } from './identity.ts';
import { moveMedia } from './inline-media.ts';
import { emptyObject, isVoid, type Json, type JsonObject, stringOf } from './json.ts';
import { slot } from './keys.ts';
import type { Kind } from './kind.ts';
import { needsLogs } from './log-join.ts';
import { namesOfSpan } from './log-names.ts';
import { parametersOf } from './messages/messages.ts';
import { isForeignShape, type Metadata } from './metadata.ts';
import { writeModel } from './model.ts';
import { nameOf } from './name.ts';
import type { ConvertOptions } from './options.ts';
import { parametersOfSpan, writeParameterKeys } from './parameters.ts';
import { bodyOf, type Payload, payloadOf } from './payload.ts';
import type { Recognised } from './recognise.ts';
import type { TraceRecord } from './record.ts';
import { otelFacts, writeSpanFacts, writeUnused } from './remainder.ts';
import type { Surroundings } from './resource.ts';
import { kindOfSpan } from './run-type.ts';
import type { SpanReader } from './span-reader.ts';
import { type Status, statusOf } from './status.ts';
import { tagsOf } from './tags.ts';
import { type Project, projectOf, type Thread, threadOf } from './thread.ts';
import { counts, type UsageOfRun, usageOfRun } from './usage-of-run.ts';

export interface Run {
  readonly skeleton: Skeleton;
  readonly runType: RunType;
  readonly name: string;
  readonly status: Status;
  readonly tags: readonly string[];
  readonly referenceExampleId: string;
  readonly inputs: JsonObject | undefined;
  readonly outputs: JsonObject | undefined;
  readonly events: readonly Json[];
  readonly serialized: JsonObject | undefined;
  readonly metadata: Metadata;
  readonly usage: JsonObject | undefined;
  readonly parameters: JsonObject | undefined;
  readonly runtime: Json | undefined;
  readonly otel: JsonObject;
  readonly attachments: readonly Attachment[];
  readonly feedback: readonly Feedback[];
}

const serializedNames = ['name', 'signature', 'doc'].map((name) => [name, slot(`gen_ai.serialized.${name}`)] as const);
const referenceExample = slot('langsmith.reference_example_id');
const inlineMediaBytesMax = 1 << 20;
const withParameters = new Set<RunType>(['llm', 'embedding', 'retriever', 'tool']);

interface Surrounding {
  readonly caller: Caller;
  readonly surroundings: Surroundings;
  readonly dialects: Recognised;
  readonly options: ConvertOptions;
  readonly metadata: Metadata;
}

export function runOf(reader: SpanReader, { caller, surroundings, dialects, options, metadata }: Surrounding): Run {
  const derived = emptyObject();
  const explicit = explicitOf(reader);
  const said = explicitMembers(explicit);
  const record = dialects.sdk ? undefined : dialects.record?.(reader, options);
  if (record !== undefined) addModel(said, explicit.own, record.model);
  const kind = kindOfSpan(reader, record?.kind);
  const identity = identityOf(reader, record);
  const project = projectOf(reader, caller);
  const thread = threadOf(reader, said, project.session);
  const name = nameOf(reader, kind, said.ls_run_name, record?.name ?? '');
  const payload = payloadOf(reader, kind, record, options.keepEmbeddingVectors === true, derived);
  const sdk = dialects.sdk && payload.input?.source.verbatim === true;
  writeFacts(reader, kind, dialects, derived);
  if (record !== undefined) Object.assign(derived, record.metadata);
  const parameters = writeModelFacts(reader, kind, said, payload, derived);
  const usage = usageOfRun(reader, kind, explicit.own, payload, dialects, record, derived);
  const output = kind.runType === 'tool' ? payload.output?.value : undefined;
  const status = statusOf(reader, output, dialects.sdk, record?.error ?? '', derived);
  const tags = tagsOf(reader, record?.tags ?? [], explicit.tags);
  const referenceExampleId = exampleOf(reader, explicit);
  const attachments = attachmentsOf(reader);
  if (!sdk) {
    moveMedia(reader, payload.inputs, '', options.inlineMediaBytesMax ?? inlineMediaBytesMax, attachments);
    moveMedia(reader, payload.outputs, 'output_', options.inlineMediaBytesMax ?? inlineMediaBytesMax, attachments);
  }
  const feedback = feedbackOf(reader, identity.runId);
  const serialized = serializedOf(reader);
  const events = eventsOf(reader, dialects.firstTokenScale, dialects.sdk);
  const { otel, format } = closingFacts(reader, metadata, {
    surroundings,
    dialects,
    explicit,
    derived,
    kind,
    payload,
    sdk,
    name,
    thread,
    usage,
  });
  return {
    skeleton: skeletonOf(
      reader,
      identity,
      record,
      project,
      thread,
      marksOf(kind, usage, format, metadata) | joinMarks(reader, payload, status, events),
      namesOfSpan(reader, kind.runType),
    ),
    runType: kind.runType,
    name,
    status,
    tags,
    referenceExampleId,
    inputs: payload.inputs,
    outputs: payload.outputs,
    events,
    serialized,
    metadata,
    usage: usage.usage,
    parameters,
    runtime: surroundings.runtime,
    otel,
    attachments,
    feedback,
  };
}

/** What a record says of its model beats everything but the sender's own `langsmith.metadata.ls_*`. */
function addModel(said: JsonObject, own: JsonObject, model: JsonObject): void {
  for (const key in model) if (own[key] === undefined && model[key] !== undefined) said[key] = model[key];
}

function writeModelFacts(reader: SpanReader, kind: Kind, said: JsonObject, payload: Payload, derived: JsonObject): JsonObject | undefined {
  const answer = answerOf(reader, kind, payload);
  writeAnswerFacts(answer, derived);
  const body = bodyOf(payload.input);
  const inBody = body === undefined || kind.runType !== 'llm' ? undefined : parametersOf(body);
  const parameters = withParameters.has(kind.runType) ? parametersOfSpan(reader, kind, inBody) : undefined;
  writeModel(reader, kind, said, { request: parameters?.model ?? inBody?.model, answer: answer.model ?? answer.modelVersion }, derived);
  if (parameters === undefined) return undefined;
  if (kind.runType === 'llm') writeParameterKeys(parameters, derived);
  return isVoid(parameters) ? undefined : parameters;
}

interface Closing {
  readonly surroundings: Surroundings;
  readonly dialects: Recognised;
  readonly explicit: Explicit;
  readonly derived: JsonObject;
  readonly kind: Kind;
  readonly payload: Payload;
  readonly sdk: boolean;
  readonly name: string;
  readonly thread: Thread;
  readonly usage: UsageOfRun;
}

/** Comes last, because it gathers what nobody else has used. */
function closingFacts(reader: SpanReader, metadata: Metadata, run: Closing): { otel: JsonObject; format: Format } {
  const { surroundings, dialects, explicit, derived, thread, usage } = run;
  writeSpanFacts(reader, derived);
  metadata.begin(surroundings.metadata);
  const unused = writeUnused(reader, metadata);
  const runName = stringOf(explicit.own.ls_run_name ?? explicit.vendor.ls_run_name);
  const placed = emptyObject();
  if (runName === run.name) placed.ls_run_name = runName;
  for (const [key, value] of thread) placed[key] = value;
  if (usage.usage !== undefined) {
    placed.usage_metadata = usage.stated ? explicit.own.usage_metadata : usage.usage;
    placed.aggregated_usage_metadata = usage.usage;
  }
  metadata.putSaid(explicit, derived, placed);
  if (!run.sdk && isForeignShape(metadata.get('ls_integration'))) metadata.moveIntegration(derived.ls_integration);
  const format = formatOf(run.kind, run.payload, metadata, run.sdk);
  if (format.said) metadata.set('ls_message_format', 'completions');
  const otel = otelFacts(reader, surroundings, unused, dialects.ids, run.name === reader.span.name);
  if (metadata.overridden !== undefined) otel.overridden = metadata.overridden;
  if (reader.warnings.length > 0) otel.warnings = [...reader.warnings];
  return { otel, format };
}

function marksOf(kind: Kind, usage: UsageOfRun, format: Format, metadata: Metadata): number {
  let { marks } = format;
  if (kind.agent && metadata.get('ls_agent_type') === undefined) marks |= Mark.agent;
  if (usage.usage !== undefined) marks |= usage.aggregate ? Mark.aggregate : counts(kind) ? Mark.usage : 0;
  return marks;
}

function skeletonOf(
  reader: SpanReader,
  identity: Identity,
  record: TraceRecord | undefined,
  project: Project,
  thread: Thread,
  marks: number,
  names: readonly string[],
): Skeleton {
  const { span } = reader;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    runId: identity.runId,
    parentRunId: identity.parentRunId,
    parentSoft: identity.parentSoft,
    otherParentRunId: identity.otherParentRunId,
    explicitRoot: identity.explicitRoot,
    explicitTraceId: identity.explicitTraceId,
    explicitDottedOrder: identity.explicitDottedOrder,
    parentRemote: identity.parentRemote,
    startMicros: record?.startMicros || span.startMicros,
    endMicros: record?.endMicros || span.endMicros,
    project: project.name,
    projectId: project.id,
    thread,
    marks,
    names,
  };
}

/** What log records may add to the run, and whether it waits for them. */
function joinMarks({ span, scope }: SpanReader, { inputs, outputs }: Payload, { error }: Status, events: readonly Json[]): number {
  return (
    (isVoid(inputs) ? 0 : Mark.inputs) |
    (isVoid(outputs) ? 0 : Mark.outputs) |
    (error === '' ? 0 : Mark.error) |
    (events.length === 0 ? 0 : Mark.events) |
    (needsLogs(span, scope) ? Mark.awaitsLogs : 0)
  );
}

/** Experiments compare whole traces, so the example counts on the root only; on a child it stays metadata. */
function exampleOf(reader: SpanReader, { own }: Explicit): string {
  if (reader.span.parentSpanId !== '') return '';
  const id = uuidOrNone(reader.peekText(referenceExample) ?? stringOf(own.reference_example_id) ?? '');
  if (id !== '') reader.use(referenceExample);
  return id;
}

function serializedOf(reader: SpanReader): JsonObject | undefined {
  let serialized: JsonObject | undefined;
  for (const [name, slot] of serializedNames) {
    const value = reader.takeJson(slot);
    if (value === undefined) continue;
    serialized ??= emptyObject();
    serialized[name] = value;
  }
  return serialized;
}
