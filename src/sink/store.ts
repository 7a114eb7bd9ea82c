import { microsOf } from './dotted-order.ts';
import { RecentList } from './recent-list.ts';
import type { RunRecord, StoreRecord } from './record.ts';
import type { RecordLog } from './record-log.ts';
import { Refusal, type Violation } from './refusal.ts';
import type { RequestEntry } from './request-entry.ts';
import { type StoredRun, Tenant, tenantIdOf } from './tenant.ts';
import type { StoredAttachment } from './upload.ts';

/** An operation that had been taken before: what a retry after a lost answer leaves behind. */
export interface Conflict {
  readonly runId: string;
  readonly kind: 'post' | 'patch';
  readonly tenantId: string;
  readonly at: number;
}

export interface StoreLimits {
  /** Runs held in memory, over all tenants; the oldest goes first. */
  readonly runsMax: number;
  /** Sum of what was sent for the runs in memory. */
  readonly bytesMax: number;
  /** Run ids per tenant that a repeated operation is recognised by. */
  readonly idsMax: number;
  readonly tenantsMax: number;
  readonly feedbackMax: number;
}

/**
 * The sink's state: tenants with their runs, traces, projects and feedback in memory, and an optional log of records on disk.
 * A change is first a record, then applied; a restart applies the records of the log again. Memory is bounded, so old runs fall out of it
 * although the log still has them.
 */
export class Store {
  readonly #limits: StoreLimits;
  readonly #log: RecordLog | undefined;
  #tenants = new Map<string, Tenant>();
  /** Every run in memory, oldest first. */
  #order = new Map<string, StoredRun>();
  #bytes = 0;
  #counts = { posts: 0, patches: 0 };
  readonly recentViolations = new RecentList<Violation>(10_000);
  readonly recentConflicts = new RecentList<Conflict>(10_000);
  readonly recentRequests = new RecentList<RequestEntry>(10_000);

  constructor(limits: StoreLimits, log: RecordLog | undefined) {
    this.#limits = limits;
    this.#log = log;
    for (const record of log?.read() ?? []) this.#apply(record, '');
  }

  tenantOf(apiKey: string, workspaceId: string): Tenant {
    return this.#tenant(tenantIdOf(apiKey, workspaceId));
  }

  get tenants(): Iterable<Tenant> {
    return this.#tenants.values();
  }

  /** Writes the records and applies them: all or, where writing fails, none. */
  commit(records: readonly StoreRecord[], apiKey = ''): void {
    if (records.length === 0) return;
    this.#log?.append(records.map((record) => JSON.stringify(record)));
    for (const record of records) this.#apply(record, apiKey);
  }

  /** Operations that are only counted (`store: 'count'`). */
  count(posts: number, patches: number): void {
    this.#counts.posts += posts;
    this.#counts.patches += patches;
  }

  get counts(): { readonly posts: number; readonly patches: number } {
    return this.#counts;
  }

  get runCount(): number {
    return this.#order.size;
  }

