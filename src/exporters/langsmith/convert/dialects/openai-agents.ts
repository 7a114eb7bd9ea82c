import { content, type Dialect } from '../dialect.ts';
import { slot } from '../keys.ts';

const rawInput = slot('raw_input');
const response = slot('response');

/** The OpenAI Agents SDK, whose own tracing reaches OpenTelemetry through others: Logfire, OpenInference. */
export const openaiAgents: Dialect = {
  id: 'openai-agents',
  rank: 30,
  integration: 'openai-agents-otel',
  signs: { scopes: ['openai-agents*', 'openinference.instrumentation.openai_agents'] },
  recognise: (reader) => reader.has(rawInput) && reader.has(response),
  kinds: [
    {
      rank: 4.5,
      key: 'type',
      values: {
        generation: 'llm',
        response: 'llm',
        function: 'tool',
        mcp_tools: 'tool',
        agent: 'chain agent',
        handoff: 'tool',
        guardrail: 'chain middleware',
        transcription: 'llm exclude',
        speech: 'llm exclude',
        speech_group: 'llm exclude',
        custom: 'chain',
      },
    },
  ],
  fields: { thread: [[90, 'group_id']] },
  contents: [
    content('llm', 'inputs', 16.1, 'raw_input', { shape: 'responses' }),
    content('llm', 'outputs', 16.1, 'response', { shape: 'responses' }),
  ],
};
