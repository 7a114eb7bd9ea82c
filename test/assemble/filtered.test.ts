import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { skeleton, spanId } from './drafts.ts';
import { Recorder } from './recorder.ts';

const [a, b, c, d] = [1, 2, 3, 4].map(spanId) as [string, string, string, string];

describe('a child of a span that was left out', () => {
  it.each([
    ['the parent was left out first', ['b', 'a', 'c']],
    ['the child came first', ['c', 'b', 'a']],
    ['the grandparent came last', ['b', 'c', 'a']],
    ['it turns out last', ['a', 'c', 'b']],
  ])('hangs on the nearest ancestor that was kept: %s', (_, order) => {
    const recorder = new Recorder();
    const happens = { a: () => recorder.arrive(skeleton(a)), b: () => recorder.leaveOut(b, a), c: () => recorder.arrive(skeleton(c, b)) };
    for (const name of order as ('a' | 'b' | 'c')[]) happens[name]();
    expect(recorder.run(c)).toMatchObject({ parentRunId: runIdOfSpan(a), traceRunId: runIdOfSpan(a) });
    expect(recorder.run(c).metadata).toEqual({ spanway_original_parent_id: b });
    expect(recorder.trace.waiting.size).toBe(0);
  });

  it('is a root if nobody above was kept, and takes its own children along', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(d, c));
    recorder.arrive(skeleton(c, b));
    recorder.leaveOut(b);
    expect(recorder.run(c).parentRunId).toBe('');
    expect(recorder.run(d).parentRunId).toBe(runIdOfSpan(c));
  });

  it('is found by a parent that the span names as a run, too', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(c, d, { parentRunId: runIdOfSpan(b) }));
    recorder.leaveOut(b, a);
    expect(recorder.run(c).parentRunId).toBe(runIdOfSpan(a));
  });

  it('waits for the parent of the span that was left out as that one would have waited', () => {
    const recorder = new Recorder();
    const child = recorder.arrive(skeleton(c, b));
    recorder.leaveOut(b, a, true);
    expect(child.skeleton).toMatchObject({ parentSpanId: a, parentRemote: true });
    expect(recorder.events).toEqual([`waits ${c}`, `waits ${c}`]);
  });

  it('is a root if those that were left out are ancestors of one another', () => {
    const recorder = new Recorder();
    recorder.leaveOut(a, b);
    recorder.leaveOut(b, a);
    recorder.arrive(skeleton(c, b));
    expect(recorder.run(c).parentRunId).toBe('');
  });

  it('stays where it is if its parent came all the same, another way', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(b, a));
    recorder.leaveOut(b, a);
    recorder.arrive(skeleton(c, b));
    expect(recorder.run(c).parentRunId).toBe(runIdOfSpan(b));
  });

  it('is recognised when it comes again with other content before it was sealed', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a));
    recorder.leaveOut(b, a);
    recorder.arrive(skeleton(c, b));
    recorder.arrive(skeleton(c, b), 2);
    expect(recorder.events).toEqual([`replaced ${c} placed`]);
  });
});

it('knows no more spans that were left out than drafts may wait', () => {
  const recorder = new Recorder({ waitingMax: 2 });
  expect([1, 2, 3].map((at) => recorder.leaveOut(spanId(at)))).toEqual([true, true, false]);
});

const tree = fc
  .array(fc.record({ above: fc.nat(), leftOut: fc.boolean() }), { minLength: 1, maxLength: 25 })
  .map((all) => all.map(({ above, leftOut }, at) => ({ id: spanId(at + 1), parent: at === 0 ? '' : spanId((above % at) + 1), leftOut })));

it('gives the same tree in any order of spans and of those that were left out: each on its nearest kept ancestor', () => {
  const orders = tree.chain((spans) => fc.tuple(fc.constant(spans), fc.shuffledSubarray(spans, { minLength: spans.length })));
  fc.assert(
    fc.property(orders, ([spans, order]) => {
      const recorder = new Recorder();
      for (const { id, parent, leftOut } of order)
        if (leftOut) recorder.leaveOut(id, parent);
        else recorder.arrive(skeleton(id, parent));
      const byId = new Map(spans.map((span) => [span.id, span]));
      for (const span of spans.filter(({ leftOut }) => !leftOut)) {
        let above = byId.get(span.parent);
        while (above?.leftOut) above = byId.get(above.parent);
        expect(recorder.run(span.id).parentRunId).toBe(above ? runIdOfSpan(above.id) : '');
      }
    }),
  );
});
