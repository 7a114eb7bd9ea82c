import { content, type Dialect } from '../dialect.ts';
import { documentsInEvents } from '../documents.ts';
import type { SpanReader } from '../span-reader.ts';
import { springCompletion, springPrompt } from '../spring-lines.ts';

const vectorStores =
  /^(?:pinecone|chroma|qdrant|weaviate|milvus|lancedb|marqo|pgvector|pg_vector|redis-vector|opensearch-knn|elasticsearch-vector)$/;
const reads = /^(?:query|search|similarity_search|get)$/;

/** Spring AI (Micrometer: every value is text). */
export const springAi: Dialect = {
  id: 'spring-ai',
  rank: 30,
  integration: 'spring-ai-otel',
  signs: { attributes: ['spring.ai.*'] },
  logScopes: ['org.springframework.ai*'],
  kinds: [
    {
      rank: 4,
      key: 'spring.ai.kind',
      values: { chat_client: 'chain', advisor: 'chain middleware', tool_call: 'tool' },
      read: (reader, kind) => {
        if (kind !== 'vector_store') return undefined;
        return reads.test(String(reader.value('db.operation.name') ?? '').toLowerCase()) ? 'retriever' : 'chain';
      },
    },
  ],
  tools: ['spring.ai.model.request.tool.names'],
  names: [{ rank: 5.6, key: 'spring.ai.tool.definition.name', only: 'tool' }],
  fields: {
    toolCallId: [[50, 'spring.ai.tool.call.id']],
    conversation: [[40, 'spring.ai.chat.client.conversation.id']],
  },
  contents: [
    { to: 'llm', side: 'inputs', rank: 11.5, read: springPrompt },
    { to: 'llm', side: 'outputs', rank: 11.5, read: springCompletion },
    content('tool', 'inputs', 9, 'spring.ai.tool.call.arguments'),
    content('tool', 'outputs', 9, 'spring.ai.tool.call.result'),
  ],
};

/** Vector databases, whoever calls them. */
export const vectorDatabase: Dialect = {
  id: 'db-vector',
  rank: 65,
  signs: { attributes: ['db.vector.*'], events: ['db.query.result', 'db.search.result'] },
  kinds: [
    ...['db.vector.query.content', 'db.vector.query.top_k', 'db.vector.query.response.documents'].map((key) => ({
      rank: 11,
      key,
      read: () => 'retriever' as const,
    })),
    ...['db.system', 'db.system.name'].map((key) => ({
      rank: 11.1,
      key,
      read: (reader: SpanReader, system: string) => {
        if (!vectorStores.test(system)) return undefined;
        const operation = String(reader.value('db.operation.name') ?? reader.value('db.operation') ?? '').toLowerCase();
        return reads.test(operation) ? ('retriever' as const) : ('chain' as const);
      },
    })),
  ],
  contents: [
    content('retriever', 'inputs', 3, 'db.vector.query.content'),
    content('retriever', 'outputs', 6, 'db.vector.query.response.documents'),
    { to: 'retriever', side: 'outputs', rank: 7, read: documentsInEvents },
  ],
};
