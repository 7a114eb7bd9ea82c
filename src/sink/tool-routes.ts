import { type Exchange, ok, param, type Route } from './exchange.ts';
import { type Faults, faultRuleSchema } from './faults.ts';
import { parseObject } from './read-batch.ts';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';

/** What only this server has: figures, violations, fault injection, attachments as the page links them. All under `/sink`. */
export function toolRoutes(store: Store, faults: Faults): readonly Route[] {
  return [
    ['get', '/sink/stats', () => ok(statsOf(store))],
    ['get', '/sink/violations', () => ok({ count: store.recentViolations.count, violations: store.violations() })],
    [
      'delete',
      '/sink/data',
      () => {
        store.clear();
        return ok({});
      },
    ],
    ['get', '/sink/faults', () => ok(faults.active)],
    [
      'post',
      '/sink/faults',
      (exchange) => {
        requireJson(exchange);
        const rule = faultRuleSchema.safeParse(parseObject(exchange.body));
        if (!rule.success) throw new Refusal(422, { detail: rule.error.issues.map(({ path, message }) => ({ loc: path, msg: message })) });
        faults.add(rule.data);
        return { status: 201, body: rule.data };
      },
    ],
    [
      'delete',
      '/sink/faults',
      () => {
        faults.clear();
        return ok({});
      },
    ],
    [
      'get',
      '/sink/attachments/:tenant/:run/:name',
      (exchange) => {
        const attachment = store.run(param(exchange, 'run'), param(exchange, 'tenant'))?.attachments.get(param(exchange, 'name'));
        if (attachment === undefined) throw Refusal.notFound('Attachment');
        return { status: 200, ...attachment };
      },
    ],
  ];
}

/** A web page of another origin cannot send this type without asking first, which is never allowed here. */
function requireJson({ headers }: Exchange): void {
  if (!headers['content-type']?.startsWith('application/json'))
    throw new Refusal(415, { error: 'Unsupported media type: send application/json' });
}

function statsOf(store: Store): Record<string, unknown> {
  const requestsByStatus: Record<string, number> = {};
  let bytes = 0;
  for (const request of store.requests()) {
    requestsByStatus[request.status] = (requestsByStatus[request.status] ?? 0) + 1;
    bytes += request.bytes;
  }
  let traces = 0;
  for (const tenant of store.tenants) traces += tenant.traces.size;
  const { posts, patches } = store.counts;
  return {
    runs: store.runCount,
    traces,
    posts,
    patches,
    conflicts: store.recentConflicts.count,
    violations: store.recentViolations.count,
    requests: store.recentRequests.count,
    /** Of the requests that are still remembered. */
    requests_by_status: requestsByStatus,
    bytes,
  };
}
