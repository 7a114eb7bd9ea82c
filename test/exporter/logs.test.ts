import { describe, expect, it } from 'vitest';
import { type Draft, Mark } from '../../src/model/draft.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { draft, spanId } from '../assemble/drafts.ts';
import { answer, failure, llm, log, question, score } from './log-drafts.ts';
import { openWorld, type World } from './world.ts';

const [a, b, c] = [1, 2, 3].map(spanId) as [string, string, string];
const conversation = {
  inputs: { messages: [{ role: 'user', content: 'q' }] },
  outputs: { choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'a' } }] },
};

async function expectSettled(world: World, delivered: number): Promise<void> {
  for (const space of ['park', 'due', 'batch', 'body', 'dead'] as const) expect(await world.keys(space)).toEqual([]);
  expect(world.journal.stats().inboxItems).toBe(0);
  expect(world.ledger.balance()).toMatchObject({ stored: delivered, delivered, waiting: 0, deadLettered: 0 });
}

const runOf = (world: World, span: string) => world.lanes.runs.get(runIdOfSpan(span));

it('joins log records that come before their span and after it, in one post', async () => {
  const world = await openWorld();
  await world.append(question(a));
  await world.pass(4_000);
  await world.append(llm(a));
  await world.pass(4_000);
  expect(world.lanes.runs.size).toBe(0);
  await world.append(answer(a), score(a));
  await world.pass(8_000);
  expect(runOf(world, a)).toMatchObject({ kind: 'post', fields: conversation });
  expect(runOf(world, a)?.feedback).toMatchObject([{ key: 'good', run_id: runIdOfSpan(a) }]);
  expect(world.lanes.patches).toEqual([]);
  await expectSettled(world, 4);
});

it('acknowledges the entry of a span that waits for its log records long before they come', async () => {
  const world = await openWorld();
  await world.append(llm(a));
  await world.pass(3_000);
  expect(world.journal.stats().inboxItems).toBe(0);
  expect(await world.keys('park')).toHaveLength(1);
  await world.pass(10_000);
  expect(runOf(world, a)?.fields).not.toHaveProperty('inputs');
  await expectSettled(world, 1);
});

it('does not hold up a span that needs no log records, and sends all that come later as one update', async () => {
  const world = await openWorld();
  await world.append(llm(a, '', 0));
  await world.pass(1_000);
  expect(runOf(world, a)).toMatchObject({ kind: 'post' });
  await world.append(question(a));
  await world.pass(5_000);
  await world.append(answer(a), failure(a), score(a));
  await world.pass(12_000);
  expect(world.lanes.patches).toHaveLength(1);
  expect(runOf(world, a)?.fields).toMatchObject({ ...conversation, status: 'error', error: 'Bad: slow down' });
  expect(runOf(world, a)?.feedback).toHaveLength(1);
  await expectSettled(world, 5);
});

it.each([
  ['in memory', 0],
  ['parked', 4_000],
])('keeps records of one time in the order in which they came: %s', async (_, passMs) => {
  const words = ['e', 'a', 'd', 'b', 'c'];
  const [first, second, third, ...rest] = words.map((word) => question(a, word));
  const world = await openWorld();
  await world.append(first as Draft, second as Draft, third as Draft);
  await world.pass(passMs);
  await world.restart();
  await world.append(...rest, llm(a));
  await world.pass(14_000);
  expect(runOf(world, a)?.fields.inputs).toEqual({ messages: words.map((content) => ({ role: 'user', content })) });
});

it('does not replace what a run has of its own', async () => {
  const world = await openWorld();
  await world.append(draft(a, '', { marks: Mark.inputs | Mark.outputs }), question(a), score(a));
  await world.pass(1_000);
  await world.pass(12_000);
  expect(runOf(world, a)?.fields).toMatchObject({ inputs: {}, outputs: {} });
  expect(runOf(world, a)?.feedback).toHaveLength(1);
});

it('recognises a log record that is sent again: waiting, joined, or after a restart', async () => {
  const world = await openWorld();
  await world.append(question(a), question(a), llm(a));
  await world.pass(3_000);
  await world.append(question(a));
  await world.pass(12_000);
  await world.restart();
  await world.append(question(a));
  await world.pass(12_000);
  expect(runOf(world, a)?.fields).toMatchObject({ inputs: conversation.inputs });
  expect(world.lanes.patches).toEqual([]);
  expect(world.observer.counts.get('duplicate')).toBe(3);
});

