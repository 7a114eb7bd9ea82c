import { prefixOf } from './dotted-order.ts';
import type { Findings } from './findings.ts';
import type { StoreRecord } from './record.ts';
import { Refusal } from './refusal.ts';
import { Rule } from './rules.ts';
import { isFinal, type Store } from './store.ts';
import { sessionIdOf, sessionsMax, type Tenant } from './tenant.ts';
import type { RunOperation, Upload } from './upload.ts';
import { isUuid } from './uuid.ts';
import { identityOf, validateRun } from './validate.ts';

const runsOfTraceMax = 25_000;
const defaultProject = 'default';

export interface IngestOptions {
  readonly strict: boolean;
  /** Operations per request, from `/info`. */
  readonly operationsMax: number;
  /** Decoded bytes per request, from `/info`. A single operation may be larger. */
  readonly bytesMax: number;
}

/** Who sent the request. */
export interface Sender {
  readonly tenant: Tenant;
  readonly apiKey: string;
  readonly workspaceId: string;
}

/** Validates one request's operations and stores all of them, or none. Throws the `Refusal` to answer with. */
export function ingest(upload: Upload, bytes: number, sender: Sender, store: Store, options: IngestOptions, findings: Findings): void {
  checkLimits(upload, bytes, options);
  for (const operation of upload.runs) validateRun(operation, findings);
  checkInContext(upload.runs, sender.tenant, findings);
  if (options.strict && findings.refusal !== undefined) throw findings.refusal;
  refuseRepeated(upload.runs, sender.tenant, store);
  store.commit(recordsOf(upload, sender), sender.apiKey);
}

function checkLimits(upload: Upload, bytes: number, { operationsMax, bytesMax }: IngestOptions): void {
  const operations = upload.runs.length + upload.feedback.length;
  if (operations > operationsMax) throw Refusal.unprocessable(Rule.limits, `${operations} operations, at most ${operationsMax} are taken`);
  if (bytes > bytesMax && operations > 1) throw Refusal.tooLarge(`${bytes} bytes, at most ${bytesMax} are taken`);
}

/** What only other runs can show: those stored and those of the same request. */
function checkInContext(operations: readonly RunOperation[], tenant: Tenant, findings: Findings): void {
  const posts = new Map<string, string>();
  for (const { kind, id, fields } of operations) if (kind === 'post') posts.set(id, String(fields.dotted_order ?? ''));
  const dottedOrderOf = (id: string): string | undefined => posts.get(id) ?? tenant.runs.get(id)?.dottedOrder;
  const checkPrefix = (id: string, dottedOrder: string, ancestor: string, ancestorOrder: string | undefined): void => {
    if (ancestorOrder === undefined || prefixOf(dottedOrder) === ancestorOrder) return;
    findings.should(Rule.prefixMismatch, id, `dotted_order of run ${id} does not continue the one of its parent ${ancestor}`);
  };
  for (const { kind, id, fields } of operations) {
    const sessionId = fields.session_id;
    if (isUuid(sessionId) && fields.session_name === undefined && !tenant.sessions.has(sessionId))
      findings.must(Rule.session, id, 'Tracer session not found', 404);
    const identity = identityOf(fields);
    if (kind === 'patch' && !posts.has(id) && !tenant.posted.has(id))
      findings.should(Rule.patchWithoutPost, id, `run ${id} has not been posted`);
    if (identity === undefined || kind === 'patch') continue;
    const { traceId, dottedOrder, parentRunId } = identity;
    if (parentRunId !== '') checkPrefix(id, dottedOrder, parentRunId, dottedOrderOf(parentRunId));
    const root = dottedOrderOf(traceId);
    if (root !== undefined && !dottedOrder.startsWith(root))
      findings.should(Rule.prefixMismatch, id, `dotted_order of run ${id} does not start with its root's`);
    const trace = tenant.traces.get(traceId);
    for (const child of trace?.children.get(id) ?? []) checkPrefix(child, trace?.runs.get(child)?.dottedOrder ?? '', id, dottedOrder);
    if (trace?.runs.size === runsOfTraceMax) findings.should(Rule.traceSize, id, `trace ${traceId} has more than ${runsOfTraceMax} runs`);
  }
}

/** A request that holds one operation which was taken before is refused as a whole, as LangSmith does. */
function refuseRepeated(operations: readonly RunOperation[], tenant: Tenant, store: Store): void {
  let repeated = false;
  for (const { kind, id, fields } of operations) {
    const known = kind === 'post' ? tenant.posted.has(id) : isFinal({ fields }) && tenant.patched.has(id);
    if (!known) continue;
    repeated = true;
    store.recentConflicts.add({ runId: id, kind, tenantId: tenant.id, at: Date.now() });
  }
  if (repeated) throw new Refusal(409, { error: 'Conflict: payload already received: payloads already received' });
}

function recordsOf(upload: Upload, { tenant, workspaceId }: Sender): StoreRecord[] {
  const records: StoreRecord[] = [];
  const created = new Set<string>();
  const at = Date.now();
  for (const { kind, id, fields, attachments, bytes } of upload.runs) {
    const name = typeof fields.session_name === 'string' ? fields.session_name : defaultProject;
    let sessionId = typeof fields.session_id === 'string' ? fields.session_id : tenant.sessionNamed(name)?.id;
    if (sessionId === undefined) {
      sessionId = sessionIdOf(tenant.id, name);
      if (kind === 'post' && !created.has(sessionId))
        records.push({ kind: 'session', tenant: tenant.id, id: sessionId, fields: { name, start_time: new Date(at).toISOString() } });
      created.add(sessionId);
      if (tenant.sessions.size + created.size > sessionsMax) throw Refusal.unprocessable(Rule.limits, `more than ${sessionsMax} projects`);
    }
    const attached = Array.from(attachments, ([name, { contentType, content }]) => ({
      name,
      contentType,
      base64: content.toString('base64'),
    }));
    records.push({ kind, tenant: tenant.id, workspace: workspaceId, at, id, sessionId, bytes, fields, attachments: attached });
  }
  for (const { id, fields } of upload.feedback) records.push({ kind: 'feedback', tenant: tenant.id, id, fields: { ...fields, id } });
  return records;
}
