import { expect, it } from 'vitest';
import { Tree } from '../../src/exporters/langsmith/assemble/trace.ts';
import { createConverter, createJoin } from '../../src/exporters/langsmith/convert/convert.ts';
import { ByteReader } from '../../src/exporters/langsmith/partition/byte-reader.ts';
import { ByteWriter } from '../../src/exporters/langsmith/partition/byte-writer.ts';
import { Composer, composedBytesMax } from '../../src/exporters/langsmith/partition/compose.ts';
import { readDraft, writeDraft } from '../../src/exporters/langsmith/partition/draft-codec.ts';
import type { PlacedRun, Trace } from '../../src/exporters/langsmith/partition/held-draft.ts';
import { type Bytes, bytes } from '../../src/model/bytes.ts';
import { type Draft, Mark } from '../../src/model/draft.ts';
import { body, draft, spanId, startOfTime } from '../assemble/drafts.ts';
import { parseRuns, readParts } from './multipart.ts';

function placed(of: Draft, project = 'default', projectId = ''): { run: PlacedRun; record: Bytes } {
  const writer = new ByteWriter(64);
  writeDraft(writer, of);
  const record = writer.finish();
  const { skeleton, hash, operations, start, bytes } = readDraft(new ByteReader(record));
  const { runId, spanId: span, thread, marks, startMicros } = skeleton;
  const held = {
    ...{
      skeleton,
      hash,
      operations,
      entry: 'e',
      position: 0,
      appendedAtMs: 0,
      traceKey: 't',
      destination: '{}',
      bytes,
      start,
    },
    ...{
      filteredParent: '',
      awaits: 'parent' as const,
      deadlineMs: 0,
      sinceMs: 0,
      state: 'placed' as const,
      held: undefined,
      parkedUntilMs: 0,
    },
  };
  const node = {
    ...{
      spanId: span,
      runId,
      parentRunId: '',
      parent: undefined,
      prefix: undefined,
      tree: new Tree(runId, project, projectId),
      startMicros,
    },
    ...{ depth: 0, thread, agent: false, continues: '', marks, hash, entry: 'e', position: 0, sealed: false },
    ...{ usageBelow: false, usageAbove: false, names: [], logs: [] },
  };
  const trace = { marks: 0, traceId: skeleton.traceId } as Trace;
  return { run: { trace, node, draft: held, logs: [], story: {}, endMicros: 0 }, record };
}

function compose(...drafts: readonly { run: PlacedRun; record: Bytes }[]): { composer: Composer; body: Bytes } {
  const composer = new Composer('b0undary', 64, createJoin(createConverter()));
  for (const { run, record } of drafts) composer.add(run, record, []);
  return { composer, body: composer.finish() };
}

it('writes every part with its exact length, also behind text that is longer in bytes than in characters', () => {
  const content = body({
    main: '"name":"Grüße 🎈","run_type":"llm","tags":["a"]',
    inputs: '{"text":"日本語"}',
    outputs: '{"ok":true}',
    events: '[{"name":"new_token","time":"2026-01-02T03:04:05.000000Z"}]',
    error: '"kaputt: ✗"',
    serialized: '{"id":[]}',
    usage: '{"input_tokens":1}',
    extra: '"invocation_params":{"temperature":0.5}',
    attachments: [{ name: 'photo', contentType: 'image/png', content: bytes.from('\r\n--b0undary--\r\n') }],
    feedback: [{ id: '99999999-2222-4333-8444-555555555555', fields: bytes.from('{"key":"score","score":1}') }],
  });
  const single = placed(draft(spanId(1), '', { thread: [['thread_id', 'T "1"']] }, content), 'Projekt ü');
  const [run] = parseRuns(compose(single).body, 'b0undary');
  expect(run?.fields).toEqual({
    id: '00000000-0000-0000-0000-000000000001',
    trace_id: '00000000-0000-0000-0000-000000000001',
    dotted_order: '20260102T030405000000Z00000000-0000-0000-0000-000000000001',
    start_time: '2026-01-02T03:04:05.000000Z',
    end_time: '2026-01-02T03:04:05.001000Z',
    session_name: 'Projekt ü',
    name: 'Grüße 🎈',
    run_type: 'llm',
    tags: ['a'],
    inputs: { text: '日本語' },
    outputs: { ok: true },
    events: [{ name: 'new_token', time: '2026-01-02T03:04:05.000000Z' }],
    error: 'kaputt: ✗',
    serialized: { id: [] },
    extra: {
      metadata: { ls_method: 'traceable', thread_id: 'T "1"', usage_metadata: { input_tokens: 1 } },
      invocation_params: { temperature: 0.5 },
    },
  });
  expect(run?.attachments.get('photo')?.content.toString()).toBe('\r\n--b0undary--\r\n');
  expect(run?.feedback).toEqual([
    { id: '99999999-2222-4333-8444-555555555555', run_id: run?.id, trace_id: run?.id, key: 'score', score: 1 },
  ]);
});

