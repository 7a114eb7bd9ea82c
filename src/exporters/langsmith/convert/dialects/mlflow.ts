import { content, type Dialect } from '../dialect.ts';
import { countsInMlflow } from '../json-usage.ts';

const everything = ['llm', 'embedding', 'retriever', 'rerank', 'tool', 'chain'] as const;

/** MLflow: every value is JSON text, strings too. */
export const mlflow: Dialect = {
  id: 'mlflow',
  rank: 20,
  integration: 'mlflow-otel',
  signs: { attributes: ['mlflow.*'] },
  kinds: [
    {
      rank: 4,
      key: 'mlflow.spanType',
      values: {
        llm: 'llm',
        chat_model: 'llm',
        embedding: 'embedding',
        retriever: 'retriever',
        reranker: 'retriever rerank',
        tool: 'tool',
        parser: 'parser',
        agent: 'chain agent',
        chain: 'chain',
        workflow: 'chain',
        task: 'chain',
        memory: 'chain',
        evaluator: 'chain',
        guardrail: 'chain middleware',
        unknown: 'chain',
      },
    },
  ],
  names: [{ rank: 7.8, key: 'mlflow.spanName' }],
  fields: { session: [[54, 'mlflow.trace.session']] },
  contents: [content(everything, 'inputs', 3, 'mlflow.spanInputs'), content(everything, 'outputs', 3, 'mlflow.spanOutputs')],
  costDetails: ['mlflow.llm.cost'],
  usage: [{ rank: 14, read: countsInMlflow }],
  tools: ['mlflow.chat.tools'],
  tags: ['mlflow.trace.tags'],
};