it('waits with a span that waits for its parent, and children wait for a span that waits for its log records', async () => {
  const world = await openWorld();
  await world.append(draft(c, b), llm(b, a), question(b));
  await world.pass(20_000);
  expect(world.lanes.runs.size).toBe(0);
  await world.append(draft(a));
  await world.pass(3_000);
  expect(runOf(world, b)?.fields).toMatchObject({ inputs: conversation.inputs, parent_run_id: runIdOfSpan(a) });
  expect(runOf(world, c)?.fields).toMatchObject({ parent_run_id: runIdOfSpan(b) });
  await expectSettled(world, 4);
});

describe('a log record that means another span than it was written in', () => {
  const names = ['request_id=req_1'];
  const call = (span: string, parent: string): Draft => {
    const { skeleton, body } = llm(span, parent, 0);
    return { skeleton: { ...skeleton, names }, body };
  };
  const told = (span: string, content = 'q'): Draft => log(span, 'gen_ai.user.message', { content }, {}, 1, names);
  const { inputs } = conversation;

  it.each([
    ['before both', [told(a), call(b, a), draft(a)]],
    ['between', [call(b, a), told(a), draft(a)]],
    ['between, the other way round', [draft(a), told(a), call(b, a)]],
    ['after both', [draft(a), call(b, a), told(a)]],
  ])('goes into that one: it comes %s', async (_, drafts) => {
    for (const restarted of [false, true]) {
      const world = await openWorld();
      for (const each of drafts) {
        await world.append(each);
        await world.pass(restarted ? 3_000 : 250);
        if (restarted) await world.restart();
      }
      await world.pass(14_000);
      expect(runOf(world, b)?.fields).toMatchObject({ inputs, parent_run_id: runIdOfSpan(a) });
      expect(runOf(world, a)?.fields.inputs).toEqual({});
      for (const space of ['park', 'due', 'batch', 'dead'] as const) expect(await world.keys(space)).toEqual([]);
    }
  });

  it('goes into the one that it was written in if the other does not come, all of them in one update', async () => {
    const world = await openWorld();
    await world.append(told(a), told(a, 'more'));
    await world.pass(4_000);
    await world.append(llm(a, '', 0));
    await world.pass(14_000);
    expect(world.lanes.patches).toHaveLength(1);
    expect(runOf(world, a)?.fields.inputs).toEqual({ messages: ['q', 'more'].map((content) => ({ role: 'user', content })) });
    await world.restart();
    await world.append(told(a));
    await world.pass(14_000);
    expect(world.lanes.patches).toHaveLength(1);
    expect(world.observer.counts.get('duplicate')).toBe(1);
  });

  it('waits as long as that one waits for its parent', async () => {
    const world = await openWorld();
    await world.append(told(a), call(b, a));
    await world.pass(3_599_000, 60_000);
    await world.append(draft(a));
    await world.pass(14_000);
    expect(runOf(world, b)?.fields).toMatchObject({ inputs });
    await expectSettled(world, 3);
  });

  it('is the root’s if it was written in none and nobody has its name', async () => {
    const world = await openWorld();
    const evaluation = (name: string): Draft =>
      log('', 'gen_ai.evaluation.result', null, { 'gen_ai.evaluation.name': name, 'gen_ai.evaluation.score.value': 1 }, 7, [
        name === 'known' ? 'request_id=req_1' : 'root',
      ]);
    await world.append(evaluation('known'), evaluation('unknown'));
    await world.pass(4_000);
    await world.append(call(b, a), draft(a));
    await world.pass(14_000);
    expect(runOf(world, b)?.feedback.map(({ key, run_id }) => [key, run_id])).toEqual([['known', runIdOfSpan(b)]]);
    expect(runOf(world, a)?.feedback.map(({ key, run_id }) => [key, run_id])).toEqual([['unknown', runIdOfSpan(a)]]);
    await expectSettled(world, 4);
  });
});

it('leaves log records out whose span never comes, after an hour, and counts them', async () => {
  const world = await openWorld();
  await world.append(question(a), answer(a));
  await world.pass(5_000);
  expect(await world.keys('park')).toHaveLength(2);
  await world.pass(3_700_000, 60_000);
  expect(world.observer.counts.get('dropped unjoined')).toBe(2);
  await expectSettled(world, 0);
});

