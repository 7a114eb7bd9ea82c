import { describe, expect, it, onTestFinished } from 'vitest';
import { World } from '../exporter/world.ts';
import { convertVector, differences, draftOfVector, type Vector, vectors } from './vectors.ts';

const parentSpanId = '00f067aa0ba902b7';

/** What these expect depends on the span above them, which their `context` describes. */
const parents: ReadonlyMap<number, Vector['span']> = new Map([
  [
    46,
    {
      name: 'invoke_agent Lead',
      scope: 'agent_framework',
      attrs: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'Lead' },
    },
  ],
  [
    69,
    {
      name: 'chat claude-x',
      kind: 'CLIENT',
      attrs: {
        ...{ 'gen_ai.provider.name': 'anthropic', 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'claude-x' },
        ...{ 'gen_ai.response.id': 'msg1', 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.output_tokens': 2 },
        'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"q"}]}]',
      },
    },
  ],
]);

async function runBelow(parent: Vector['span'], vector: Vector): Promise<Record<string, unknown>> {
  const world = await World.open();
  onTestFinished(async () => {
    await world.worker.release();
    await world.journal.close();
  });
  const draft = draftOfVector(vector, { parentSpanId });
  await world.append(draft, draftOfVector({ span: parent }, { spanId: parentSpanId }));
  await world.pass(1_000);
  return world.lanes.runs.get(draft.skeleton.runId)?.fields ?? {};
}

describe('the mapping vectors', () => {
  it.each(vectors.map((vector) => [`${vector.n} ${vector.dialect}: ${vector.title}`, vector] as const))('%s', async (_, vector) => {
    const parent = parents.get(vector.n);
    expect(differences(vector, parent ? await runBelow(parent, vector) : convertVector(vector))).toEqual([]);
  });
});
