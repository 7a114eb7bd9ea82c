import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createConverter, createJoin } from '../../src/exporters/langsmith/convert/convert.ts';
import { type Draft, Mark } from '../../src/model/draft.ts';
import { runIdOfSpan } from '../../src/model/ids.ts';
import { spanId } from '../assemble/drafts.ts';
import { endure, happening } from './hazards.ts';
import { answer, failure, llm, log, question, score } from './log-drafts.ts';
import { World } from './world.ts';

const windowMs = 600_000;

/** A run with its log records. Some wait for theirs, some do not know that they have any. */
const family = fc.record({
  awaits: fc.boolean(),
  parent: fc.nat(),
  logs: fc.uniqueArray(fc.constantFrom('question', 'more', 'answer', 'failure', 'good', 'kind', 'tick'), { maxLength: 6 }),
});

/** Each at a time of its own: what two have in common is told apart by their order of arrival. */
function logOf(name: string, span: string): Draft {
  switch (name) {
    case 'question':
      return question(span);
    case 'more':
      return question(span, 'and more', 2);
    case 'answer':
      return answer(span);
    case 'failure':
      return failure(span);
    case 'tick':
      return log(span, 'tick', 'tock');
    case 'kind':
      return score(span, name, 9);
    default:
      return score(span, name);
  }
}

interface Family {
  readonly span: Draft;
  readonly logs: readonly Draft[];
}

const families = fc.array(family, { minLength: 1, maxLength: 6 }).map((all) =>
  all.map(({ awaits, parent, logs }, at): Family => {
    const id = spanId(at + 1);
    const span = llm(id, at === 0 ? '' : spanId((parent % at) + 1), awaits ? Mark.awaitsLogs : 0);
    return { span, logs: logs.map((name) => logOf(name, id)) };
  }),
);

const run = families.chain((all) => {
  const drafts = all.flatMap(({ span, logs }) => [span, ...logs]);
  return fc.tuple(
    fc.constant(all),
    fc.shuffledSubarray(drafts, { minLength: drafts.length }),
    fc.array(happening, { minLength: 6, maxLength: 6 }),
  );
});

/** As if the log records had come with the span. */
function onAQuietDay({ span, logs }: Family): Record<string, unknown> {
  const { traceId, spanId: id, runId, marks } = span.skeleton;
  const run = { traceId, spanId: id, runId, marks };
  const body =
    logs.length === 0
      ? span.body
      : createJoin(createConverter())(
          run,
          span.body,
          logs.map((each) => each.body.main),
        ).body;
  const json = (part: { toString(): string }): unknown => (`${part}` === '' ? undefined : JSON.parse(`${part}`));
  return {
    ...{ inputs: json(body.inputs), outputs: json(body.outputs), error: json(body.error), events: json(body.events) },
    status: (JSON.parse(`{${body.main}}`) as { status: string }).status,
    feedback: body.feedback.map((each) => each.id).sort(),
  };
}

it('gives the runs of a quiet day for every order of spans and log records, every grouping into entries, and crashes in between', async () => {
  await fc.assert(
    fc.asyncProperty(run, async ([all, order, happenings]) => {
      const world = await World.open({ nodesMax: 5, logJoinWindowMs: windowMs, lateWindowMs: 4 * windowMs });
      world.lanes.operations = 4;
      await endure(world, order, happenings, {
        append: (drafts) => world.append(...drafts),
        everyCrash: 3,
        getThrough: () => world.pass(10_000, 1_000),
      });
      for (let round = 0; round < 3; round += 1) {
        if (world.partition.lost.aborted) await world.restart();
        await world.pass(windowMs, 60_000);
        await world.pass(10_000, 1_000);
      }
      for (const each of all) {
        const sent = world.lanes.runs.get(runIdOfSpan(each.span.skeleton.spanId));
        const { inputs, outputs, error, events, status } = sent?.fields ?? {};
        const feedback = [...new Set(sent?.feedback.map(({ id }) => id as string))].sort();
        expect({ inputs, outputs, error, events, status, feedback }).toEqual(onAQuietDay(each));
      }
      const patched = world.lanes.patches.map(({ id, fields }) => `${id} ${fields.dotted_order}`);
      expect(world.lanes.runs.size).toBe(all.length);
      expect(new Set(patched).size).toBeLessThanOrEqual(all.length);
      for (const space of ['park', 'due', 'batch', 'dead'] as const) expect(await world.keys(space)).toEqual([]);
      expect(world.ledger.balance()).toMatchObject({ waiting: 0, deadLettered: 0 });
      await world.worker.release();
      await world.journal.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);
