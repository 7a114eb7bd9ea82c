import { content, type Dialect } from '../dialect.ts';

const inputs = ['agent_run', 'workflow_run', 'workflow_step', 'processor_run', 'generic', 'model_step', 'scorer_run', 'scorer_step'];

/** Mastra. */
export const mastra: Dialect = {
  id: 'mastra',
  rank: 30,
  integration: 'mastra-otel',
  signs: { scopes: ['@mastra/*'], attributes: ['mastra.*'] },
  kinds: [
    {
      rank: 4,
      key: 'mastra.span.type',
      values: {
        agent_run: 'chain agent',
        model_generation: 'llm',
        model_step: 'chain exclude',
        model_chunk: 'chain exclude',
        model_inference: 'llm',
        tool_call: 'tool',
        mcp_tool_call: 'tool',
        provider_tool_call: 'tool',
        client_tool_call: 'tool',
        rag_embedding: 'embedding',
        processor_run: 'chain middleware',
        generic: 'chain',
      },
      read: (_, type) =>
        /^(?:workflow_|scorer_)/.test(type) ? 'chain' : type.startsWith('rag_') && type !== 'rag_embedding' ? 'retriever' : undefined,
    },
  ],
  fields: {
    userId: [[70, 'mastra.metadata.userId']],
    thread: [[70, 'mastra.metadata.threadId']],
    session: [[65, 'mastra.metadata.sessionId']],
  },
  contents: [
    content('llm', 'inputs', 8.5, 'mastra.model_generation.input'),
    content('llm', 'outputs', 8.5, 'mastra.model_generation.output', { shape: 'vercel' }),
    ...inputs.map((type) => content('chain', 'inputs', 5, `mastra.${type}.input`)),
    ...inputs.map((type) => content('chain', 'outputs', 5, `mastra.${type}.output`)),
  ],
  firstToken: [{ rank: 2, key: 'mastra.completion_start_time', unit: 'iso' }],
  metadata: [{ rank: 40, prefix: 'mastra.metadata.' }],
  tags: ['mastra.tags'],
};
