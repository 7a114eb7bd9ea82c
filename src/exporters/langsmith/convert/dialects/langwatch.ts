import { content, type Dialect } from '../dialect.ts';
import { countsInLangwatch } from '../json-usage.ts';
import { langwatchInput, langwatchOutput } from '../langwatch-value.ts';

const everything = ['llm', 'embedding', 'retriever', 'rerank', 'tool', 'chain'] as const;
const chains = [
  'chain',
  'workflow',
  'component',
  'module',
  'server',
  'client',
  'producer',
  'consumer',
  'task',
  'evaluation',
  'span',
  'unknown',
];

/** LangWatch. */
export const langwatch: Dialect = {
  id: 'langwatch',
  rank: 20,
  integration: 'langwatch-otel',
  signs: { scopes: ['langwatch*'], attributes: ['langwatch.*'] },
  firstTokenScale: 0.001,
  kinds: [
    {
      rank: 4,
      key: 'langwatch.span.type',
      values: {
        llm: 'llm',
        rag: 'retriever',
        tool: 'tool',
        agent: 'chain agent',
        guardrail: 'chain middleware',
        prompt: 'prompt',
        ...Object.fromEntries(chains.map((type) => [type, 'chain'] as const)),
      },
    },
  ],
  fields: {
    userId: [[63, 'langwatch.user.id']],
    thread: [[45, 'langwatch.thread.id']],
  },
  contents: [
    { to: everything, side: 'inputs', rank: 3, read: langwatchInput },
    { to: everything, side: 'outputs', rank: 3, read: langwatchOutput },
    content('retriever', 'outputs', 5, 'langwatch.rag.contexts'),
  ],
  usage: [{ rank: 14, read: countsInLangwatch }],
  metadata: [
    { rank: 35, key: 'langwatch.metadata' },
    { rank: 36, key: 'langwatch.params' },
  ],
  tags: ['langwatch.labels'],
};
