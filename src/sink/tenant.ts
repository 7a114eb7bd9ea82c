import { RecentIds } from './recent-ids.ts';
import type { Fields, StoredAttachment } from './upload.ts';
import { uuidOfName } from './uuid.ts';

/** Most projects of one workspace. */
export const sessionsMax = 10_000;

/** A tracing project. */
export interface Session {
  readonly id: string;
  readonly fields: Fields & { readonly name: string };
}

/** A run as it was sent: its post, with a patch laid over it. */
export interface StoredRun {
  readonly id: string;
  readonly traceId: string;
  readonly tenantId: string;
  readonly dottedOrder: string;
  /** '' for a root. */
  readonly parentRunId: string;
  readonly sessionId: string;
  readonly fields: Fields;
  readonly attachments: ReadonlyMap<string, StoredAttachment>;
  /** False while only a patch has come. */
  readonly posted: boolean;
  readonly startMicros: number;
  readonly bytes: number;
  readonly receivedAtMs: number;
  /** What the request that delivered it carried. The key is '' after a restart, since it is not stored. */
  readonly apiKey: string;
  readonly workspaceId: string;
}

export interface Feedback {
  readonly id: string;
  readonly fields: Fields;
}

export interface Trace {
  readonly id: string;
  readonly runs: Map<string, StoredRun>;
  /** Ids of the runs that name this run as their parent. */
  readonly children: Map<string, Set<string>>;
}

/** Everything of one workspace. Whoever reads with its key sees this and nothing else. */
export class Tenant {
  readonly id: string;
  readonly runs = new Map<string, StoredRun>();
  readonly traces = new Map<string, Trace>();
  readonly sessions = new Map<string, Session>();
  readonly #sessionIds = new Map<string, string>();
  readonly feedback = new Map<string, Feedback>();
  readonly #feedbackByRun = new Map<unknown, Set<string>>();
  /** Operations taken before, by run id: each is taken once. */
  readonly posted: RecentIds;
  readonly patched: RecentIds;

  constructor(id: string, idsMax: number) {
    this.id = id;
    this.posted = new RecentIds(idsMax);
    this.patched = new RecentIds(idsMax);
  }

  put(run: StoredRun): void {
    let trace = this.traces.get(run.traceId);
    if (trace === undefined) {
      trace = { id: run.traceId, runs: new Map(), children: new Map() };
      this.traces.set(run.traceId, trace);
    }
    trace.runs.set(run.id, run);
    this.runs.set(run.id, run);
    if (run.parentRunId === '') return;
    const siblings = trace.children.get(run.parentRunId);
    if (siblings === undefined) trace.children.set(run.parentRunId, new Set([run.id]));
    else siblings.add(run.id);
  }

  remove(run: StoredRun): void {
    this.runs.delete(run.id);
    const trace = this.traces.get(run.traceId);
    if (trace === undefined) return;
    trace.runs.delete(run.id);
    trace.children.get(run.parentRunId)?.delete(run.id);
    if (trace.runs.size === 0) this.traces.delete(run.traceId);
  }

  putFeedback(feedback: Feedback): void {
    this.removeFeedback(feedback.id);
    this.feedback.set(feedback.id, feedback);
    const { run_id: runId } = feedback.fields;
    const ids = this.#feedbackByRun.get(runId);
    if (ids === undefined) this.#feedbackByRun.set(runId, new Set([feedback.id]));
    else ids.add(feedback.id);
  }

  removeFeedback(id: string): void {
    const runId = this.feedback.get(id)?.fields.run_id;
    const ids = this.#feedbackByRun.get(runId);
    if (ids?.delete(id) && ids.size === 0) this.#feedbackByRun.delete(runId);
    this.feedback.delete(id);
  }

  feedbackOn(runId: string): Feedback[] {
    return Array.from(this.#feedbackByRun.get(runId) ?? [], (id) => this.feedback.get(id) as Feedback);
  }

  sessionNamed(name: string): Session | undefined {
    return this.sessions.get(this.#sessionIds.get(name) ?? '');
  }

  putSession(session: Session): void {
    this.removeSession(session.id);
    this.sessions.set(session.id, session);
    this.#sessionIds.set(session.fields.name, session.id);
  }

  removeSession(id: string): void {
    const known = this.sessions.get(id);
    if (known === undefined) return;
    this.sessions.delete(id);
    this.#sessionIds.delete(known.fields.name);
  }
}

/** A workspace is the one that the request names, else the key's own. */
export function tenantIdOf(apiKey: string, workspaceId: string): string {
  return workspaceId === '' ? uuidOfName(`key:${apiKey}`) : uuidOfName(`workspace:${workspaceId}`);
}

/** Id of the project that is created by its first run. */
export function sessionIdOf(tenantId: string, name: string): string {
  return uuidOfName(`project:${tenantId}:${name}`);
}
