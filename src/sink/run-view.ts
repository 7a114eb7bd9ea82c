import { isoText } from '../model/time.ts';
import { microsOf, pathOf } from './dotted-order.ts';
import type { StoredRun, Tenant, Trace } from './tenant.ts';
import { type Fields, isObject } from './upload.ts';
import { totalsOfTrace, type Usage, usageOf } from './usage.ts';

export type RunStatus = 'pending' | 'success' | 'error' | 'interrupted';

/** Derived as LangSmith does: a text of an error beats everything, an end makes it a success. */
export function statusOf({ fields }: StoredRun): RunStatus {
  if (fields.error !== undefined && fields.error !== '') return metadataOf(fields).ls_is_error_interrupt ? 'interrupted' : 'error';
  if (fields.status === 'error' || fields.status === 'interrupted') return fields.status;
  return fields.end_time === undefined ? 'pending' : 'success';
}

export function metadataOf(fields: Fields): Fields {
  const extra = fields.extra;
  return isObject(extra) && isObject(extra.metadata) ? extra.metadata : {};
}

/** The key that makes a run part of a conversation; LangSmith looks in this order. */
export function threadOf(fields: Fields): unknown {
  const { session_id, conversation_id, thread_id } = metadataOf(fields);
  return session_id ?? conversation_id ?? thread_id;
}

/** Seconds from start to end, `undefined` while it runs. */
export function latencyOf({ fields, startMicros }: StoredRun): number | undefined {
  const end = microsOf(fields.end_time);
  return end === undefined ? undefined : (end - startMicros) / 1e6;
}

type Derive = (run: StoredRun, tenant: Tenant) => unknown;

/** What is not shown as it was sent: absent members, and those that the server derives. A query that does not select one does not pay for it. */
const derived: ReadonlyMap<string, Derive> = new Map<string, Derive>([
  ['inputs', ({ fields }) => fields.inputs ?? {}],
  ['outputs', ({ fields }) => fields.outputs ?? null],
  ['error', ({ fields }) => fields.error ?? null],
  ['events', ({ fields }) => fields.events ?? []],
  ['tags', ({ fields }) => fields.tags ?? []],
  ['extra', ({ fields }) => fields.extra ?? {}],
  ['reference_example_id', ({ fields }) => fields.reference_example_id ?? null],
  ['start_time', ({ fields }) => timeText(fields.start_time)],
  ['end_time', ({ fields }) => timeText(fields.end_time)],
  ['tenant_id', ({ tenantId }) => tenantId],
  ['session_id', ({ sessionId }) => sessionId],
  ['session_name', () => undefined],
  ['parent_run_id', ({ parentRunId }) => (parentRunId === '' ? null : parentRunId)],
  ['parent_run_ids', ({ dottedOrder }) => pathOf(dottedOrder).slice(0, -1)],
  ['direct_child_run_ids', ({ id, traceId }, tenant) => [...(tenant.traces.get(traceId)?.children.get(id) ?? [])]],
  ['child_run_ids', ({ id, traceId }, tenant) => descendantsOf(id, tenant.traces.get(traceId))],
  ['status', statusOf],
  ['app_path', appPath],
  ['first_token_time', ({ fields }) => firstTokenTime(fields)],
  ['total_tokens', (run, tenant) => usageShown(run, tenant)?.totalTokens ?? 0],
  ['prompt_tokens', (run, tenant) => usageShown(run, tenant)?.promptTokens ?? 0],
  ['completion_tokens', (run, tenant) => usageShown(run, tenant)?.completionTokens ?? 0],
  ['total_cost', (run, tenant) => usageShown(run, tenant)?.totalCost ?? null],
  ['prompt_cost', (run, tenant) => usageShown(run, tenant)?.promptCost ?? null],
  ['completion_cost', (run, tenant) => usageShown(run, tenant)?.completionCost ?? null],
  ['feedback_stats', ({ id }, tenant) => feedbackStats(id, tenant)],
  ['s3_urls', attachmentUrls],
]);

/** A run as the reading endpoints show it, whole or as far as it is selected; `id` is always there. */
export function viewRun(run: StoredRun, tenant: Tenant, select?: readonly string[] | null): Record<string, unknown> {
  const names = new Set(['id', ...(select ?? [...Object.keys(run.fields), ...derived.keys()])]);
  return Object.fromEntries(
    Array.from(names, (name) => {
      const derive = derived.get(name);
      return [name, derive === undefined ? run.fields[name] : derive(run, tenant)];
    }),
  );
}

/** A root shows what its whole trace used. */
function usageShown(run: StoredRun, tenant: Tenant): Usage | undefined {
  const trace = run.parentRunId === '' ? tenant.traces.get(run.traceId) : undefined;
  return trace === undefined ? usageOf(run.fields) : totalsOfTrace(trace);
}

function appPath({ id, traceId, tenantId, sessionId, fields }: StoredRun): string {
  const startTime = encodeURIComponent(String(timeText(fields.start_time)));
  return `/o/${tenantId}/projects/p/${sessionId}/r/${id}?trace_id=${traceId}&start_time=${startTime}`;
}

/** One form for what clients send in several. */
function timeText(time: unknown): string | null {
  const micros = microsOf(time);
  return micros === undefined ? null : isoText(micros);
}

function firstTokenTime(fields: Fields): unknown {
  if (fields.run_type !== 'llm' || !Array.isArray(fields.events)) return null;
  const first: unknown = fields.events.find((event) => isObject(event) && event.name === 'new_token');
  return isObject(first) ? (first.time ?? null) : null;
}

function descendantsOf(id: string, trace: Trace | undefined): string[] {
  const found = [...(trace?.children.get(id) ?? [])];
  // The list grows while it is walked; a run is in it once, since it has one parent.
  for (const child of found) found.push(...(trace?.children.get(child) ?? []));
  return found;
}

function feedbackStats(runId: string, tenant: Tenant): Record<string, { n: number; avg: number | null }> | null {
  const scores = new Map<string, number[]>();
  for (const { fields } of tenant.feedbackOn(runId)) {
    const key = String(fields.key);
    const list = scores.get(key) ?? [];
    list.push(Number(fields.score ?? Number.NaN));
    scores.set(key, list);
  }
  if (scores.size === 0) return null;
  return Object.fromEntries(
    Array.from(scores, ([key, list]) => {
      const known = list.filter((score) => !Number.isNaN(score));
      return [key, { n: list.length, avg: known.length === 0 ? null : known.reduce((sum, score) => sum + score, 0) / known.length }];
    }),
  );
}

function attachmentUrls(run: StoredRun): Record<string, { presigned_url: string }> | null {
  if (run.attachments.size === 0) return null;
  return Object.fromEntries(
    Array.from(run.attachments.keys(), (name) => [
      `attachment.${name}`,
      { presigned_url: `/sink/attachments/${run.tenantId}/${run.id}/${encodeURIComponent(name)}` },
    ]),
  );
}
