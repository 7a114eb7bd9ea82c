import { content, type Dialect } from '../dialect.ts';

const everything = ['llm', 'embedding', 'retriever', 'rerank', 'tool', 'chain'] as const;

/** Laminar. */
export const laminar: Dialect = {
  id: 'laminar',
  rank: 20,
  integration: 'laminar-otel',
  signs: { attributes: ['lmnr.*'] },
  kinds: [
    {
      rank: 4,
      key: 'lmnr.span.type',
      values: {
        llm: 'llm',
        tool: 'tool',
        default: 'chain',
        pipeline: 'chain',
        executor: 'chain',
        evaluation: 'chain',
        human_evaluator: 'chain',
        evaluator: 'chain',
        cached: 'chain',
      },
    },
  ],
  fields: {
    provider: [[10, 'lmnr.association.properties.ls_provider']],
    userId: [[65, 'lmnr.association.properties.user_id']],
    session: [[52, 'lmnr.association.properties.session_id']],
  },
  contents: [content(everything, 'inputs', 3, 'lmnr.span.input'), content(everything, 'outputs', 3, 'lmnr.span.output')],
  metadata: [
    { rank: 21, prefix: 'lmnr.association.properties.', except: ['tags', 'ls_provider'] },
    { rank: 22, prefix: 'lmnr.association.properties.metadata.' },
  ],
  tags: ['lmnr.association.properties.tags', 'lmnr.span.tags'],
};
