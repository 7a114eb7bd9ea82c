import { content, type Dialect } from '../../src/exporters/langsmith/convert/dialect.ts';

/** Acme Agents. */
export const acme: Dialect = {
  id: 'acme',
  rank: 30,
  integration: 'acme-otel',
  signs: { scopes: ['acme.agents'], attributes: ['acme.*'] },
  kinds: [{ rank: 4, key: 'acme.step', values: { model: 'llm', tool: 'tool', agent: 'chain agent' } }],
  names: [{ rank: 5.9, key: 'acme.tool', only: 'tool' }],
  fields: { model: ['acme.model'], userId: ['acme.user'], session: ['acme.chat'] },
  contents: [
    content(['llm', 'chain'], 'inputs', 4, 'acme.messages', { conversation: true }),
    content(['llm', 'chain'], 'outputs', 4, 'acme.reply', { conversation: true }),
    content('tool', 'inputs', 9, 'acme.arguments'),
    content('tool', 'outputs', 9, 'acme.result'),
  ],
  usage: [{ rank: 8, input: ['acme.tokens.in'], output: ['acme.tokens.out'] }],
  usageDetails: { 'input.cache_read': ['acme.tokens.cached'] },
  firstToken: [{ rank: 6, key: 'acme.first_token_ms', unit: 'milliseconds' }],
  tags: ['acme.labels'],
};
