/** The body of `/status`: the shape of the Collector's healthcheckv2extension (`http/serialization`), and `degraded`, which says what is wrong in words. */
import type { HealthReport, Trouble } from './health-report.ts';

/** States of a component, as the Collector names them. */
type Status = 'StatusStarting' | 'StatusOK' | 'StatusRecoverableError' | 'StatusStopping' | 'StatusStopped';

interface Event {
  readonly healthy: boolean;
  readonly status: Status;
  readonly error?: string;
  readonly status_time: string;
}

const statusOfState: Readonly<Record<string, Status>> = {
  starting: 'StatusStarting',
  ready: 'StatusOK',
  stopping: 'StatusStopping',
  stopped: 'StatusStopped',
};

export interface StatusOptions {
  /** Only this pipeline, e.g. `traces/audit`. */
  readonly pipeline: string | undefined;
  /** With each component. */
  readonly verbose: boolean;
  /** How long a component may be in trouble before the answer is 500; `undefined`: for ever. */
  readonly recoveryMs: number | undefined;
  readonly nowMs: number;
}

export interface StatusPage {
  readonly code: number;
  readonly body: object;
}

/** 200 also while something is degraded, 503 unless ready, 500 when trouble lasts too long; 404: there is no such pipeline. */
export function statusOf(report: HealthReport, options: StatusOptions): StatusPage {
  const { pipeline, verbose, recoveryMs, nowMs } = options;
  const components = pipeline === undefined ? undefined : report.pipelines.get(pipeline);
  if (pipeline !== undefined && !components) return { code: 404, body: { error: `there is no pipeline "${pipeline.slice(0, 100)}"` } };
  const names = components ?? [...report.pipelines.values()].flat();
  const degraded = components ? troublesOf(report, names) : [...report.degraded];
  const lasting = recoveryMs !== undefined && degraded.some(([, { sinceMs }]) => nowMs - sinceMs > recoveryMs);
  const parts = !verbose ? {} : { components: components ? partsOf(report, components) : allParts(report) };
  const body = {
    start_time: new Date(report.upSinceMs).toISOString(),
    state: report.state,
    ...eventOf(report, degraded),
    degraded: Object.fromEntries(degraded.map(([key, trouble]) => [key, described(trouble)])),
    ...parts,
  };
  return { code: !report.ready ? 503 : lasting ? 500 : 200, body };
}

/** What is wrong, for those who only ask whether it is ready. */
export function described({ sentence, facts, sinceMs }: Trouble): object {
  return { status: 'StatusRecoverableError', error: sentence, facts, since: new Date(sinceMs).toISOString() };
}

function allParts(report: HealthReport): object {
  const extensions = report.extensions.map((id) => `extension:${id}`);
  const pipelines = [...report.pipelines].map(([id, names]) => [
    `pipeline:${id}`,
    { ...eventOf(report, troublesOf(report, names)), components: partsOf(report, names) },
  ]);
  const ofExtensions = { ...eventOf(report, troublesOf(report, extensions)), components: partsOf(report, extensions) };
  return { extensions: ofExtensions, ...Object.fromEntries(pipelines) };
}

function partsOf(report: HealthReport, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, eventOf(report, troublesOf(report, [name]))]));
}

function eventOf({ ready, state, upSinceMs }: HealthReport, troubles: readonly (readonly [string, Trouble])[]): Event {
  const [first] = troubles;
  const status = statusOfState[state] ?? 'StatusStopped';
  if (!first || status !== 'StatusOK')
    return { healthy: ready && status === 'StatusOK', status, status_time: new Date(upSinceMs).toISOString() };
  const [, { sentence, sinceMs }] = first;
  return { healthy: false, status: 'StatusRecoverableError', error: sentence, status_time: new Date(sinceMs).toISOString() };
}

/** A key is the id of a component, or starts with it; of several that fit, the longest id counts. */
function troublesOf({ degraded, pipelines, extensions }: HealthReport, names: readonly string[]): (readonly [string, Trouble])[] {
  const all = [...[...pipelines.values()].flat().map(idOf), ...extensions];
  const wanted = new Set(names.map(idOf));
  return [...degraded].filter(([key]) => wanted.has(componentOf(key, all)));
}

/** The component that a degraded state belongs to (`langsmith/acme/upload/2` → `langsmith/acme`); the key itself if there is none. */
export function componentOf(key: string, ids: Iterable<string>): string {
  let best = '';
  for (const id of ids) if (id.length > best.length && (key === id || key.startsWith(`${id}/`))) best = id;
  return best === '' ? key : best;
}

function idOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