it('counts log records that say nothing which can still be changed', async () => {
  const world = await openWorld();
  await world.append(draft(a, '', { marks: Mark.inputs | Mark.outputs }));
  await world.pass(1_000);
  await world.append(question(a));
  await world.pass(12_000);
  expect(world.lanes.patches).toEqual([]);
  expect(world.observer.counts.get('dropped unjoined')).toBe(1);
  await expectSettled(world, 1);
});

it('keeps memory within bounds however many log records wait: more than a run can show are counted and left out', async () => {
  const world = await openWorld();
  for (let batch = 0; batch < 15; batch += 1)
    await world.append(...Array.from({ length: 100 }, (_, at) => log(a, 'tick', null, { at: batch * 100 + at })));
  await world.pass(3_000);
  expect(await world.keys('park')).toHaveLength(1_024);
  expect(world.observer.counts.get('dropped unjoined')).toBe(1_500 - 1_024);
  await world.append(llm(a));
  await world.pass(14_000);
  expect(runOf(world, a)?.fields.events).toHaveLength(256);
  await expectSettled(world, 1_025);
});

it('does not wait for log records if the window is closed', async () => {
  const world = await openWorld({
    logJoinWindowMs: 0,
    rules: { ...(await import('../../src/exporters/langsmith/assemble/assemble.ts')).defaultRules, waitsForLogs: false },
  });
  await world.append(question(a), llm(a));
  await world.pass(1_000);
  expect(runOf(world, a)).toMatchObject({ kind: 'post', fields: { inputs: conversation.inputs } });
  await world.append(answer(a));
  await world.pass(4_000);
  expect(runOf(world, a)).toMatchObject({ kind: 'patch', fields: conversation });
});

describe('what a run that was sent cannot take any more', () => {
  const late = (world: World) => [...world.lanes.runs.values()].filter(({ fields }) => fields.name === 'late log records');

  it('becomes a run below it: events, if it has some', async () => {
    const world = await openWorld();
    await world.append(llm(a, '', 0));
    await world.pass(1_000);
    await world.append(log(a, 'tick', 'one'));
    await world.pass(12_000);
    await world.append(log(a, 'tick', 'two'), log(a, 'tick', 'three', {}, 1));
    await world.pass(12_000);
    expect(runOf(world, a)?.fields.events).toHaveLength(1);
    const dottedOrder = runOf(world, a)?.fields.dotted_order as string;
    expect(late(world)).toMatchObject([{ kind: 'post', fields: { parent_run_id: runIdOfSpan(a), trace_id: runIdOfSpan(a) } }]);
    expect(late(world)[0]?.fields.events).toHaveLength(2);
    expect(`${late(world)[0]?.fields.dotted_order}`.startsWith(`${dottedOrder}.`)).toBe(true);
    await expectSettled(world, 4);
  });

  it('becomes a run below it: content, if other log records brought the run’s', async () => {
    const world = await openWorld();
    await world.append(llm(a, '', 0));
    await world.pass(1_000);
    await world.append(question(a));
    await world.pass(12_000);
    await world.restart();
    await world.append(question(a, 'and more', 2), answer(a), score(a));
    await world.pass(12_000);
    expect(runOf(world, a)?.fields).toMatchObject(conversation);
    expect(late(world)).toMatchObject([{ fields: { inputs: { messages: [{ role: 'user', content: 'and more' }] } } }]);
    expect(late(world)[0]?.fields).not.toHaveProperty('outputs');
    await expectSettled(world, 3);
  });

  it('is recognised when it comes again, also after a restart', async () => {
    const world = await openWorld();
    await world.append(llm(a, '', 0), log(a, 'tick', 'one'));
    await world.pass(12_000);
    await world.append(log(a, 'tick', 'two'));
    await world.pass(12_000);
    await world.restart();
    await world.append(log(a, 'tick', 'two'));
    await world.pass(12_000);
    expect(late(world)).toHaveLength(1);
    expect(world.observer.counts.get('duplicate')).toBe(1);
  });

  it('is sealed as a run that stands for its log records', async () => {
    const world = await openWorld();
    world.lanes.up = false;
    await world.append(llm(a, '', 0), log(a, 'tick', 'one'));
    await world.pass(12_000);
    await world.append(log(a, 'tick', 'two'), log(a, 'tick', 'three', {}, 1));
    await world.pass(12_000);
    const [, , rest] = world.lanes.waiting;
    expect(rest).toMatchObject({ runs: 1, spans: 2 });
    await world.lanes.send();
    await world.pass(1_000);
    await expectSettled(world, 4);
  });
});
