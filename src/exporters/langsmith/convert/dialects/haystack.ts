import { content, type Dialect } from '../dialect.ts';
import type { KindText } from '../kind.ts';

/** The class of a component says what it does. */
const suffixes: readonly (readonly [RegExp, KindText])[] = [
  [/generator$/, 'llm'],
  [/embedder$/, 'embedding'],
  [/retriever$/, 'retriever'],
  [/ranker$/, 'retriever rerank'],
  [/^toolinvoker$/, 'tool'],
  [/promptbuilder$/, 'prompt'],
  [/(?:converter|validator)$/, 'parser'],
];

/** Haystack. */
export const haystack: Dialect = {
  id: 'haystack',
  rank: 30,
  integration: 'haystack-otel',
  signs: { attributes: ['haystack.*'] },
  kinds: [
    { rank: 12.5, key: 'haystack.component.type', read: (_, type) => suffixes.find(([suffix]) => suffix.test(type))?.[1] ?? 'chain' },
  ],
  spanNames: {
    'haystack.pipeline.run': 'chain',
    'haystack.component.run': 'chain',
    'haystack.agent.run': 'chain agent',
    'haystack.agent.step.llm': 'llm',
    'haystack.chat_generator.run': 'llm',
    'haystack.agent.step.tool': 'tool',
  },
  names: [
    { rank: 5.7, key: 'haystack.tool.name', only: 'tool' },
    { rank: 6.4, key: 'haystack.agent.name', only: 'agent' },
    { rank: 7.7, key: 'haystack.component.name' },
  ],
  contents: [
    content(['llm', 'chain'], 'inputs', 17.5, 'haystack.component.input'),
    content(['llm', 'chain'], 'outputs', 17.5, 'haystack.component.output'),
    content('tool', 'inputs', 10.9, 'haystack.tool.input'),
    content('tool', 'outputs', 10.9, 'haystack.tool.output'),
    content(['embedding', 'retriever', 'rerank', 'tool'], 'inputs', 11, 'haystack.component.input'),
    content(['embedding', 'retriever', 'rerank', 'tool'], 'outputs', 11, 'haystack.component.output'),
    content('chain', 'inputs', 4.5, 'haystack.pipeline.input_data'),
    content('chain', 'outputs', 4.5, 'haystack.pipeline.output_data'),
  ],
};
