import { describe, expect, it } from 'vitest';
import { Mark } from '../../src/model/draft.ts';
import { runIdOfSpan, uuidOfTrace } from '../../src/model/ids.ts';
import { dottedSegment } from '../../src/model/time.ts';
import { uuidV5 } from '../../src/model/uuid-v5.ts';
import { skeleton, spanId, startOfTime, traceId } from './drafts.ts';
import { Recorder } from './recorder.ts';

const [a, b, c, d] = [1, 2, 3, 4].map(spanId) as [string, string, string, string];

describe('a root', () => {
  it('is its own trace, with one segment', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a));
    expect(recorder.run(a)).toMatchObject({
      runId: runIdOfSpan(a),
      traceRunId: runIdOfSpan(a),
      parentRunId: '',
      dottedOrder: `20260102T030405000000Z${runIdOfSpan(a)}`,
      project: 'default',
    });
  });

  it('makes two LangSmith traces of an OTel trace with two of them', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(b));
    expect(recorder.run(a).traceRunId).not.toBe(recorder.run(b).traceRunId);
  });

  it('is cut off its parent by an explicit flag', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(b, a, { explicitRoot: true }));
    expect(recorder.run(b)).toMatchObject({ parentRunId: '', traceRunId: runIdOfSpan(b) });
  });

  it('takes the trace id as its run id in mode otel_trace_root, a second root keeps its own, and children find both', () => {
    const recorder = new Recorder({ runIdMode: 'otel_trace_root' });
    recorder.arrive(skeleton(c, a));
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(b));
    recorder.arrive(skeleton(d, '', { parentRunId: runIdOfSpan(a) }));
    expect(recorder.run(a).runId).toBe(uuidOfTrace(traceId));
    expect(recorder.run(b).runId).toBe(runIdOfSpan(b));
    expect(recorder.run(c)).toMatchObject({ parentRunId: uuidOfTrace(traceId), traceRunId: uuidOfTrace(traceId) });
    expect(recorder.run(d).parentRunId).toBe(uuidOfTrace(traceId));
  });

  it('began when it came if it has no times', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a, '', { startMicros: 0, endMicros: 0 }));
    expect(recorder.run(a)).toMatchObject({ startMicros: 1_767_323_046_000_000, endMicros: 0 });
  });
});

