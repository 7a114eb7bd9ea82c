import { content, type Dialect } from '../dialect.ts';
import { slot } from '../keys.ts';
import type { KindText } from '../kind.ts';

const spanKind = slot('langsmith.span.kind');

const kinds: Readonly<Record<string, KindText>> = {
  llm: 'llm',
  chain: 'chain',
  tool: 'tool',
  retriever: 'retriever',
  embedding: 'embedding',
  prompt: 'prompt',
  parser: 'parser',
  agent: 'chain agent',
  workflow: 'chain',
  task: 'chain',
  span: 'chain',
  function: 'chain',
  generation: 'llm',
  chat: 'llm',
  embeddings: 'embedding',
  rerank: 'retriever rerank',
  reranker: 'retriever rerank',
};

const everything = ['llm', 'embedding', 'retriever', 'rerank', 'tool', 'chain'] as const;

/** LangSmith's own SDKs, exporting over OTLP: the payload is a run's already, so it stays as it is (mapping §8.2, §11.1, §14.3). */
export const langsmithSdk: Dialect = {
  id: 'langsmith-sdk',
  rank: 10,
  signs: { scopes: ['langsmith'], attributes: ['langsmith.internal_provider', 'langsmith.traceable'] },
  recognise: (reader) => reader.has(spanKind) && reader.resource.attributes.get('service.name') === 'langsmith',
  contents: [
    content(everything, 'inputs', 1, 'gen_ai.prompt', { verbatim: true, own: true }),
    content(everything, 'outputs', 1, 'gen_ai.completion', { verbatim: true, own: true }),
  ],
};

/** `langsmith.*` attributes on anybody's spans: explicit, so they beat everything. */
export const langsmith: Dialect = {
  id: 'langsmith-attr',
  rank: 10,
  signs: { attributes: ['langsmith.*'] },
  kinds: [{ rank: 1, key: 'langsmith.span.kind', values: kinds, lossless: true }],
  fields: {
    projectId: ['langsmith.trace.session_id'],
    project: ['langsmith.trace.session_name'],
    otherProject: [[60, 'langsmith.project']],
  },
  tags: ['langsmith.span.tags'],
  parameters: [
    { rank: 15, key: 'langsmith.request.streaming', parameter: 'stream' },
    { rank: 80, key: 'langsmith.request.headers', parameter: 'headers' },
  ],
};
