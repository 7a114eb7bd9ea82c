import { content, type Dialect } from '../dialect.ts';
import { pydanticConversation, pydanticEventAnswers, pydanticEventHistory, pydanticLastTurn } from '../pydantic-messages.ts';

/** Pydantic AI, versions 1 to 6. */
export const pydanticAi: Dialect = {
  id: 'pydantic-ai',
  rank: 30,
  integration: 'pydantic-ai-otel',
  signs: { scopes: ['pydantic-ai'], attributes: ['pydantic_ai.*', 'all_messages_events'] },
  contents: [
    { to: ['llm', 'chain'], side: 'inputs', rank: 10, read: pydanticEventHistory, shape: 'events', conversation: true },
    { to: ['llm', 'chain'], side: 'outputs', rank: 10, read: pydanticEventAnswers, shape: 'events', conversation: true },
    { to: 'chain', side: 'inputs', rank: 11.5, read: pydanticConversation, shape: 'genai', conversation: true },
    content('chain', 'outputs', 11, 'final_result'),
    { to: 'chain', side: 'outputs', rank: 11.5, read: pydanticLastTurn, shape: 'genai', conversation: true },
  ],
  usage: [{ rank: 9.5, input: ['gen_ai.aggregated_usage.input_tokens'], output: ['gen_ai.aggregated_usage.output_tokens'] }],
  costs: { total_cost: [[50, 'operation.cost']] },
};

/** Pydantic Logfire's instrumentations of clients. */
export const logfire: Dialect = {
  id: 'logfire',
  rank: 30,
  integration: 'logfire-otel',
  signs: { scopes: ['logfire*'], attributes: ['logfire.msg', 'logfire.span_type'] },
  contents: [content('llm', 'inputs', 16, 'request_data'), content('llm', 'outputs', 16, 'response_data')],
  tags: ['logfire.tags'],
  rename: { 'logfire.msg': 'logfire_msg' },
  private: ['logfire.json_schema'],
};
