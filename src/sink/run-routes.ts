import type { z } from 'zod';
import { findVisible, ok, param, type Route, visibleTenants } from './exchange.ts';
import { findRuns, parseQuery, querySchema } from './query.ts';
import { latencyOf, viewRun } from './run-view.ts';
import type { Store } from './store.ts';
import { totalsOfTrace } from './usage.ts';

/** Reading runs: one, those of a query, and figures over those of a query. */
export function runRoutes(store: Store): readonly Route[] {
  return [
    [
      'get',
      '/runs/:id',
      (exchange) => {
        const [tenant, run] = findVisible(exchange, store, 'Run', ({ runs }) => runs.get(param(exchange, 'id')));
        return ok(viewRun(run, tenant));
      },
    ],
    [
      'post',
      '/runs/query',
      (exchange) => {
        const query = parseQuery(querySchema, exchange.body);
        const { page, next } = findRuns(query, visibleTenants(exchange, store));
        const runs = page.map(({ run, tenant }) => viewRun(run, tenant, query.select));
        return ok({ runs, cursors: { next, prev: null } });
      },
    ],
    [
      'post',
      '/runs/stats',
      (exchange) => {
        const query = parseQuery(querySchema, exchange.body);
        return ok(statsOf(visibleRuns(query, () => visibleTenants(exchange, store))));
      },
    ],
  ];
}

function* visibleRuns(
  query: z.infer<typeof querySchema>,
  tenants: () => ReturnType<typeof visibleTenants>,
): Generator<ReturnType<typeof findRuns>['page'][number]> {
  let cursor: string | null = null;
  do {
    const { page, next } = findRuns({ ...query, limit: null, cursor }, tenants());
    yield* page;
    cursor = next;
  } while (cursor !== null);
}

function statsOf(found: Iterable<ReturnType<typeof findRuns>['page'][number]>): Record<string, unknown> {
  let [count, errors, tokens] = [0, 0, 0];
  const latencies: number[] = [];
  for (const { run, tenant } of found) {
    count += 1;
    if (run.fields.error !== undefined) errors += 1;
    const latency = latencyOf(run);
    if (latency !== undefined) latencies.push(latency);
    const trace = tenant.traces.get(run.traceId);
    if (run.parentRunId === '' && trace !== undefined) tokens += totalsOfTrace(trace).totalTokens;
  }
  latencies.sort((one, other) => one - other);
  const quantile = (share: number): number | null =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? null;
  return {
    run_count: count,
    error_rate: count === 0 ? 0 : errors / count,
    total_tokens: tokens,
    latency_p50: quantile(0.5),
    latency_p99: quantile(0.99),
  };
}
