import { z } from 'zod';
import { microsOf } from './dotted-order.ts';
import { compileFilter, type Predicate } from './filter.ts';
import { parseObject } from './read-batch.ts';
import { Refusal } from './refusal.ts';
import type { StoredRun, Tenant } from './tenant.ts';

const uuid = z.string().regex(/^[0-9a-f-]{36}$/);

/** Body of `POST /runs/query`; members that are not known are ignored, as LangSmith does. */
export const querySchema = z.object({
  session: z.array(uuid).nullish(),
  id: z.array(uuid).nullish(),
  trace: uuid.nullish(),
  parent_run: uuid.nullish(),
  run_type: z.string().nullish(),
  is_root: z.boolean().nullish(),
  error: z.boolean().nullish(),
  start_time: z.string().nullish(),
  end_time: z.string().nullish(),
  reference_example: z.array(uuid).nullish(),
  query: z.string().nullish(),
  filter: z.string().max(10_000).nullish(),
  trace_filter: z.string().max(10_000).nullish(),
  tree_filter: z.string().max(10_000).nullish(),
  select: z.array(z.string()).nullish(),
  order: z.enum(['asc', 'desc']).nullish(),
  limit: z.int().min(1).nullish(),
  cursor: z.string().nullish(),
});
export type RunQuery = z.infer<typeof querySchema>;

/** A body by its schema, or the 422 that LangSmith gives. */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.infer<Schema> {
  const result = schema.safeParse(parseObject(body));
  if (result.success) return result.data;
  throw new Refusal(422, { detail: result.error.issues.map(({ path, message }) => ({ loc: ['body', ...path], msg: message })) });
}

export interface Found {
  readonly run: StoredRun;
  readonly tenant: Tenant;
}

const limitMax = 100;

/** One page of the runs that match, newest first unless the query says otherwise, and the cursor of the next page. */
export function findRuns(query: RunQuery, tenants: Iterable<Tenant>): { page: Found[]; next: string | null } {
  const matches = matcher(query);
  const found: Found[] = [];
  for (const tenant of tenants) {
    for (const run of candidates(query, tenant)) if (matches(run, tenant)) found.push({ run, tenant });
  }
  const sign = query.order === 'asc' ? 1 : -1;
  found.sort((one, other) => sign * compareRuns(one.run, other.run));
  const start = query.cursor == null ? 0 : startAfter(query.cursor, found, sign);
  const end = start + Math.min(query.limit ?? limitMax, limitMax);
  const last = found[end - 1]?.run;
  return { page: found.slice(start, end), next: last !== undefined && end < found.length ? `${last.startMicros}:${last.id}` : null };
}

function compareRuns(one: { startMicros: number; id: string }, other: { startMicros: number; id: string }): number {
  return one.startMicros - other.startMicros || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}

/** A cursor names the last run of the page before, so that runs which come meanwhile move nothing. */
function startAfter(cursor: string, found: readonly Found[], sign: number): number {
  const match = /^(-?\d+):([0-9a-f-]{36})$/.exec(cursor);
  if (match === null) throw new Refusal(400, { detail: 'Invalid cursor' });
  const last = { startMicros: Number(match[1]), id: match[2] as string };
  const index = found.findIndex(({ run }) => sign * compareRuns(run, last) > 0);
  return index < 0 ? found.length : index;
}

/** The smallest set at hand that holds all matches. */
function candidates(query: RunQuery, tenant: Tenant): Iterable<StoredRun> {
  if (query.id != null) return query.id.flatMap((id) => tenant.runs.get(id) ?? []);
  if (query.trace != null) return tenant.traces.get(query.trace)?.runs.values() ?? [];
  return tenant.runs.values();
}

function matcher(query: RunQuery): (run: StoredRun, tenant: Tenant) => boolean {
  const sessions = query.session == null ? undefined : new Set(query.session);
  const examples = query.reference_example == null ? undefined : new Set<unknown>(query.reference_example);
  const after = microsOf(query.start_time) ?? Number.NEGATIVE_INFINITY;
  const before = microsOf(query.end_time) ?? Number.POSITIVE_INFINITY;
  const text = query.query?.toLowerCase();
  const [filter, traceFilter, treeFilter] = [query.filter, query.trace_filter, query.tree_filter].map((text) =>
    text ? compileFilter(text) : undefined,
  );
  return (run, tenant) => {
    if (sessions !== undefined && !sessions.has(run.sessionId)) return false;
    if (query.trace != null && run.traceId !== query.trace) return false;
    if (query.parent_run != null && run.parentRunId !== query.parent_run) return false;
    if (query.run_type != null && run.fields.run_type !== query.run_type) return false;
    if (query.is_root != null && (run.parentRunId === '') !== query.is_root) return false;
    if (query.error != null && (run.fields.error !== undefined) !== query.error) return false;
    if (run.startMicros < after || run.startMicros > before) return false;
    if (examples !== undefined && !examples.has(run.fields.reference_example_id)) return false;
    if (text !== undefined && !JSON.stringify(run.fields).toLowerCase().includes(text)) return false;
    return matchesFilters(run, tenant, filter, traceFilter, treeFilter);
  };
}

/** `trace_filter` asks the root of a run's trace, `tree_filter` any run of it. */
function matchesFilters(run: StoredRun, tenant: Tenant, filter?: Predicate, traceFilter?: Predicate, treeFilter?: Predicate): boolean {
  if (filter !== undefined && !filter(run)) return false;
  const trace = tenant.traces.get(run.traceId);
  if (traceFilter !== undefined) {
    const root = trace?.runs.get(run.traceId);
    if (root === undefined || !traceFilter(root)) return false;
  }
  return treeFilter === undefined || Array.from(trace?.runs.values() ?? []).some(treeFilter);
}
