/** The page reads by the same API as every client. A sink that wants a key is asked again with the one that the user gives; it stays in this tab. */
const storageKey = 'spanway-sink-key';

export class KeyNeeded extends Error {}

export function setKey(key) {
  sessionStorage.setItem(storageKey, key);
}

async function call(path, method = 'GET', body = undefined) {
  const headers = {};
  const key = sessionStorage.getItem(storageKey);
  if (key) headers['x-api-key'] = key;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (response.status === 401) throw new KeyNeeded();
  if (!response.ok) throw new Error(`The sink answered ${response.status}.`);
  return response.json();
}

const traceFields = [
  'id',
  'trace_id',
  'session_id',
  'name',
  'run_type',
  'status',
  'start_time',
  'end_time',
  'total_tokens',
  'total_cost',
  'extra',
  'error',
  'inputs',
  'tags',
];
const treeFields = [
  'id',
  'trace_id',
  'parent_run_id',
  'dotted_order',
  'name',
  'run_type',
  'status',
  'start_time',
  'end_time',
  'total_tokens',
];

/** Most rows of a tree that are drawn. */
export const treeMax = 3_000;

export const stats = () => call('/sink/stats');
export const violations = () => call('/sink/violations');
export const projects = () => call('/sessions?limit=100');
export const run = (id) => call(`/runs/${encodeURIComponent(id)}`);

export function traces({ project, search, errorsOnly, limit }) {
  const query = { is_root: true, select: traceFields, limit: Math.min(limit, 100) };
  if (project) query.session = [project];
  if (search) query.query = search;
  if (errorsOnly) query.error = true;
  return pages(query, limit);
}

export function tree(traceId) {
  return pages({ trace: traceId, order: 'asc', select: treeFields }, treeMax);
}

async function pages(query, max) {
  const runs = [];
  let cursor = null;
  do {
    const page = await call('/runs/query', 'POST', { ...query, cursor });
    runs.push(...page.runs);
    cursor = page.cursors.next;
  } while (cursor !== null && runs.length < max);
  return { runs, more: cursor !== null };
}
