import type { Dialect } from '../dialect.ts';

/** AutoGen's core, which traces the messages between its agents. */
export const autogen: Dialect = {
  id: 'autogen',
  rank: 30,
  integration: 'autogen-otel',
  signs: { scopes: ['autogen-core', 'autogen *'] },
};
