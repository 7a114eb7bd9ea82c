import { microsOf } from './dotted-order.ts';
import { type Exchange, findVisible, numberOf, ok, param, type Route, visibleTenants } from './exchange.ts';
import { parseObject } from './read-batch.ts';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';
import { type Session, type StoredRun, sessionIdOf, sessionsMax, type Tenant } from './tenant.ts';
import { isUuid } from './uuid.ts';

/** Tracing projects, which the API calls sessions. */
export function sessionRoutes(store: Store): readonly Route[] {
  return [
    ['get', '/sessions', (exchange) => ok(list(exchange, store))],
    [
      'get',
      '/sessions/:id',
      (exchange) => {
        const [tenant, session] = findSession(exchange, store);
        return ok(view(session, tenant, exchange.query.get('include_stats') !== 'false'));
      },
    ],
    ['post', '/sessions', (exchange) => ok(create(exchange, store))],
    [
      'patch',
      '/sessions/:id',
      (exchange) => {
        const [tenant, session] = findSession(exchange, store);
        const changes = Object.fromEntries(Object.entries(parseObject(exchange.body)).filter(([, value]) => value !== null));
        const name = typeof changes.name === 'string' ? changes.name : session.fields.name;
        store.commit([{ kind: 'session', tenant: tenant.id, id: session.id, fields: { ...session.fields, ...changes, name } }]);
        return ok(view(tenant.sessions.get(session.id) as Session, tenant, false));
      },
    ],
    [
      'delete',
      '/sessions/:id',
      (exchange) => {
        const [tenant, session] = findSession(exchange, store);
        store.commit([{ kind: 'delete_session', tenant: tenant.id, id: session.id }]);
        return { status: 202, body: {} };
      },
    ],
  ];
}

function findSession(exchange: Exchange, store: Store): [Tenant, Session] {
  return findVisible(exchange, store, 'Tracer session', ({ sessions }) => sessions.get(param(exchange, 'id')));
}

function list(exchange: Exchange, store: Store): Record<string, unknown>[] {
  const { query } = exchange;
  const [name, contains, ids] = [query.get('name'), query.get('name_contains')?.toLowerCase(), query.getAll('id')];
  const withStats = query.get('include_stats') !== 'false';
  const found: [Tenant, Session][] = [];
  for (const tenant of visibleTenants(exchange, store)) {
    for (const session of tenant.sessions.values()) {
      if (name !== null && session.fields.name !== name) continue;
      if (contains !== undefined && !session.fields.name.toLowerCase().includes(contains)) continue;
      if (ids.length > 0 && !ids.includes(session.id)) continue;
      found.push([tenant, session]);
    }
  }
  const offset = numberOf(query, 'offset', 0, Number.MAX_SAFE_INTEGER);
  const page = found.reverse().slice(offset, offset + numberOf(query, 'limit', 100, 100));
  return page.map(([tenant, session]) => view(session, tenant, withStats));
}

function create(exchange: Exchange, store: Store): Record<string, unknown> {
  const tenant = store.tenantOf(exchange.apiKey, exchange.workspaceId);
  const fields = Object.fromEntries(Object.entries(parseObject(exchange.body)).filter(([, value]) => value !== null));
  const name = fields.name;
  if (typeof name !== 'string' || name === '') throw new Refusal(422, { detail: 'name is required' });
  const known = tenant.sessionNamed(name);
  if (known !== undefined && exchange.query.get('upsert') !== 'true') throw new Refusal(409, { detail: 'Session already exists.' });
  if (known === undefined && tenant.sessions.size >= sessionsMax) throw new Refusal(422, { detail: `more than ${sessionsMax} projects` });
  const id = known?.id ?? (isUuid(fields.id) ? fields.id : sessionIdOf(tenant.id, name));
  const startTime = new Date().toISOString();
  store.commit([{ kind: 'session', tenant: tenant.id, id, fields: { start_time: startTime, ...known?.fields, ...fields, name } }]);
  return view(tenant.sessions.get(id) as Session, tenant, false);
}

/** A `TracerSession`: some of its members must be there even where they are null. */
function view(session: Session, tenant: Tenant, withStats: boolean): Record<string, unknown> {
  const base = {
    description: null,
    reference_dataset_id: null,
    end_time: null,
    extra: {},
    ...session.fields,
    id: session.id,
    tenant_id: tenant.id,
  };
  return withStats ? { ...base, ...statsOf(session.id, tenant) } : base;
}

function statsOf(sessionId: string, tenant: Tenant): Record<string, unknown> {
  let [runs, roots, errors] = [0, 0, 0];
  let last: StoredRun | undefined;
  for (const run of tenant.runs.values()) {
    if (run.sessionId !== sessionId) continue;
    runs += 1;
    if (run.parentRunId !== '') continue;
    roots += 1;
    if (run.fields.error !== undefined) errors += 1;
    if (last === undefined || run.startMicros > last.startMicros) last = run;
  }
  const lastStart = last === undefined ? null : (microsOf(last.fields.start_time) ?? 0) / 1000;
  return {
    run_count: roots,
    total_run_count: runs,
    error_rate: roots === 0 ? 0 : errors / roots,
    last_run_start_time: lastStart === null ? null : new Date(lastStart).toISOString(),
  };
}
