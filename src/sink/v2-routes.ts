import { z } from 'zod';
import { type Exchange, findVisible, ok, param, type Route, visibleTenants } from './exchange.ts';
import { findRuns, parseQuery, type RunQuery } from './query.ts';
import { latencyOf, metadataOf, statusOf, threadOf, viewRun } from './run-view.ts';
import type { Store } from './store.ts';
import type { StoredRun, Tenant } from './tenant.ts';

/** Body of `POST /api/v2/runs/query`: the same question in other words. Enumerations are in upper case here. */
const bodySchema = z.object({
  project_ids: z.array(z.string()).optional(),
  ids: z.array(z.string()).optional(),
  trace_id: z.string().optional(),
  is_root: z.boolean().optional(),
  has_error: z.boolean().optional(),
  run_type: z.string().optional(),
  min_start_time: z.string().optional(),
  max_start_time: z.string().optional(),
  reference_examples: z.array(z.string()).optional(),
  filter: z.string().optional(),
  trace_filter: z.string().optional(),
  tree_filter: z.string().optional(),
  selects: z.array(z.string()).optional(),
  page_size: z.int().min(1).optional(),
  cursor: z.string().optional(),
});

/** What the clients' newer resources (`client.runs`, `client.traces`) read by. */
export function v2Routes(store: Store): readonly Route[] {
  return [
    [
      'post',
      '/v2/runs/query',
      (exchange) => {
        const body = parseQuery(bodySchema, exchange.body);
        const { page, next } = findRuns(queryOf(body), visibleTenants(exchange, store));
        return ok({ items: page.map(({ run, tenant }) => view(run, tenant, body.selects)), next_cursor: next });
      },
    ],
    [
      'get',
      '/v2/runs/:id',
      (exchange) => {
        const [tenant, run] = findVisible(exchange, store, 'Run', ({ runs }) => runs.get(param(exchange, 'id')));
        return ok(view(run, tenant, selectsOf(exchange)));
      },
    ],
    [
      'get',
      '/v2/traces/:id/runs',
      (exchange) => {
        const [tenant, trace] = findVisible(exchange, store, 'Trace', ({ traces }) => traces.get(param(exchange, 'id')));
        const runs = [...trace.runs.values()].sort((one, other) => one.startMicros - other.startMicros);
        return ok({ items: runs.map((run) => view(run, tenant, selectsOf(exchange))) });
      },
    ],
  ];
}

function queryOf(body: z.infer<typeof bodySchema>): RunQuery {
  return {
    ...body,
    session: body.project_ids,
    id: body.ids,
    trace: body.trace_id,
    error: body.has_error,
    run_type: body.run_type?.toLowerCase(),
    start_time: body.min_start_time,
    end_time: body.max_start_time,
    reference_example: body.reference_examples,
    limit: body.page_size,
  };
}

/** Clients send the list as `selects=A&selects=B`, with brackets, or with commas. */
function selectsOf({ query }: Exchange): string[] | undefined {
  const values = [...query.getAll('selects'), ...query.getAll('selects[]')].flatMap((value) => value.split(','));
  return values.length === 0 ? undefined : values;
}

/** Members that v1 has not, or names otherwise. Absent ones are left out, not null. */
function view(run: StoredRun, tenant: Tenant, selects: readonly string[] | undefined): Record<string, unknown> {
  const names = selects && new Set(['id', ...selects.map((name) => name.toLowerCase())]);
  const all: Record<string, unknown> = {
    ...viewRun(run, tenant, names && [...names]),
    project_id: run.sessionId,
    is_root: run.parentRunId === '',
    status: statusOf(run).toUpperCase(),
    run_type: String(run.fields.run_type).toUpperCase(),
    metadata: metadataOf(run.fields),
    latency_seconds: latencyOf(run),
    thread_id: threadOf(run.fields),
  };
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => value != null && (names === undefined || names.has(name))));
}