describe('a child', () => {
  it('is placed under its parent, with the parent’s dotted order as prefix', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(b, a, { startMicros: startOfTime + 5 }));
    expect(recorder.run(b).dottedOrder).toBe(`${recorder.run(a).dottedOrder}.${dottedSegment(startOfTime + 5, runIdOfSpan(b))}`);
  });

  it('waits for its parent, and is placed with it, and so are those who wait for it', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(c, b));
    recorder.arrive(skeleton(b, a));
    expect(recorder.events).toEqual([`waits ${c}`, `waits ${b}`]);
    recorder.arrive(skeleton(a));
    expect(recorder.run(c).dottedOrder.startsWith(`${recorder.run(b).dottedOrder}.`)).toBe(true);
    expect(recorder.trace.waiting.size).toBe(0);
  });

  it('never begins before its parent nor ends before it begins, and its own times are kept', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(b, a, { startMicros: startOfTime - 7, endMicros: startOfTime - 3 }));
    expect(recorder.run(b)).toMatchObject({ startMicros: startOfTime, endMicros: startOfTime });
    expect(recorder.run(b).metadata).toEqual({
      original_start_time: '2026-01-02T03:04:04.999993Z',
      original_end_time: '2026-01-02T03:04:04.999997Z',
    });
  });

  it('finds its parent by run id, which beats the span id', () => {
    const recorder = new Recorder();
    const custom = '11111111-2222-4333-8444-555555555555';
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(b, a, { runId: custom }));
    recorder.arrive(skeleton(c, a, { parentRunId: custom }));
    expect(recorder.run(c).parentRunId).toBe(custom);
  });

  it('waits for a parent that it names by run id', () => {
    const recorder = new Recorder();
    const custom = '11111111-2222-4333-8444-555555555555';
    recorder.arrive(skeleton(c, '', { parentRunId: custom }));
    recorder.arrive(skeleton(b, '', { runId: custom }));
    expect(recorder.run(c).parentRunId).toBe(custom);
  });

  it('waits a moment for soft parents, then falls back to the span id, and is a root if there is none', () => {
    const recorder = new Recorder();
    const unknown = '99999999-2222-4333-8444-555555555555';
    recorder.arrive(skeleton(a));
    const child = recorder.arrive(skeleton(b, a, { parentRunId: unknown, parentSoft: true }));
    const other = recorder.arrive(skeleton(c, '', { parentRunId: unknown, parentSoft: true }));
    expect(recorder.events).toEqual([`waits ${b} for soft_parent`, `waits ${c} for soft_parent`]);
    for (const arrival of [child, other]) recorder.assembler.goOn(recorder.trace, arrival);
    expect(recorder.run(b).parentRunId).toBe(runIdOfSpan(a));
    expect(recorder.run(c).parentRunId).toBe('');
  });

  it('takes the first of two soft parents that there is, whoever comes first', () => {
    const [conversation, message] = ['99999999-2222-4333-8444-555555555555', '88888888-2222-4333-8444-555555555555'];
    const workflow = skeleton(b, '', { parentRunId: conversation, otherParentRunId: message, parentSoft: true });
    for (const order of [
      [workflow, skeleton(a, '', { runId: message })],
      [skeleton(a, '', { runId: message }), workflow],
    ]) {
      const recorder = new Recorder();
      for (const span of order) recorder.arrive(span);
      expect(recorder.run(b).parentRunId).toBe(message);
    }
  });

  it('is placed once if its parent is its soft parent, too', () => {
    const message = '88888888-2222-4333-8444-555555555555';
    const recorder = new Recorder();
    recorder.arrive(skeleton(b, a, { parentRunId: message, parentSoft: true }));
    recorder.arrive(skeleton(a, '', { runId: message }));
    expect(recorder.run(b)).toMatchObject({ parentRunId: message, metadata: {} });
  });

  it('joins a run whose id begins with the parent’s span id (LangSmith SDK, hybrid mode)', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(b, 'abcdef0123456789'));
    recorder.arrive(skeleton(a, '', { runId: 'abcdef01-2345-6789-8444-555555555555' }));
    expect(recorder.run(b).parentRunId).toBe('abcdef01-2345-6789-8444-555555555555');
  });

  it('joins a run whose id is a UUID of its own, from which its span id is made (Dify), whoever comes first', () => {
    const runId = '5f1d7a3c-9b2e-5c4d-8a6f-0123456789ab';
    const own = skeleton('5f1d7a3c9b2e5c4d', '', { runId });
    const child = skeleton(spanId(2), '5f1d7a3c9b2e5c4d');
    const other = skeleton('00000000000000aa', '', { runId });
    for (const [first, second] of [
      [own, child],
      [child, own],
      [other, child],
      [child, other],
    ] as const) {
      const recorder = new Recorder();
      recorder.arrive(first);
      recorder.arrive(second);
      expect(recorder.run(child.spanId).parentRunId).toBe(runId);
    }
  });

  it('inherits thread keys from the nearest ancestor that has some', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(c, b));
    recorder.arrive(skeleton(d, a));
    recorder.arrive(skeleton(b, a, { thread: [['thread_id', 'inner']] }));
    recorder.arrive(skeleton(a, '', { thread: [['session_id', 'outer']] }));
    expect(recorder.run(c).metadata).toEqual({ thread_id: 'inner' });
    expect(recorder.run(d).metadata).toEqual({ session_id: 'outer' });
  });

  it('goes to the root’s project and keeps its own in metadata', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a, '', { project: 'root-project' }));
    recorder.arrive(skeleton(b, a, { project: 'other' }));
    recorder.arrive(skeleton(c, a, { project: 'root-project' }));
    expect(recorder.run(b)).toMatchObject({ project: 'root-project', metadata: { otel_project_conflict: 'other' } });
    expect(recorder.run(c).metadata).toEqual({});
  });

  it('is a subagent below an agent', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a, '', { marks: Mark.agent }));
    recorder.arrive(skeleton(b, a));
    recorder.arrive(skeleton(c, b, { marks: Mark.agent }));
    expect(recorder.run(a).metadata).toEqual({ ls_agent_type: 'root' });
    expect(recorder.run(b).metadata).toEqual({});
    expect(recorder.run(c).metadata).toEqual({ ls_agent_type: 'subagent' });
  });

  it('lets the root say the message format, unless the trace has another SDK’s shape', () => {
    const canonical = new Recorder();
    canonical.arrive(skeleton(b, a, { marks: Mark.canonical | Mark.formatIfRoot }));
    canonical.arrive(skeleton(a, '', { marks: Mark.formatIfRoot }));
    expect(canonical.run(a).metadata).toEqual({ ls_message_format: 'completions' });
    expect(canonical.run(b).metadata).toEqual({});
    const foreign = new Recorder();
    foreign.arrive(skeleton(b, a, { marks: Mark.canonical }));
    foreign.arrive(skeleton(c, a, { marks: Mark.foreign }));
    foreign.arrive(skeleton(a, '', { marks: Mark.formatIfRoot }));
    expect(foreign.run(a).metadata).toEqual({});
  });
});

