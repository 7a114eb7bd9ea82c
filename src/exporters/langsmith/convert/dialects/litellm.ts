import type { Dialect } from '../dialect.ts';

/** LiteLLM: semantic conventions, costs by part, and metadata in Python's notation. */
export const litellm: Dialect = {
  id: 'litellm',
  rank: 30,
  integration: 'litellm-otel',
  signs: { scopes: ['litellm'], attributes: ['hidden_params'] },
  logScopes: ['litellm'],
  spanNames: {
    litellm_request: 'llm',
    raw_gen_ai_request: 'chain exclude',
    guardrail: 'chain middleware',
    'Received Proxy Server Request': 'chain',
  },
  metadata: [{ rank: 55, prefix: 'metadata.', pythonRepr: true, except: ['tags'] }],
};
