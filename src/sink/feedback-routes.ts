import { randomUUID } from 'node:crypto';
import { type Exchange, findVisible, numberOf, ok, param, type Route, visibleTenants } from './exchange.ts';
import { parseObject } from './read-batch.ts';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';
import type { Feedback, Tenant } from './tenant.ts';
import { type Fields, isObject } from './upload.ts';
import { isUuid } from './uuid.ts';

/** Feedback on runs (langsmith-ingest §3.10). */
export function feedbackRoutes(store: Store): readonly Route[] {
  const put = (tenant: Tenant, id: string, fields: Fields): Fields => {
    store.commit([{ kind: 'feedback', tenant: tenant.id, id, fields }]);
    return fields;
  };
  return [
    ['get', '/feedback', (exchange) => ok(list(exchange, store))],
    ['get', '/feedback/:id', (exchange) => ok(findFeedback(exchange, store)[1].fields)],
    [
      'post',
      '/feedback',
      (exchange) => {
        const tenant = store.tenantOf(exchange.apiKey, exchange.workspaceId);
        const fields = checked(parseObject(exchange.body));
        // Clients wait for a run that has not come yet by repeating a 404.
        if (typeof fields.run_id === 'string' && !tenant.runs.has(fields.run_id)) throw Refusal.notFound('Run');
        const id = isUuid(fields.id) ? fields.id : randomUUID();
        const at = new Date().toISOString();
        return ok(
          put(tenant, id, {
            run_id: null,
            score: null,
            value: null,
            comment: null,
            correction: null,
            ...fields,
            id,
            created_at: at,
            modified_at: at,
          }),
        );
      },
    ],
    [
      'patch',
      '/feedback/:id',
      (exchange) => {
        const [tenant, known] = findFeedback(exchange, store);
        const changes = parseObject(exchange.body);
        return ok(put(tenant, known.id, { ...known.fields, ...changes, id: known.id, modified_at: new Date().toISOString() }));
      },
    ],
    [
      'delete',
      '/feedback/:id',
      (exchange) => {
        const [tenant, known] = findFeedback(exchange, store);
        store.commit([{ kind: 'delete_feedback', tenant: tenant.id, id: known.id }]);
        return { status: 204, body: undefined };
      },
    ],
  ];
}

function checked(fields: Fields): Fields {
  if (typeof fields.key !== 'string' || fields.key === '') throw new Refusal(422, { detail: 'key is required' });
  if (fields.run_id != null && !isUuid(fields.run_id)) throw new Refusal(422, { detail: 'run_id is not a UUID' });
  return fields;
}

function findFeedback(exchange: Exchange, store: Store): [Tenant, Feedback] {
  return findVisible(exchange, store, 'Feedback', ({ feedback }) => feedback.get(param(exchange, 'id')));
}

function list(exchange: Exchange, store: Store): Fields[] {
  const { query } = exchange;
  const [runs, keys, sources] = [query.getAll('run'), query.getAll('key'), query.getAll('source')];
  const among = (wanted: readonly string[], value: unknown): boolean => wanted.length === 0 || wanted.includes(String(value));
  const found: Fields[] = [];
  for (const { feedback } of visibleTenants(exchange, store)) {
    for (const { fields } of feedback.values()) {
      const source = isObject(fields.feedback_source) ? fields.feedback_source.type : undefined;
      if (among(runs, fields.run_id) && among(keys, fields.key) && among(sources, source)) found.push(fields);
    }
  }
  const offset = numberOf(query, 'offset', 0, Number.MAX_SAFE_INTEGER);
  return found.slice(offset, offset + numberOf(query, 'limit', 100, 100));
}
