import { expect, test } from 'vitest';
import type { Traces } from '../../src/model/batch.ts';
import { bytes } from '../../src/model/bytes.ts';
import { decodeTracesJson } from '../../src/otlp/otlp.ts';
import { TrailLog } from '../../src/service/trail/trail-log.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const caller = { receiver: 'otlp', transport: 'http', address: '::1', metadata: new Map(), receivedAtMs: 5 } as const;
const batch: Traces = decodeTracesJson(
  bytes.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId, spanId: 'b7ad6b7169203331', name: 'a' }] }] }] })),
  caller,
).batch;
const seen = (log: TrailLog): number => log.sightings(new Set([traceId]), new Set()).length;

test('it remembers nothing until it is asked to, and nothing when nobody asks any more', () => {
  const log = new TrailLog(() => 7);
  log.spansReceived(batch);
  expect([seen(log), log.reach()]).toEqual([0, { sinceMs: 0, rows: 0, rowsMax: 0 }]);
  const release = log.keep(4);
  log.spansReceived(batch);
  expect([seen(log), log.reach()]).toEqual([1, { sinceMs: 7, rows: 1, rowsMax: 4 }]);
  release();
  expect(seen(log)).toBe(0);
});

test('who asked before does not take away what somebody else asked for since', () => {
  const log = new TrailLog(() => 7);
  const former = log.keep(4);
  log.spansReceived(batch);
  log.keep(4);
  former();
  expect(seen(log)).toBe(1);
});

test('it tells how far back it reaches once it forgets', () => {
  let now = 10;
  const log = new TrailLog(() => now);
  log.keep(2);
  const span = batch.resourceSpans[0]?.scopeSpans[0]?.spans[0];
  for (; now < 15; now += 1) if (span) log.leftOut('filter', span, 'trace_conditions[0]');
  expect(log.reach()).toEqual({ sinceMs: 13, rows: 2, rowsMax: 2 });
  expect(log.sightings(new Set([traceId]), new Set()).map(({ atMs, text }) => [atMs, text])).toEqual([
    [13, 'trace_conditions[0]'],
    [14, 'trace_conditions[0]'],
  ]);
});

test('more different details than it keeps cost it their words only', () => {
  const log = new TrailLog(() => 7);
  log.keep(16_384);
  const span = batch.resourceSpans[0]?.scopeSpans[0]?.spans[0];
  for (let rule = 0; rule < 10_000; rule += 1) if (span) log.leftOut('filter', span, `${rule}`);
  const texts = log.sightings(new Set([traceId]), new Set()).map(({ text }) => text);
  expect([texts.length, texts[0], texts.at(-1)]).toEqual([10_000, '0', 'more is not remembered: there were too many different details']);
});
