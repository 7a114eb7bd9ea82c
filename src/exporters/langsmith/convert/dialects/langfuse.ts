import { content, type Dialect } from '../dialect.ts';
import { countsInLangfuse } from '../json-usage.ts';

const everything = ['llm', 'embedding', 'retriever', 'rerank', 'tool', 'chain'] as const;

/** Langfuse's SDKs. */
export const langfuse: Dialect = {
  id: 'langfuse',
  rank: 20,
  integration: 'langfuse-otel',
  signs: { attributes: ['langfuse.*'] },
  kinds: [
    {
      rank: 3,
      key: 'langfuse.observation.type',
      values: {
        span: 'chain',
        event: 'chain',
        chain: 'chain',
        agent: 'chain agent',
        guardrail: 'chain middleware',
        evaluator: 'chain',
        generation: 'llm',
        embedding: 'embedding',
        retriever: 'retriever',
        tool: 'tool',
      },
    },
  ],
  names: [{ rank: 4, key: 'langfuse.trace.name', only: 'root' }],
  fields: {
    model: ['langfuse.observation.model.name'],
    requestModel: [[60, 'langfuse.observation.model.name']],
    userId: ['langfuse.user.id'],
    session: [[10, 'langfuse.session.id']],
    environment: [[30, 'langfuse.environment']],
    release: ['langfuse.release'],
    promptName: ['langfuse.observation.prompt.name'],
    promptVersion: ['langfuse.observation.prompt.version'],
    error: [[30, 'langfuse.observation.status_message']],
  },
  contents: [
    content(everything, 'inputs', 2, 'langfuse.observation.input'),
    content(everything, 'outputs', 2, 'langfuse.observation.output'),
  ],
  usage: [{ rank: 3, read: countsInLangfuse }],
  costDetails: ['langfuse.observation.cost_details'],
  firstToken: [{ rank: 2, key: 'langfuse.observation.completion_start_time', unit: 'iso' }],
  metadata: [
    { rank: 30, key: 'langfuse.trace.metadata' },
    { rank: 31, prefix: 'langfuse.trace.metadata.' },
    { rank: 32, key: 'langfuse.observation.metadata' },
    { rank: 33, prefix: 'langfuse.observation.metadata.' },
  ],
  tags: ['langfuse.trace.tags', 'langfuse.tags'],
  parameters: [{ rank: 25, key: 'langfuse.observation.model.parameters' }],
  failures: { 'langfuse.observation.level': 'error' },
};
