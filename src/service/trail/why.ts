/** What became of the spans of a trace: the rows of all processes of this gateway and the journals, put together. */
import { TraceDesk } from '../../exporters/langsmith/trace-desk.ts';
import type { Journal } from '../../journal/journal.ts';
import { Fault } from '../../model/fault.ts';
import { runIdOfSpan, uuidOrNone } from '../../model/ids.ts';
import type { Sighting } from '../../model/trail.ts';
import { spanReports, type WhyReport } from './report.ts';
import type { Reach } from './trail-log.ts';

/** What a process is asked for. */
export interface TrailQuestion {
  readonly traceIds: readonly string[];
  readonly runIds: readonly string[];
}

export interface TrailAnswer {
  readonly sightings: readonly Sighting[];
  readonly reach: Reach;
}

export interface WhySources {
  /** One answer per process. */
  readonly trails: (question: TrailQuestion) => Promise<readonly TrailAnswer[]>;
  /** Journals of exporters that assemble traces, by exporter. */
  readonly journals: () => Iterable<readonly [exporter: string, journal: Journal]>;
  readonly degraded: () => readonly string[];
}

const traceId = /^[0-9a-f]{32}$/;
const sightingsMax = 50_000;

/** `id`: a trace id in hex, or LangSmith's UUID of a trace or run. Rejects with `GW_CONFIG_INVALID` if it is neither. */
export async function why(id: string, sources: WhySources): Promise<WhyReport> {
  const query = id.toLowerCase();
  const uuid = uuidOrNone(query);
  if (uuid === '' && !traceId.test(query))
    throw new Fault('GW_CONFIG_INVALID', `cannot look up the id: it is neither a trace id of 32 hex digits nor a UUID`);
  const desks = [...sources.journals()].map(([exporter, journal]) => new TraceDesk(journal, exporter));
  const traceIds = await tracesOf(query, uuid, sources, desks);
  const heard = await sources.trails({ traceIds: [...traceIds], runIds: [] });
  const told = heard.flatMap(({ sightings }) => sightings);
  const known = [...told, ...(await askJournals(desks, traceIds, runsOf(told, uuid)))];
  // Who delivered a run knows its id only.
  const settled = await sources.trails({ traceIds: [], runIds: [...runsOf(known, uuid)] });
  const sightings = [...known, ...settled.flatMap((answer) => answer.sightings.filter(({ traceId: of }) => of === ''))];
  const reaches = heard.map(({ reach }) => reach);
  return {
    query,
    spans: spanReports(sightings.slice(0, sightingsMax)),
    remembers: {
      since: new Date(Math.max(0, ...reaches.map(({ sinceMs }) => sinceMs))).toISOString(),
      rows: reaches.reduce((sum, { rows }) => sum + rows, 0),
      rowsMax: reaches.reduce((sum, { rowsMax }) => sum + rowsMax, 0),
      processes: reaches.length,
    },
    degraded: sources.degraded(),
  };
}

/** A UUID may be a trace's own id, a run's, or that of the run at a trace's root. */
async function tracesOf(query: string, uuid: string, { trails }: WhySources, desks: readonly TraceDesk[]): Promise<ReadonlySet<string>> {
  if (uuid === '') return new Set([query]);
  const found = new Set([uuid.replaceAll('-', '')]);
  const answers = await trails({ traceIds: [], runIds: [uuid] });
  for (const { sightings } of answers) for (const { traceId: of } of sightings) if (of !== '') found.add(of);
  if (found.size === 1) for (const desk of desks) for (const of of await desk.tracesOf(uuid)) found.add(of);
  return found;
}

function runsOf(sightings: readonly Sighting[], uuid: string): ReadonlySet<string> {
  const runs = new Set(uuid === '' ? [] : [uuid]);
  for (const { runId, spanId } of sightings) {
    if (runId !== '') runs.add(runId);
    else if (spanId !== '') runs.add(runIdOfSpan(spanId));
  }
  return runs;
}

async function askJournals(desks: readonly TraceDesk[], traceIds: ReadonlySet<string>, runIds: ReadonlySet<string>): Promise<Sighting[]> {
  const found: Sighting[] = [];
  for (const desk of desks) for (const of of traceIds) found.push(...(await desk.sightings(of, runIds)));
  return found;
}
