import { checkDottedOrder, checkStartTime, type Identity, microsOf } from './dotted-order.ts';
import type { Findings } from './findings.ts';
import { Rule } from './rules.ts';
import { type Fields, isObject, type RunOperation } from './upload.ts';
import { isUuid } from './uuid.ts';

const runTypes = new Set(['tool', 'chain', 'llm', 'retriever', 'embedding', 'prompt', 'parser']);
const objectFields = ['inputs', 'outputs', 'extra', 'serialized'];

/** Everything that one operation's own fields can show. `checkInContext` does the rest, which needs other runs. */
export function validateRun(operation: RunOperation, findings: Findings): void {
  const { id, kind, fields } = operation;
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) findings.should(Rule.nullMember, id, `${name} is null`);
  }
  checkTypes(id, fields, findings);
  checkSession(operation, findings);
  if (kind === 'post') checkCreate(id, fields, findings);
  const identity = identityOf(fields);
  if (identity === undefined) {
    const action = kind === 'post' ? 'create' : 'update';
    findings.must(Rule.identityMissing, id, `trace_id and dotted_order must be set in ${action} dicts for run_id:${id}`, 400);
  } else if (checkDottedOrder(identity, findings)) {
    checkStartTime(identity, fields.start_time, findings);
  }
}

/** The members that say where a run stands; `undefined` unless all that must be there are texts. */
export function identityOf(fields: Fields): Identity | undefined {
  const { id, trace_id: traceId, dotted_order: dottedOrder, parent_run_id: parentRunId } = fields as Readonly<Record<string, unknown>>;
  if (!isUuid(id) || !isUuid(traceId) || typeof dottedOrder !== 'string') return undefined;
  return { id, traceId, dottedOrder, parentRunId: isUuid(parentRunId) ? parentRunId : '' };
}

function checkTypes(id: string, fields: Fields, findings: Findings): void {
  const wrong = (field: string, wanted: string): void => findings.must(Rule.fieldType, id, `${field} of run ${id} is not ${wanted}`);
  const has = (field: string): boolean => fields[field] !== undefined && fields[field] !== null;
  for (const field of objectFields) if (has(field) && !isObject(fields[field])) wrong(field, 'an object');
  if (isObject(fields.extra) && fields.extra.metadata != null && !isObject(fields.extra.metadata)) wrong('extra.metadata', 'an object');
  if (has('events') && !isEvents(fields.events)) wrong('events', 'an array of objects');
  for (const field of ['error', 'name', 'status']) if (has(field) && typeof fields[field] !== 'string') wrong(field, 'a string');
  if (has('tags') && !isTexts(fields.tags)) wrong('tags', 'an array of strings');
  for (const field of ['start_time', 'end_time']) if (has(field) && microsOf(fields[field]) === undefined) wrong(field, 'a time');
  for (const field of ['parent_run_id', 'trace_id', 'reference_example_id'])
    if (has(field) && !isUuid(fields[field])) wrong(field, 'a UUID');
}

function checkCreate(id: string, fields: Fields, findings: Findings): void {
  if (fields.name === undefined) findings.must(Rule.identityMissing, id, `name is required for run_id:${id}`);
  if (microsOf(fields.start_time) === undefined) findings.must(Rule.identityMissing, id, `start_time is required for run_id:${id}`);
  const runType = fields.run_type;
  if (typeof runType !== 'string' || !runTypes.has(runType)) {
    findings.must(Rule.runType, id, `run_type of run ${id} must be one of ${[...runTypes].join(', ')}`);
  }
}

function checkSession({ id, kind, fields }: RunOperation, findings: Findings): void {
  const name = fields.session_name ?? undefined;
  const sessionId = fields.session_id ?? undefined;
  const oneOf = 'Must validate one and only one schema (oneOf)';
  if (name !== undefined && sessionId !== undefined) findings.must(Rule.session, id, `batch schema error ${kind}.session_name: ${oneOf}`);
  else if (sessionId !== undefined && !isUuid(sessionId))
    findings.must(Rule.session, id, `batch schema error ${kind}.session_id: ${oneOf}`);
  else if (name !== undefined && (typeof name !== 'string' || name === ''))
    findings.must(Rule.session, id, `batch schema error ${kind}.session_name: ${oneOf}`);
  else if (name === undefined && sessionId === undefined && kind === 'post')
    findings.should(Rule.session, id, 'neither session_name nor session_id is set');
}

function isEvents(value: unknown): boolean {
  return Array.isArray(value) && value.every((event) => isObject(event));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
