/** Nobody looks in the index for a trace that cannot be there, and everybody finds one that is. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IndexedTraces } from '../../src/exporters/langsmith/partition/indexed-traces.ts';
import { TraceFilter } from '../../src/exporters/langsmith/partition/trace-filter.ts';
import { draft, spanId } from '../assemble/drafts.ts';
import { openWorld, type World } from './world.ts';

const windowMs = 1_000;
const trace = (number: number): string => `0badcafe:${number.toString(16).padStart(32, '0')}`;

it('says of everything that was added that it may be there, whatever was added beside it', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 200 }), fc.constantFrom(4_096, 65_536), (texts, bytesMax) => {
      const filter = new TraceFilter(bytesMax);
      for (const text of texts) filter.add(text);
      expect(texts.every((text) => filter.mayHold(text))).toBe(true);
    }),
  );
});

it('says of one trace in twenty at most that it may be there although it is not, while there is room', () => {
  const filter = new TraceFilter(2 ** 18);
  const count = 100_000;
  for (let number = 0; number < count; number += 1) filter.add(trace(number));
  let wrong = 0;
  for (let number = count; number < 2 * count; number += 1) if (filter.mayHold(trace(number))) wrong += 1;
  expect(wrong / count).toBeLessThan(0.05);
});

it('still knows everything that was added when it is fuller than it should be', () => {
  const filter = new TraceFilter(4_096);
  for (let number = 0; number < 50_000; number += 1) filter.add(trace(number));
  for (let number = 0; number < 50_000; number += 1) expect(filter.mayHold(trace(number))).toBe(true);
});

it('knows a trace for the late window, and forgets it within a second one', () => {
  const traces = new IndexedTraces(windowMs, 2 ** 16);
  traces.begin(0, true);
  for (let number = 0; number <= 40; number += 1) {
    const nowMs = number * 100;
    traces.add(trace(number), nowMs);
    for (let other = 0; other <= number; other += 1) {
      if ((number - other) * 100 < windowMs) expect(traces.mayHold(trace(other), nowMs)).toBe(true);
      if ((number - other) * 100 > 2 * windowMs) expect(traces.mayHold(trace(other), nowMs)).toBe(false);
    }
  }
});

it('knows nothing of an index that it found until the late window has passed', () => {
  const traces = new IndexedTraces(windowMs, 2 ** 16);
  traces.begin(500, false);
  expect(traces.mayHold(trace(1), 500 + windowMs - 1)).toBe(true);
  expect(traces.mayHold(trace(1), 500 + windowMs)).toBe(false);
});

const traceId = (number: number): string => number.toString(16).padStart(32, '0');

/** How often the partition looked for a trace's chunks. */
function lookedFor(world: World, number: number): number {
  return world.partition.scans.filter(({ space, from }) => space === 'index' && from.includes(traceId(number))).length;
}

function tracesOf(world: World): number {
  return new Set([...world.lanes.runs.values()].map(({ fields }) => fields.trace_id)).size;
}

it('does not look in the index for a trace that is new', async () => {
  const world = await openWorld({ operationsMax: 1 });
  await world.append(draft(spanId(1), '', { traceId: traceId(1) }));
  expect(world.lanes.runs.size).toBe(1);
  expect(lookedFor(world, 1)).toBe(0);
});

it('forgets a whole trace once it is saved, and a child that comes late finds its parent in the index, once', async () => {
  const world = await openWorld({ operationsMax: 1 });
  const root = draft(spanId(1), '', { traceId: traceId(1) });
  await world.append(root);
  for (const child of [2, 3]) await world.append(draft(spanId(child), spanId(1), { traceId: traceId(1) }));
  expect(world.lanes.runs.size).toBe(3);
  expect(tracesOf(world)).toBe(1);
  expect(lookedFor(world, 1)).toBe(1);
});

it('finds the index of an earlier owner, which it knows nothing of', async () => {
  const world = await openWorld({ operationsMax: 1 });
  await world.append(draft(spanId(1), '', { traceId: traceId(1) }));
  await world.restart();
  await world.append(draft(spanId(2), spanId(1), { traceId: traceId(1) }));
  expect(world.lanes.runs.size).toBe(2);
  expect(lookedFor(world, 1)).toBe(1);
});

it('finds the index of a trace of which something is parked when the late window is over', async () => {
  const world = await openWorld({ operationsMax: 1, lateWindowMs: 10_000 });
  await world.append(draft(spanId(1), '', { traceId: traceId(1) }));
  // Its parent waits for nobody's sake but this one's.
  await world.append(draft(spanId(4), spanId(3), { traceId: traceId(1) }));
  await world.pass(40_000, 1_000);
  await world.append(draft(spanId(3), spanId(1), { traceId: traceId(1) }));
  expect(world.lanes.runs.size).toBe(3);
  expect(tracesOf(world)).toBe(1);
});
