import { content, type Dialect } from '../dialect.ts';
import { indexedCompletions, indexedPrompts, indexedTexts } from '../indexed-messages.ts';
import { operations } from './genai.ts';

const { chat, completion, embedding, rerank } = operations;

/** OpenLLMetry (Traceloop): `traceloop.*`, and messages as indexed attributes. */
export const openllmetry: Dialect = {
  id: 'openllmetry',
  rank: 60,
  integration: 'openllmetry-otel',
  signs: {
    scopes: ['opentelemetry.instrumentation.*', '@traceloop/*'],
    attributes: ['traceloop.*', 'llm.request.type', 'gen_ai.prompt.0.*'],
  },
  kinds: [
    {
      rank: 7,
      key: 'llm.request.type',
      values: {
        ...operations,
        chat: chat ?? 'llm',
        completion: completion ?? 'llm',
        embedding: embedding ?? 'embedding',
        rerank: rerank ?? 'retriever rerank',
      },
    },
    // LangSmith's documentation calls it so.
    { rank: 7.1, key: 'traceloop.llm.request.type', values: operations },
    {
      rank: 9,
      key: 'traceloop.span.kind',
      values: {
        workflow: 'chain',
        task: 'chain',
        session: 'chain',
        unknown: 'chain',
        agent: 'chain agent',
        tool: 'tool',
        llm: 'llm',
        retriever: 'retriever',
        embedding: 'embedding',
      },
    },
  ],
  names: [
    { rank: 7, key: 'traceloop.entity.name' },
    { rank: 7.5, key: 'traceloop.workflow.name' },
  ],
  fields: {
    provider: [[10, 'traceloop.association.properties.ls_provider']],
    model: [
      [47, 'llm.request.model'],
      [44, 'llm.response.model'],
    ],
    userId: [
      [50, 'traceloop.association.properties.user_id'],
      [34, 'llm.user'],
    ],
    promptName: [[30, 'traceloop.prompt.key']],
    promptVersion: [[30, 'traceloop.prompt.version']],
    conversation: [[80, 'traceloop.association.properties.conversation_id']],
    thread: [
      [80, 'traceloop.association.properties.thread_id'],
      [81, 'traceloop.association.properties.chat_id'],
    ],
    session: [[50, 'traceloop.association.properties.session_id']],
  },
  contents: [
    { to: ['llm', 'chain'], side: 'inputs', rank: 13, read: indexedPrompts, shape: 'openllmetry', conversation: true },
    { to: ['llm', 'chain'], side: 'outputs', rank: 13, read: indexedCompletions, shape: 'openllmetry', conversation: true },
    { to: 'embedding', side: 'inputs', rank: 64, read: indexedTexts },
    content(['llm', 'chain'], 'inputs', 18, 'traceloop.entity.input'),
    content(['llm', 'chain'], 'outputs', 18, 'traceloop.entity.output'),
    content(['embedding', 'retriever', 'rerank', 'tool'], 'inputs', 80, 'traceloop.entity.input'),
    content(['embedding', 'retriever', 'rerank', 'tool'], 'outputs', 80, 'traceloop.entity.output'),
  ],
  usage: [
    {
      rank: 12,
      input: ['llm.usage.prompt_tokens', 'usage.prompt_tokens'],
      output: ['llm.usage.completion_tokens', 'usage.completion_tokens'],
      total: ['llm.usage.total_tokens', 'usage.total_tokens'],
    },
  ],
  firstTokenEvents: ['gen_ai.content.completion.chunk', 'llm.content.completion.chunk'],
  metadata: [{ rank: 20, prefix: 'traceloop.association.properties.', except: ['tags', 'ls_provider'] }],
  tags: ['traceloop.association.properties.tags'],
  parameters: [
    { rank: 15, key: 'llm.is_streaming', parameter: 'stream' },
    { rank: 40, key: 'llm.top_k', parameter: 'top_k' },
    { rank: 40, key: 'llm.frequency_penalty', parameter: 'frequency_penalty' },
    { rank: 40, key: 'llm.presence_penalty', parameter: 'presence_penalty' },
    { rank: 40, key: 'llm.chat.stop_sequences', parameter: 'stop' },
    { rank: 81, key: 'llm.headers', parameter: 'headers' },
  ],
};
