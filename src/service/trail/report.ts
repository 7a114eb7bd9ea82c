/** From what is known of single spans to their fates. Pure, and additive: reports of several replicas merge into one. */
import { runIdOfSpan } from '../../model/ids.ts';
import type { Sighting, TrailEvent } from '../../model/trail.ts';

export interface Step {
  readonly at: string;
  readonly event: TrailEvent;
  readonly component: string;
  readonly text: string;
}

/** In short: `in_batch` = sealed and not delivered yet; `stored` = in an inbox, or so long ago that the journal has forgotten it. */
export type Fate = 'delivered' | 'dead_letter' | 'in_batch' | 'waiting' | 'left_out' | 'refused' | 'stored' | 'received' | 'unknown';

export interface SpanReport {
  readonly traceId: string;
  readonly spanId: string;
  readonly runId: string;
  readonly parentSpanId: string;
  readonly project: string;
  readonly fate: Fate;
  readonly steps: readonly Step[];
}

export interface WhyReport {
  readonly query: string;
  readonly spans: readonly SpanReport[];
  /** What was received before is not remembered; the journal is asked in any case. */
  readonly remembers: { readonly since: string; readonly rows: number; readonly rowsMax: number; readonly processes: number };
  /** States of the gateway that may be the reason of a wait. */
  readonly degraded: readonly string[];
}

export function spanReports(sightings: readonly Sighting[]): SpanReport[] {
  const byRun = new Map<string, Sighting>();
  for (const one of sightings) if (one.spanId !== '' && one.traceId !== '' && one.runId !== '') byRun.set(one.runId, one);
  for (const one of sightings) {
    const runId = one.spanId === '' ? '' : runIdOfSpan(one.spanId);
    if (one.traceId !== '' && runId !== '' && !byRun.has(runId)) byRun.set(runId, { ...one, runId });
  }
  const groups = new Map<string, Sighting[]>();
  for (const sighting of sightings) {
    const { traceId, spanId } = sighting.spanId === '' ? (byRun.get(sighting.runId) ?? sighting) : sighting;
    const one = { ...sighting, traceId, spanId };
    const key = spanId === '' ? one.runId : `${traceId}/${spanId}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  const spanOfRun = (runId: string): string => byRun.get(runId)?.spanId ?? '';
  return [...groups.values()].map((group) => spanReport(group, spanOfRun));
}

function spanReport(group: readonly Sighting[], spanOfRun: (runId: string) => string): SpanReport {
  const told = (field: 'traceId' | 'spanId' | 'runId' | 'parentSpanId' | 'parentRunId' | 'project'): string =>
    group.find((one) => one[field] !== '')?.[field] ?? '';
  const steps = group.map(({ atMs, event, component, text }) => ({ at: new Date(atMs).toISOString(), event, component, text }));
  return {
    traceId: told('traceId'),
    spanId: told('spanId'),
    runId: told('runId'),
    parentSpanId: told('parentSpanId') || spanOfRun(told('parentRunId')),
    project: told('project'),
    ...stepsAndFate(steps),
  };
}

function stepsAndFate(steps: readonly Step[]): Pick<SpanReport, 'fate' | 'steps'> {
  const sorted = sortedSteps(steps);
  return { fate: fateOf(sorted), steps: sorted };
}

/** In order of time, each once: what several processes read in the same journal is one step. */
function sortedSteps(steps: readonly Step[]): Step[] {
  const unique = new Map(steps.map((step) => [`${step.at} ${step.event} ${step.component} ${step.text}`, step]));
  return [...unique.values()].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

/** What the journal holds now counts first; what happened last, then. */
export function fateOf(steps: readonly Step[]): Fate {
  const has = (event: TrailEvent): boolean => steps.some((step) => step.event === event);
  const last = (...events: TrailEvent[]): TrailEvent | undefined => steps.findLast(({ event }) => events.includes(event))?.event;
  if (has('dead_letter')) return 'dead_letter';
  if (has('in_batch')) return 'in_batch';
  const settled = last('delivered', 'dead_lettered');
  if (settled !== undefined) return settled === 'delivered' ? 'delivered' : 'dead_letter';
  if (has('sealed')) return 'delivered';
  if (has('waiting')) return 'waiting';
  switch (last('received', 'stored', 'refused', 'left_out')) {
    case 'left_out':
      return 'left_out';
    case 'refused':
      return 'refused';
    case 'stored':
      return 'stored';
    case 'received':
      return 'received';
    default:
      return 'unknown';
  }
}

/** What several replicas say of the same trace, as one. */
export function merged(reports: readonly WhyReport[]): WhyReport {
  const spans = new Map<string, SpanReport>();
  for (const one of reports.flatMap((report) => report.spans)) {
    const key = one.spanId === '' ? one.runId : `${one.traceId}/${one.spanId}`;
    const known = spans.get(key);
    spans.set(key, known ? mergedSpan(known, one) : one);
  }
  const remembered = reports.map(({ remembers }) => remembers);
  return {
    query: reports[0]?.query ?? '',
    spans: [...spans.values()],
    remembers: {
      since:
        remembered
          .map(({ since }) => since)
          .sort()
          .at(-1) ?? '',
      rows: sum(remembered.map(({ rows }) => rows)),
      rowsMax: sum(remembered.map(({ rowsMax }) => rowsMax)),
      processes: sum(remembered.map(({ processes }) => processes)),
    },
    degraded: [...new Set(reports.flatMap(({ degraded }) => degraded))],
  };
}

function mergedSpan(one: SpanReport, other: SpanReport): SpanReport {
  return {
    traceId: one.traceId || other.traceId,
    spanId: one.spanId || other.spanId,
    runId: one.runId || other.runId,
    parentSpanId: one.parentSpanId || other.parentSpanId,
    project: one.project || other.project,
    ...stepsAndFate([...one.steps, ...other.steps]),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
