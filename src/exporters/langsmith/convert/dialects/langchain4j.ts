import type { Dialect } from '../dialect.ts';

/** LangChain4j, mostly inside of Quarkus: semantic conventions, and a cost with its currency behind it. */
export const langchain4j: Dialect = {
  id: 'langchain4j',
  rank: 30,
  integration: 'langchain4j-otel',
  signs: { attributes: ['langchain4j.*'] },
  recognise: ({ span }) => span.name.startsWith('langchain4j.'),
  spanNames: { 'langchain4j.tools.*': 'tool', 'langchain4j.aiservices.*': 'chain' },
  costs: { total_cost: [[65, 'gen_ai.client.estimated_cost']] },
};