it('leaves out what is absent: end, empty parts, an empty metadata', () => {
  const bare = placed(draft(spanId(1), '', { endMicros: 0 }, body({ inputs: '', outputs: '', metadata: '' })));
  const [run] = parseRuns(compose(bare).body, 'b0undary');
  expect(Object.keys(run?.fields ?? {})).toEqual([
    'id',
    'trace_id',
    'dotted_order',
    'start_time',
    'session_name',
    'name',
    'run_type',
    'extra',
  ]);
  expect(run?.fields.extra).toEqual({ metadata: {} });
});

it('names the project by its id if there is one, and sums of descendants by their own key', () => {
  const aggregate = body({ metadata: '', usage: '{"total_tokens":3}' });
  const single = placed(draft(spanId(1), '', { marks: Mark.aggregate }, aggregate), '', '77777777-2222-4333-8444-555555555555');
  single.run.node.usageBelow = true;
  const [run] = parseRuns(compose(single).body, 'b0undary');
  expect(run?.fields.session_id).toBe('77777777-2222-4333-8444-555555555555');
  expect(run?.fields.extra).toEqual({ metadata: { aggregated_usage_metadata: { total_tokens: 3 } } });
});

it('says where each run stands, so that a part of a batch is made of ranges', () => {
  const { composer, body: whole } = compose(placed(draft(spanId(1))), placed(draft(spanId(2))), placed(draft(spanId(3))));
  const [first, second, third] = composer.items as [(typeof composer.items)[0], (typeof composer.items)[0], (typeof composer.items)[0]];
  expect([first.start, second.start, third.start]).toEqual([0, first.end, second.end]);
  const middle = bytes.concat([whole.subarray(second.start, second.end), bytes.from('--b0undary--\r\n')]);
  expect(parseRuns(middle, 'b0undary').map(({ id }) => id)).toEqual([second.runId]);
});

it('is never longer than it was estimated', () => {
  const thread = [['thread_id', '"'.repeat(500)]] as const;
  const single = placed(
    draft(
      spanId(1),
      '',
      { thread, startMicros: startOfTime, endMicros: startOfTime - 5 },
      body({ inputs: `{"a":"${'x'.repeat(9_000)}"}` }),
    ),
  );
  expect(compose(single).body.length).toBeLessThanOrEqual(composedBytesMax(single.run));
});

it('sends feedback to the run that it is about, by the id that this run has got', () => {
  const about = '77777777-2222-4333-8444-555555555555';
  const feedback = [{ id: '99999999-2222-4333-8444-555555555555', runId: about, fields: bytes.from('{"key":"score"}') }];
  const single = placed(draft(spanId(1), '', {}, body({ feedback })));
  const other = placed(draft(spanId(2)));
  const fieldsOf = (run: (id: string) => unknown): unknown => {
    const trace = { ...single.run.trace, run } as unknown as Trace;
    const whole = compose({ ...single, run: { ...single.run, trace } }).body;
    return JSON.parse(readParts(whole, 'b0undary').at(-1)?.content.toString() ?? '');
  };
  expect(fieldsOf(() => undefined)).toEqual({ id: feedback[0]?.id, run_id: about, key: 'score' });
  expect(fieldsOf((id) => (id === about ? other.run.node : undefined))).toMatchObject({
    run_id: other.run.node.runId,
    trace_id: other.run.node.tree.traceRunId,
  });
});

it('takes the message format back that we told, where the trace holds a run of another SDK', () => {
  for (const metadata of [
    '"a":1,"ls_message_format":"completions","b":2',
    '"ls_message_format":"completions"',
    '"ls_message_format":"completions","b":2',
  ]) {
    const single = placed(draft(spanId(1), '', { marks: Mark.format }, body({ metadata })));
    const formatIn = (marks: number): unknown => {
      const trace = { ...single.run.trace, marks } as Trace;
      const [run] = parseRuns(compose({ ...single, run: { ...single.run, trace } }).body, 'b0undary');
      return (run?.fields.extra as { metadata: Record<string, unknown> } | undefined)?.metadata.ls_message_format;
    };
    expect([formatIn(0), formatIn(Mark.foreign)]).toEqual(['completions', undefined]);
  }
});
