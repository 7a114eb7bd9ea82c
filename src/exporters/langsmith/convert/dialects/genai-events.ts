import type { Dialect } from '../dialect.ts';
import {
  messageEventAnswers,
  messageEventHistory,
  textEventAnswers,
  textEventHistory,
  toolEventInput,
  toolEventOutput,
} from '../message-occurrences.ts';

/** Content that travels as span events or log records instead of attributes. */
export const genaiEvents: Dialect = {
  id: 'genai-events',
  rank: 40,
  signs: {
    events: [
      'gen_ai.system.message',
      'gen_ai.user.message',
      'gen_ai.assistant.message',
      'gen_ai.tool.message',
      'gen_ai.choice',
      'gen_ai.content.prompt',
      'gen_ai.content.completion',
    ],
  },
  contents: [
    { to: ['llm', 'chain'], side: 'inputs', rank: 11, read: messageEventHistory, shape: 'events', conversation: true },
    { to: ['llm', 'chain'], side: 'outputs', rank: 11, read: messageEventAnswers, shape: 'events', conversation: true },
    { to: ['llm', 'chain'], side: 'inputs', rank: 14, read: textEventHistory, conversation: true },
    { to: ['llm', 'chain'], side: 'outputs', rank: 14, read: textEventAnswers, conversation: true },
    { to: 'tool', side: 'inputs', rank: 18, read: toolEventInput },
    { to: 'tool', side: 'outputs', rank: 14, read: toolEventOutput },
  ],
};
