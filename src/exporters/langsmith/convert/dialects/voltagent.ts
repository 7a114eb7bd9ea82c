import { content, type Dialect } from '../dialect.ts';
import type { KindText } from '../kind.ts';

const kinds: Readonly<Record<string, KindText>> = {
  agent: 'chain agent',
  subagent: 'chain agent',
  llm: 'llm',
  tool: 'tool',
  retriever: 'retriever',
  embedding: 'embedding',
  guardrail: 'chain middleware',
  workflow: 'chain',
  memory: 'chain',
  handoff: 'chain',
};

/** VoltAgent. Every span says the entity that it belongs to; its own type, where it says one, is the better word. */
export const voltagent: Dialect = {
  id: 'voltagent',
  rank: 30,
  integration: 'voltagent-otel',
  signs: { scopes: ['@voltagent/*'], attributes: ['voltagent.*', 'entity.type'] },
  kinds: [
    { rank: 4.1, key: 'span.type', values: kinds },
    {
      rank: 4.2,
      key: 'entity.type',
      read: (reader, type) => (reader.value('span.type') === undefined && Object.hasOwn(kinds, type) ? kinds[type] : undefined),
    },
  ],
  fields: { model: [[72, 'llm.model']], conversation: [[85, 'voltagent.conversation_id']] },
  contents: [content(['llm', 'chain'], 'inputs', 17, 'llm.messages'), content(['llm', 'chain'], 'inputs', 17.1, 'agent.messages')],
};