describe('a place that the span says itself', () => {
  const root = '11111111-2222-4333-8444-555555555555';
  const own = '66666666-2222-4333-8444-555555555555';
  const dotted = `${dottedSegment(startOfTime, root)}.${dottedSegment(startOfTime + 9, own)}`;

  it('is kept, without waiting, and children continue it', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(b, a));
    recorder.arrive(skeleton(a, d, { runId: own, explicitTraceId: root, explicitDottedOrder: dotted }));
    expect(recorder.run(a)).toMatchObject({ dottedOrder: dotted, traceRunId: root, parentRunId: root, startMicros: startOfTime + 9 });
    expect(recorder.run(b).dottedOrder).toBe(`${dotted}.${dottedSegment(startOfTime + 9, runIdOfSpan(b))}`);
    expect(recorder.run(b).traceRunId).toBe(root);
  });

  it.each([
    ['of another run', dotted.replace(own, root)],
    ['of another trace', dotted.replace(root, own)],
    ['with three fraction digits', dotted.replace('000009Z', '009Z')],
    ['that goes back in time', `${dottedSegment(startOfTime + 10, root)}.${dottedSegment(startOfTime + 9, own)}`],
    ['with a thirteenth month', dotted.replaceAll('20260102', '20261302')],
  ])('is computed if it is one %s', (_, explicitDottedOrder) => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a, '', { runId: own, explicitTraceId: root, explicitDottedOrder }));
    expect(recorder.run(a)).toMatchObject({ traceRunId: own, parentRunId: '' });
  });
});

describe('the same span again', () => {
  it('is a duplicate if its content is the same: placed, sealed or waiting', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(a));
    recorder.seal();
    recorder.arrive(skeleton(a));
    recorder.arrive(skeleton(c, b));
    recorder.arrive(skeleton(c, b));
    expect(recorder.events).toEqual([`duplicate ${a}`, `duplicate ${a}`, `waits ${c}`, `duplicate ${c}`]);
  });

  it('is a replay if it is the same draft of the journal', () => {
    const recorder = new Recorder();
    const arrival = recorder.arrive(skeleton(a));
    recorder.assembler.arrive(recorder.trace, arrival);
    expect(recorder.events).toEqual([`replayed ${a}`]);
  });

  it('replaces one that is not sealed and is a conflict after that', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a), 1);
    recorder.arrive(skeleton(a), 2);
    recorder.seal();
    recorder.arrive(skeleton(a), 3);
    recorder.arrive(skeleton(c, b), 1);
    recorder.arrive(skeleton(c, b), 2);
    expect(recorder.events).toEqual([`replaced ${a} placed`, `conflict ${a}`, `waits ${c}`, `replaced ${c} waiting`, `waits ${c}`]);
  });

  it('cannot replace a placed one if it would have another place', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a), 1);
    recorder.arrive(skeleton(a, '', { startMicros: startOfTime + 1 }), 2);
    expect(recorder.events).toEqual([`conflict ${a}`]);
  });

  it('gets an id of its own if another span of the trace has its run id', () => {
    const recorder = new Recorder();
    const custom = '11111111-2222-4333-8444-555555555555';
    recorder.arrive(skeleton(a, '', { runId: custom }));
    recorder.arrive(skeleton(b, '', { runId: custom }));
    expect(recorder.events).toEqual([]);
    expect(recorder.run(b)).toMatchObject({ runId: uuidV5('span', `${traceId}:${b}`), metadata: { otel_id_remapped: custom } });
    expect(recorder.run(b).traceRunId).toBe(recorder.run(b).runId);
  });
});

