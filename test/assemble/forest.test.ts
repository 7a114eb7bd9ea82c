import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Skeleton } from '../../src/model/draft.ts';
import { skeleton, spanId, startOfTime } from './drafts.ts';
import { Recorder } from './recorder.ts';

/** Span n + 1 has a parent among those before it, or none; starts are anywhere, so clocks are skewed. */
const forest = fc
  .array(fc.record({ parent: fc.nat(), root: fc.boolean(), skew: fc.integer({ min: -50, max: 50 }), threaded: fc.boolean() }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((spans) =>
    spans.map(({ parent, root, skew, threaded }, index): Skeleton => {
      const above = index === 0 || (root && parent % 4 === 0) ? '' : spanId((parent % index) + 1);
      const startMicros = startOfTime + skew;
      return skeleton(spanId(index + 1), above, {
        startMicros,
        endMicros: startMicros + 10,
        thread: threaded ? [['thread_id', `t${index}`]] : [],
      });
    }),
  );

const shuffled = forest.chain((spans) => fc.tuple(fc.constant(spans), fc.shuffledSubarray(spans, { minLength: spans.length })));

it('gives the same tree for every order of arrival', () => {
  fc.assert(
    fc.property(shuffled, ([spans, order]) => {
      const first = new Recorder();
      const second = new Recorder();
      for (const span of spans) first.arrive(span);
      for (const span of order) second.arrive(span);
      expect(second.runs.size).toBe(spans.length);
      for (const { spanId: id } of spans) expect(second.run(id)).toEqual(first.run(id));
    }),
  );
});

it('keeps every rule of a dotted order', () => {
  fc.assert(
    fc.property(shuffled, ([spans, order]) => {
      const recorder = new Recorder();
      for (const span of order) recorder.arrive(span);
      const byRun = new Map([...recorder.runs.values()].map((run) => [run.runId, run]));
      for (const { spanId: id, parentSpanId } of spans) {
        const run = recorder.run(id);
        const segments = run.dottedOrder.split('.');
        expect(segments.every((segment) => segment.length === 58)).toBe(true);
        expect(segments.at(-1)?.slice(-36)).toBe(run.runId);
        expect(segments[0]?.slice(-36)).toBe(run.traceRunId);
        expect(run.parentRunId).toBe(parentSpanId === '' ? '' : recorder.run(parentSpanId).runId);
        const parent = byRun.get(run.parentRunId);
        expect(run.dottedOrder.slice(0, -58)).toBe(parent ? `${parent.dottedOrder}.` : '');
        expect(run.startMicros).toBeGreaterThanOrEqual(parent?.startMicros ?? 0);
        expect(run.endMicros).toBeGreaterThanOrEqual(run.startMicros);
      }
    }),
  );
});

it('places nothing twice and loses nothing when some spans come again', () => {
  const withRepeats = shuffled.chain(([spans, order]) =>
    fc.tuple(fc.constant(spans), fc.shuffledSubarray([...order, ...order], { minLength: order.length * 2 })),
  );
  fc.assert(
    fc.property(withRepeats, ([spans, order]) => {
      const recorder = new Recorder();
      for (const span of order) recorder.arrive(span);
      expect(recorder.runs.size).toBe(spans.length);
      expect(recorder.events.filter((event) => event.startsWith('duplicate'))).toHaveLength(spans.length);
    }),
  );
});
