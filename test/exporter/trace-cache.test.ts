import { expect, it } from 'vitest';
import { Assembler, defaultRules } from '../../src/exporters/langsmith/assemble/assemble.ts';
import type { HeldDraft } from '../../src/exporters/langsmith/partition/held-draft.ts';
import { IndexedTraces } from '../../src/exporters/langsmith/partition/indexed-traces.ts';
import { TraceCache } from '../../src/exporters/langsmith/partition/trace-cache.ts';
import { Recorder } from '../assemble/recorder.ts';
import { openWorld } from './world.ts';

it('does not forget a trace that is not saved when a former one of its name is, which was dropped', async () => {
  const { partition } = await openWorld();
  const indexed = new IndexedTraces(1_000, 2 ** 16);
  indexed.begin(0, true);
  const traces = new TraceCache(partition, new Assembler<HeldDraft>(defaultRules, new Recorder()), indexed, 100, () => 0);
  const key = '0badcafe:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
  await traces.load([key], 0);
  const former = traces.get(key);
  former.unsaved = 1;
  traces.drop(key);
  await traces.load([key], 0);
  const trace = traces.get(key);
  trace.unsaved = 1;
  former.unsaved = 0;
  traces.evict();
  expect(traces.peek(key)).toBe(trace);
});
