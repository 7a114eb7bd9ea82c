import type { Dialect } from '../dialect.ts';

/** What OpenRouter broadcasts: semantic conventions, with costs. The caller's `trace.metadata.*` stays metadata by its own name. */
export const openrouter: Dialect = {
  id: 'openrouter',
  rank: 30,
  integration: 'openrouter-otel',
  signs: { attributes: ['trace.metadata.openrouter.*'] },
};
