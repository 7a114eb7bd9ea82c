import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/exporters/langsmith/convert/json.ts';
import { jsonText } from '../../src/exporters/langsmith/convert/json-writer.ts';
import { finishReason } from '../../src/exporters/langsmith/convert/messages/finish-reason.ts';
import { choicesOf } from '../../src/exporters/langsmith/convert/messages/messages.ts';
import type { Shape } from '../../src/exporters/langsmith/convert/messages/shape.ts';

const choices = (value: Json, shape?: Shape): unknown => {
  const found = choicesOf(value, shape);
  return found === undefined ? undefined : JSON.parse(jsonText(found));
};
const said = (content: unknown, finish_reason?: string, index = 0): object => ({
  index,
  ...(finish_reason && { finish_reason }),
  message: { role: 'assistant', content },
});
const called = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
};

const cases: readonly [title: string, answer: Json, expected: unknown, shape?: Shape][] = [
  [
    'OpenAI chat',
    {
      choices: [
        { index: 0, message: { role: 'assistant', content: 'a', refusal: null }, logprobs: null, finish_reason: 'stop' },
        { index: 1, message: { role: 'assistant', content: 'b' } },
      ],
    },
    [said('a', 'stop'), said('b', undefined, 1)],
  ],
  [
    'OpenAI text completion',
    { choices: [{ text: 'a', index: 0, finish_reason: 'length' }] },
    [{ index: 0, finish_reason: 'length', text: 'a' }],
  ],
  [
    'OpenAI Responses',
    {
      output: [
        { type: 'reasoning', id: 'r', summary: [] },
        {
          type: 'message',
          id: 'm',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'a', annotations: [] }],
        },
        { type: 'web_search_call', id: 'w', status: 'completed', action: { q: 'x' } },
      ],
    },
    [
      {
        index: 0,
        message: {
          role: 'assistant',
          id: 'm',
          content: [
            { type: 'reasoning', text: '', extras: { id: 'r' } },
            { type: 'text', text: 'a' },
            { type: 'server_tool_call', id: 'w', name: 'web_search', args: { action: { q: 'x' } } },
            { type: 'server_tool_result', tool_call_id: 'w', status: 'completed' },
          ],
          additional_kwargs: { status: 'completed' },
        },
      },
    ],
  ],
  [
    'Anthropic',
    {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } }],
      stop_reason: 'tool_use',
      stop_sequence: null,
    },
    [{ index: 0, finish_reason: 'tool_use', message: called }],
  ],
  [
    'Bedrock Converse',
    { output: { message: { role: 'assistant', content: [{ text: 'a' }] } }, stopReason: 'end_turn', usage: {} },
    [said('a', 'end_turn')],
  ],
  ['Gemini', { candidates: [{ content: { role: 'model', parts: [{ text: 'a' }] }, finishReason: 'STOP', index: 0 }] }, [said('a', 'STOP')]],
  [
    'the Agent Development Kit',
    { content: { role: 'model', parts: [{ function_call: { id: 'c', name: 'f', args: { a: 1 } } }] }, finish_reason: 'STOP' },
    [{ index: 0, finish_reason: 'STOP', message: called }],
  ],
  ['Genkit', { message: { role: 'model', content: [{ text: 'a' }] }, finishReason: 'stop' }, [said('a', 'stop')]],
  ['Ollama', { message: { role: 'assistant', content: 'a' }, done_reason: 'stop', done: true }, [said('a', 'stop')]],
  ['Cohere', { text: 'a', chat_history: [], finish_reason: 'COMPLETE' }, [said('a', 'COMPLETE')]],
  [
    'LangChain',
    {
      generations: [
        [
          {
            text: 'a',
            generationInfo: { finish_reason: 'stop' },
            message: { lc: 1, type: 'constructor', id: ['x', 'AIMessage'], kwargs: { content: 'a' } },
          },
        ],
      ],
    },
    [said('a', 'stop')],
  ],
  [
    'the AI SDK and Mastra',
    { text: '', toolCalls: [{ toolCallId: 'c', toolName: 'f', args: { a: 1 } }], files: [], reasoning: [] },
    [{ index: 0, message: called }],
  ],
  [
    'GenAI output messages',
    [
      { role: 'assistant', parts: [{ type: 'text', content: 'a' }], finish_reason: 'stop' },
      { role: 'assistant', parts: [{ type: 'text', content: 'b' }] },
    ],
    [said('a', 'stop'), said('b', undefined, 1)],
  ],
  [
    'a tool result inside of an answer',
    [
      {
        role: 'assistant',
        parts: [
          { type: 'tool_call', id: 'c', name: 'f', arguments: { a: 1 } },
          { type: 'tool_call_response', id: 'c', response: '2' },
        ],
      },
    ],
    [{ index: 0, message: { ...called, content: [{ type: 'server_tool_result', tool_call_id: 'c', output: '2' }] } }],
  ],
  [
    'choices out of events',
    [{ index: 1, finish_reason: 'stop', message: { role: 'assistant', content: 'b' } }],
    [said('b', 'stop', 1)],
    'events',
  ],
  ['a bare message', { role: 'assistant', content: 'a' }, [said('a')]],
  [
    'OpenLLMetry',
    [{ role: 'assistant', content: '', finish_reason: 'tool_calls', tool_calls: [{ id: 'c', name: 'f', arguments: '{"a":1}' }] }],
    [{ index: 0, finish_reason: 'tool_calls', message: called }],
    'openllmetry',
  ],
  [
    'Pydantic AI’s events',
    [
      { 'event.name': 'gen_ai.user.message', content: 'q' },
      { 'event.name': 'gen_ai.choice', index: 0, message: { role: 'assistant', content: 'ok' } },
    ],
    [said('ok')],
  ],
];

describe('answers of every shape become choices', () => {
  it.each(cases)('%s', (_, answer, expected, shape) => {
    expect(choices(answer, shape)).toEqual(expected);
  });

  it.each<[Json]>([['text'], [{}], [[]], [{ output: 'x' }], [{ text: 'a' }], [[{ text: 'a', score: 1 }]], [{ choices: [] }]])(
    '%j is no answer of a model',
    (value) => {
      expect(choicesOf(value)).toBeUndefined();
    },
  );
});

describe('finish reasons', () => {
  it.each([
    ['STOP', 'stop'],
    ['end_turn', 'stop'],
    ['tool-calls', 'tool_calls'],
    ['MAX_TOKENS', 'length'],
    ['content-filter', 'content_filter'],
    ['COMPLETE', 'COMPLETE'],
  ])('%s is %s', (raw, expected) => {
    expect(finishReason(raw)).toBe(expected);
  });
});
