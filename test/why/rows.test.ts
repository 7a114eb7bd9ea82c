import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { type Row, Rows } from '../../src/service/trail/rows.ts';

const hexDigits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length }).filter((text) => !/^0+$/.test(text));
// Few different ones, so that traces and runs have several rows.
const traceIds = fc.constantFrom<string[]>(
  '',
  '0af7651916cd43dd8448eb211c80319c',
  'ffffffffffffffffffffffffffffffff',
  '00000000000000000000000000000001',
);
const runIds = fc.constantFrom<string[]>(
  '',
  '2f7d9a64-3c5e-4b8e-9d3f-1f6a7b8c9d0e',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  runIdOfSpan('b7ad6b7169203331'),
);
const row = fc.record({
  traceId: traceIds,
  spanId: fc.oneof(fc.constantFrom('', 'b7ad6b7169203331'), hexDigits(16)),
  runId: runIds,
  event: fc.nat(7),
  detail: fc.nat(0xffff_ffff),
  atMs: fc.nat(),
});

function written(capacity: number, all: readonly Row[]): Rows {
  const rows = new Rows(capacity);
  for (const { traceId, spanId, runId, event, detail, atMs } of all) rows.write(traceId, spanId, runId, event, detail, atMs);
  return rows;
}

test('the newest rows are found by their trace, by their run, and by the run that is made of their span', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), fc.integer({ min: 1, max: 16 }), traceIds, runIds, (all, capacity, traceId, runId) => {
      const rows = written(capacity, all);
      const kept = all.slice(-capacity);
      const traces = new Set([traceId].filter((id) => id !== ''));
      const runs = new Set([runId].filter((id) => id !== ''));
      const wanted = kept.filter(
        (one) => traces.has(one.traceId) || runs.has(one.runId) || (one.spanId !== '' && runs.has(runIdOfSpan(one.spanId))),
      );
      expect(rows.find(traces, runs)).toEqual(wanted);
      expect([rows.count, rows.hasForgotten, rows.oldestMs]).toEqual([kept.length, all.length > capacity, kept[0]?.atMs]);
    }),
  );
});

test('ids in upper case are the same ids', () => {
  const rows = written(4, [
    { traceId: '0AF7651916CD43DD8448EB211C80319C', spanId: 'B7AD6B7169203331', runId: '', event: 0, detail: 0, atMs: 1 },
  ]);
  expect(rows.find(new Set(['0af7651916cd43dd8448eb211c80319c']), new Set())).toMatchObject([{ spanId: 'b7ad6b7169203331' }]);
});
