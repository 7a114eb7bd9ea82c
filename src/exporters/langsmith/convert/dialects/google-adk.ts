import { content, type Dialect } from '../dialect.ts';
import { countsInAdk } from '../json-usage.ts';

/** Google's Agent Development Kit. */
export const googleAdk: Dialect = {
  id: 'adk',
  rank: 30,
  integration: 'google-adk-otel',
  logScopes: ['gcp.vertex.agent'],
  signs: { scopes: ['gcp.vertex.agent'], attributes: ['gcp.vertex.agent.*'] },
  spanNames: { call_llm: 'llm' },
  fields: { session: [[60, 'gcp.vertex.agent.session_id']] },
  contents: [
    content('llm', 'inputs', 5, 'gcp.vertex.agent.llm_request', { shape: 'gemini' }),
    content('llm', 'outputs', 5, 'gcp.vertex.agent.llm_response', { shape: 'gemini' }),
    content('tool', 'inputs', 4, 'gcp.vertex.agent.tool_call_args'),
    content('tool', 'outputs', 4, 'gcp.vertex.agent.tool_response'),
  ],
  usage: [{ rank: 5, read: countsInAdk }],
};