describe('a parent that does not come', () => {
  it('makes the topmost waiting draft a root, and its descendants follow', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(c, b));
    recorder.arrive(skeleton(b, a));
    recorder.giveUp(c, 'promote');
    expect(recorder.run(b)).toMatchObject({ parentRunId: '', metadata: { spanway_orphan: 'promote', spanway_original_parent_id: a } });
    expect(recorder.run(c)).toMatchObject({ parentRunId: runIdOfSpan(b), metadata: {} });
  });

  it('is stood for by one synthetic root per trace', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(b, a, { startMicros: startOfTime + 10 }));
    recorder.arrive(skeleton(c, d));
    recorder.giveUp(b, 'synthetic_root');
    recorder.giveUp(c, 'synthetic_root');
    expect(recorder.run(b).parentRunId).toBe(uuidOfTrace(traceId));
    expect(recorder.run(c)).toMatchObject({ parentRunId: uuidOfTrace(traceId), startMicros: startOfTime });
    expect(recorder.events.filter((event) => event.startsWith('synthetic'))).toHaveLength(1);
  });

  it('ends the whole subtree as dead letters that form a tree', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(c, b));
    recorder.arrive(skeleton(b, a));
    recorder.giveUp(c, 'dead_letter');
    expect(recorder.events.slice(2)).toEqual([`orphaned ${b} 1`, `orphaned ${c} 2`]);
    expect(recorder.trace.waiting.size).toBe(0);
  });

  it('is seen at once if a span is its own parent, or its descendants’ child', () => {
    const recorder = new Recorder();
    recorder.arrive(skeleton(a, a));
    recorder.arrive(skeleton(b, d));
    recorder.arrive(skeleton(c, b));
    recorder.arrive(skeleton(d, c));
    expect(recorder.run(a).metadata.spanway_orphan).toBe('cycle');
    expect(recorder.run(d)).toMatchObject({ parentRunId: '', metadata: { spanway_orphan: 'cycle', spanway_original_parent_id: c } });
    expect(recorder.run(c).dottedOrder.startsWith(`${recorder.run(b).dottedOrder}.`)).toBe(true);
  });

  it('is seen at the deadline if the cycle is long', () => {
    const recorder = new Recorder();
    for (let number = 1; number <= 100; number += 1) recorder.arrive(skeleton(spanId(number), spanId((number % 100) + 1)));
    recorder.giveUp(spanId(50), 'promote');
    expect(recorder.runs.size).toBe(100);
  });

  it('is not waited for if too many wait already', () => {
    const recorder = new Recorder({ waitingMax: 1 });
    recorder.arrive(skeleton(b, a));
    recorder.arrive(skeleton(c, a));
    expect(recorder.run(c).parentRunId).toBe('');
  });
});

describe('a trace that is too large', () => {
  it('goes on in a continuation with the same thread, and later runs join it', () => {
    const recorder = new Recorder({ runsPerTraceMax: 2 });
    recorder.arrive(skeleton(a, '', { thread: [['thread_id', 't']] }));
    for (const span of [b, c, d]) recorder.arrive(skeleton(span, a));
    expect(recorder.run(c)).toMatchObject({ parentRunId: '', traceRunId: runIdOfSpan(c) });
    expect(recorder.run(c).metadata).toEqual({
      thread_id: 't',
      spanway_original_parent_id: runIdOfSpan(a),
      otel_continuation: runIdOfSpan(a),
    });
    expect(recorder.run(d)).toMatchObject({ parentRunId: runIdOfSpan(c), traceRunId: runIdOfSpan(c) });
  });

  it('takes a chain of 25,000 spans that comes leaf first, in trees of bounded depth', () => {
    const recorder = new Recorder({ depthMax: 100 });
    for (let number = 25_000; number > 0; number -= 1) recorder.arrive(skeleton(spanId(number), number === 1 ? '' : spanId(number - 1)));
    expect(recorder.runs.size).toBe(25_000);
    expect(Math.max(...recorder.nodes.map(({ depth }) => depth))).toBe(99);
  });
});
