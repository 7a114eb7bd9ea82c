import { expect, test } from 'vitest';
import type { Sighting, TrailEvent } from '../../src/model/trail.ts';
import { merged, spanReports, type WhyReport } from '../../src/service/trail/report.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const runId = '00000000-0000-0000-b7ad-6b7169203331';
let clock = 0;

const sighting = (event: TrailEvent, more: Partial<Sighting> = {}): Sighting => ({
  event,
  atMs: (clock += 1),
  component: 'langsmith',
  text: '',
  traceId,
  spanId,
  runId: '',
  parentSpanId: '',
  parentRunId: '',
  project: '',
  ...more,
});
const fate = (...sightings: Sighting[]) => spanReports(sightings).map((span) => span.fate);

test.each<[TrailEvent[], string]>([
  [['received'], 'received'],
  [['received', 'left_out'], 'left_out'],
  [['received', 'stored', 'refused'], 'refused'],
  [['refused', 'received', 'stored'], 'stored'],
  [['received', 'stored', 'waiting'], 'waiting'],
  [['received', 'stored', 'in_batch'], 'in_batch'],
  [['received', 'stored', 'sealed'], 'delivered'],
  [['sealed', 'received', 'duplicate'], 'delivered'],
  [['received', 'left_out', 'sealed'], 'delivered'],
  [['sealed', 'dead_letter'], 'dead_letter'],
  [['sealed', 'dead_lettered'], 'dead_letter'],
  [['dead_lettered', 'delivered'], 'delivered'],
])('what happened as %j ends as %s', (events, expected) => {
  expect(fate(...events.map((event) => sighting(event)))).toEqual([expected]);
});

test('what is known of a run only belongs to the span of that run', () => {
  const told = { traceId: '', spanId: '', runId };
  expect(spanReports([sighting('received'), sighting('delivered', told)])).toMatchObject([{ spanId, runId, fate: 'delivered' }]);
  const own = '2f7d9a64-3c5e-4b8e-9d3f-1f6a7b8c9d0e';
  expect(fate(sighting('stored', { runId: own }), sighting('delivered', { ...told, runId: own }))).toEqual(['delivered']);
});

test('a run of which no span is known is reported by itself', () => {
  expect(spanReports([sighting('dead_letter', { spanId: '', runId })])).toMatchObject([{ spanId: '', runId, fate: 'dead_letter' }]);
});

test('reports of two replicas become one: each step once, and the fate of both together', () => {
  const report = (sightings: Sighting[], since: string): WhyReport => ({
    query: traceId,
    spans: spanReports(sightings),
    remembers: { since, rows: 1, rowsMax: 10, processes: 1 },
    degraded: ['langsmith: The destination refuses the key.'],
  });
  const [received, sealed] = [sighting('received'), sighting('sealed', { runId })];
  const one = merged([report([received, sealed], '2026-01-01T00:00:00.000Z'), report([sealed], '2026-01-02T00:00:00.000Z')]);
  expect(one.spans).toMatchObject([{ fate: 'delivered', runId, steps: [{ event: 'received' }, { event: 'sealed' }] }]);
  expect(one.remembers).toEqual({ since: '2026-01-02T00:00:00.000Z', rows: 2, rowsMax: 20, processes: 2 });
  expect(one.degraded).toHaveLength(1);
});