  /** All runs in memory, oldest first; or those of one tenant. */
  runs(tenantId?: string): StoredRun[] {
    return Array.from(this.#order.values()).filter((run) => tenantId === undefined || run.tenantId === tenantId);
  }

  /** The run of this id; of whichever tenant has one, if none is named. */
  run(id: string, tenantId?: string): StoredRun | undefined {
    if (tenantId !== undefined) return this.#tenants.get(tenantId)?.runs.get(id);
    for (const tenant of this.#tenants.values()) {
      const run = tenant.runs.get(id);
      if (run !== undefined) return run;
    }
    return undefined;
  }

  /** Runs whose parent has not come. */
  orphans(): StoredRun[] {
    return this.runs().filter((run) => run.parentRunId !== '' && this.run(run.parentRunId, run.tenantId) === undefined);
  }

  violations(): readonly Violation[] {
    return this.recentViolations.list;
  }

  conflicts(): readonly Conflict[] {
    return this.recentConflicts.list;
  }

  requests(): readonly RequestEntry[] {
    return this.recentRequests.list;
  }

  /** Forgets everything, on disk too. */
  clear(): void {
    this.#log?.clear();
    this.#tenants = new Map();
    this.#order = new Map();
    this.#bytes = 0;
    this.#counts = { posts: 0, patches: 0 };
    for (const list of [this.recentViolations, this.recentConflicts, this.recentRequests]) list.clear();
  }

  close(): void {
    this.#log?.close();
  }

  #tenant(id: string): Tenant {
    let tenant = this.#tenants.get(id);
    if (tenant === undefined) {
      if (this.#tenants.size >= this.#limits.tenantsMax) throw new Refusal(403, { error: 'Forbidden: too many workspaces' });
      tenant = new Tenant(id, this.#limits.idsMax);
      this.#tenants.set(id, tenant);
    }
    return tenant;
  }

  #apply(record: StoreRecord, apiKey: string): void {
    const tenant = this.#tenant(record.tenant);
    switch (record.kind) {
      case 'post':
      case 'patch':
        this.#applyRun(record, tenant, apiKey);
        break;
      case 'feedback':
        tenant.putFeedback({ id: record.id, fields: record.fields });
        if (tenant.feedback.size > this.#limits.feedbackMax) tenant.removeFeedback(tenant.feedback.keys().next().value as string);
        break;
      case 'session':
        tenant.putSession({ id: record.id, fields: record.fields });
        break;
      case 'delete_feedback':
        tenant.removeFeedback(record.id);
        break;
      case 'delete_session':
        this.#deleteSession(record.id, tenant);
        break;
    }
  }

  #applyRun(record: RunRecord, tenant: Tenant, apiKey: string): void {
    const known = tenant.runs.get(record.id);
    const run = mergedRun(record, known, apiKey);
    if (known !== undefined) this.#forget(known);
    this.#order.set(`${tenant.id}/${run.id}`, run);
    this.#bytes += run.bytes;
    tenant.put(run);
    if (record.kind === 'post') {
      tenant.posted.add(record.id);
      this.#counts.posts += 1;
    } else {
      if (isFinal(record)) tenant.patched.add(record.id);
      this.#counts.patches += 1;
    }
    while (this.#order.size > this.#limits.runsMax || this.#bytes > this.#limits.bytesMax)
      this.#forget(this.#order.values().next().value as StoredRun);
  }

  #forget(run: StoredRun): void {
    this.#order.delete(`${run.tenantId}/${run.id}`);
    this.#bytes -= run.bytes;
    this.#tenants.get(run.tenantId)?.remove(run);
  }

  /** Its runs go, too; and may be posted again. */
  #deleteSession(id: string, tenant: Tenant): void {
    tenant.removeSession(id);
    for (const run of [...tenant.runs.values()]) {
      if (run.sessionId !== id) continue;
      this.#forget(run);
      tenant.posted.delete(run.id);
      tenant.patched.delete(run.id);
    }
  }
}

/** A patch that ends its run: only one of them is taken. */
export function isFinal(operation: { readonly fields: RunRecord['fields'] }): boolean {
  return operation.fields.end_time !== undefined || operation.fields.outputs !== undefined;
}

/** Members of a patch replace those of the post, whichever of the two comes first. */
function mergedRun(record: RunRecord, known: StoredRun | undefined, apiKey: string): StoredRun {
  const fields = record.kind === 'patch' ? { ...known?.fields, ...record.fields } : { ...record.fields, ...known?.fields };
  const attachments = new Map<string, StoredAttachment>(known?.attachments);
  for (const { name, contentType, base64 } of record.attachments)
    attachments.set(name, { contentType, content: Buffer.from(base64, 'base64') });
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  return {
    id: record.id,
    traceId: text('trace_id'),
    tenantId: record.tenant,
    dottedOrder: text('dotted_order'),
    parentRunId: text('parent_run_id'),
    sessionId: record.kind === 'patch' ? (known?.sessionId ?? record.sessionId) : record.sessionId,
    fields,
    attachments,
    posted: record.kind === 'post' || (known?.posted ?? false),
    startMicros: microsOf(fields.start_time) ?? 0,
    bytes: record.bytes + (known?.bytes ?? 0),
    receivedAtMs: known?.receivedAtMs ?? record.at,
    apiKey: apiKey === '' ? (known?.apiKey ?? '') : apiKey,
    workspaceId: record.workspace,
  };
}
