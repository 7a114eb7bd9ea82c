import { content, type Dialect } from '../dialect.ts';
import { countsInGenkit } from '../json-usage.ts';

/** Firebase Genkit: everything under `genkit:`. */
export const genkit: Dialect = {
  id: 'genkit',
  rank: 30,
  integration: 'genkit-otel',
  signs: { attributes: ['genkit:*'] },
  kinds: [
    {
      rank: 4,
      key: 'genkit:metadata:subtype',
      values: {
        model: 'llm',
        'background-model': 'llm',
        embedder: 'embedding',
        retriever: 'retriever',
        reranker: 'retriever rerank',
        indexer: 'chain',
        tool: 'tool',
        'tool.v2': 'tool',
        flow: 'chain',
        flowstep: 'chain',
        action: 'chain',
        util: 'chain',
        prompt: 'prompt',
        'executable-prompt': 'prompt',
        evaluator: 'chain',
        agent: 'chain agent',
      },
    },
    { rank: 4.1, key: 'genkit:type', values: { flow: 'chain', flowstep: 'chain', action: 'chain' } },
  ],
  names: [
    { rank: 5.8, key: 'genkit:name', only: 'tool' },
    { rank: 7, key: 'genkit:name' },
  ],
  fields: { model: [[60, 'genkit:name']], session: [[55, 'genkit:sessionId']] },
  contents: [
    content(['llm', 'chain'], 'inputs', 4, 'genkit:input', { shape: 'genkit' }),
    content(['llm', 'chain'], 'outputs', 4, 'genkit:output', { shape: 'genkit' }),
    content(['embedding', 'retriever', 'rerank', 'tool'], 'inputs', 12, 'genkit:input'),
    content(['embedding', 'retriever', 'rerank', 'tool'], 'outputs', 12, 'genkit:output'),
  ],
  usage: [{ rank: 4, read: countsInGenkit }],
  failures: { 'genkit:state': 'error' },
};
