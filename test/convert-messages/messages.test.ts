import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/exporters/langsmith/convert/json.ts';
import { jsonText } from '../../src/exporters/langsmith/convert/json-writer.ts';
import { messagesOf } from '../../src/exporters/langsmith/convert/messages/messages.ts';
import type { Shape } from '../../src/exporters/langsmith/convert/messages/shape.ts';

const call = (id: string, name: string, args: string, extras?: object): object => ({
  id,
  type: 'function',
  function: { name, arguments: args },
  ...(extras && { extras }),
});
const messages = (value: Json, shape?: Shape): unknown => {
  const found = messagesOf(value, shape);
  return found === undefined ? undefined : JSON.parse(jsonText(found));
};

const cases: readonly [title: string, source: Json, expected: unknown, shape?: Shape][] = [
  [
    'chat messages as they are',
    [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'hi' },
    ],
    [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'hi' },
    ],
  ],
  [
    'null and empty members of a chat message',
    [{ role: 'assistant', content: null, refusal: null, annotations: [], tool_calls: [call('c', 'f', '{}') as Json] }],
    [{ role: 'assistant', content: null, tool_calls: [call('c', 'f', '{}')] }],
  ],
  [
    'other names of roles',
    [
      { role: 'human', content: 'a' },
      { role: 'MessageRole.AI', content: 'b' },
      { role: 'data', content: 'c' },
    ],
    [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c', name: 'data' },
    ],
  ],
  [
    'unknown members under additional_kwargs',
    [{ role: 'user', content: 'a', weight: 1, x: { y: null } }],
    [{ role: 'user', content: 'a', additional_kwargs: { weight: 1, x: { y: null } } }],
  ],
  [
    'several texts as one',
    [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ],
    [{ role: 'user', content: 'a\nb' }],
  ],
  [
    'a legacy function call',
    [{ role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } }],
    [{ role: 'assistant', content: null, tool_calls: [call('call_legacy_0', 'f', '{}')] }],
  ],
  [
    'reasoning beside the content',
    [{ role: 'assistant', content: 'a', reasoning_content: 'r' }],
    [
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'r' },
          { type: 'text', text: 'a' },
        ],
      },
    ],
  ],
  ['a list nested once more', { messages: [[{ role: 'user', content: 'a' }]] }, [{ role: 'user', content: 'a' }]],
  ['pairs of role and text', { messages: [['user', 'a']] }, [{ role: 'user', content: 'a' }]],
  ['Dify’s prompts', [{ role: 'user', text: 'q', files: [] }], [{ role: 'user', content: 'q' }]],
  [
    'GenAI parts with a tool call and its response',
    [
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'need' },
          { type: 'tool_call', id: 'c', name: 'f', arguments: { a: 1 } },
        ],
      },
      {
        role: 'tool',
        parts: [
          { type: 'tool_call_response', id: 'a', response: { ok: true } },
          { type: 'tool_call_response', id: 'b', result: 'two' },
        ],
      },
    ],
    [
      { role: 'assistant', content: [{ type: 'reasoning', text: 'need' }], tool_calls: [call('c', 'f', '{"a":1}')] },
      { role: 'tool', content: '{"ok":true}', tool_call_id: 'a' },
      { role: 'tool', content: 'two', tool_call_id: 'b' },
    ],
  ],
  [
    'GenAI media parts',
    [
      {
        role: 'user',
        parts: [
          { type: 'blob', mime_type: 'image/png', modality: 'image', content: 'QUJD' },
          { type: 'blob', mime_type: 'audio/wav', content: 'QQ==', transcript: 't' },
          { type: 'uri', modality: 'document', mime_type: 'application/pdf', uri: 'gs://b/a.pdf' },
          { type: 'file', file_id: 'f1', mime_type: 'image/png' },
          { type: 'mystery', x: 1 },
        ],
      },
    ],
    [
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } },
          { type: 'input_audio', input_audio: { data: 'QQ==', format: 'wav' }, extras: { transcript: 't' } },
          { type: 'file', file: { file_url: 'gs://b/a.pdf' } },
          { type: 'file', file: { file_id: 'f1' } },
          { type: 'mystery', x: 1 },
        ],
      },
    ],
  ],
  [
    'server-side tools of the GenAI conventions',
    [
      {
        role: 'assistant',
        parts: [
          { type: 'server_tool_call', id: 's', name: 'search', server_tool_call: { type: 'web', q: 'x' } },
          { type: 'server_tool_call_response', id: 's', server_tool_call_response: { type: 'web', error: 'no' } },
        ],
      },
    ],
    [
      {
        role: 'assistant',
        content: [
          { type: 'server_tool_call', id: 's', name: 'search', args: { q: 'x' } },
          { type: 'server_tool_result', tool_call_id: 's', status: 'error', output: { type: 'web', error: 'no' } },
        ],
      },
    ],
  ],
  [
    'a response inside of an assistant’s message follows it',
    [
      {
        role: 'assistant',
        parts: [
          { type: 'tool_call', id: 'c', name: 'f' },
          { type: 'tool_call_response', id: 'c', response: [{ type: 'text', text: '1' }] },
        ],
      },
    ],
    [
      { role: 'assistant', content: null, tool_calls: [call('c', 'f', '{}')] },
      { role: 'tool', content: '1', tool_call_id: 'c' },
    ],
  ],
  [
    'Anthropic’s blocks, results before the rest of the message',
    {
      model: 'claude',
      system: [{ type: 'text', text: 'S' }],
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 't', signature: 's' },
            { type: 'tool_use', id: 'u', name: 'f', input: { a: 1 } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'and?' },
            { type: 'tool_result', tool_use_id: 'u', content: [{ type: 'text', text: '42' }], is_error: true },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'QUJD' } },
            { type: 'redacted_thinking', data: 'x' },
          ],
        },
      ],
    },
    [
      { role: 'system', content: 'S' },
      {
        role: 'assistant',
        content: [{ type: 'reasoning', text: 't', extras: { signature: 's' } }],
        tool_calls: [call('u', 'f', '{"a":1}')],
      },
      { role: 'tool', content: '42', tool_call_id: 'u', additional_kwargs: { is_error: true } },
      { role: 'user', content: 'and?' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,QUJD' } },
          { type: 'reasoning', text: '', extras: { redacted: true, data: 'x' } },
        ],
      },
    ],
  ],
  [
    'items of the Responses API',
    {
      instructions: 'S',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'q' },
            { type: 'input_image', image_url: 'https://e.x/i.png' },
          ],
        },
        { type: 'reasoning', id: 'r', summary: [{ type: 'summary_text', text: 'why' }], encrypted_content: 'e' },
        { type: 'function_call', id: 'fc', call_id: 'c', name: 'f', arguments: '{}' },
        { type: 'function_call', call_id: 'd', name: 'g', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: '1' },
      ],
    },
    [
      { role: 'system', content: 'S' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'q' },
          { type: 'image_url', image_url: { url: 'https://e.x/i.png' } },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'reasoning', text: 'why', extras: { id: 'r', encrypted_content: 'e' } }],
        tool_calls: [call('c', 'f', '{}', { item_id: 'fc' }), call('d', 'g', '{}')],
      },
      { role: 'tool', content: '1', tool_call_id: 'c' },
    ],
  ],
  [
    'a Responses input that is a text',
    { instructions: 'S', input: 'q' },
    [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'q' },
    ],
  ],
  [
    'Bedrock’s blocks',
    [
      {
        role: 'assistant',
        content: [
          { text: 'calling' },
          { toolUse: { toolUseId: 't', name: 'calc', input: { e: '1' } } },
          { reasoningContent: { reasoningText: { text: 'why', signature: 's' } } },
        ],
      },
      {
        role: 'user',
        content: [{ toolResult: { toolUseId: 't', status: 'success', content: [{ text: '2' }] } }, { cachePoint: { type: 'default' } }],
      },
    ],
    [
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'calling' },
          { type: 'reasoning', text: 'why', extras: { signature: 's' } },
        ],
        tool_calls: [call('t', 'calc', '{"e":"1"}')],
      },
      { role: 'tool', content: '2', tool_call_id: 't', additional_kwargs: { cachePoint: { type: 'default' }, status: 'success' } },
    ],
  ],
  [
    'Gemini’s contents, with an id for a call that has none',
    {
      contents: [
        { role: 'user', parts: [{ text: 'hi' }, { inlineData: { mimeType: 'image/png', data: 'QUJD' } }] },
        { role: 'model', parts: [{ text: 'hm', thought: true }, { functionCall: { name: 'f', args: { a: 1 } } }] },
        { role: 'function', parts: [{ functionResponse: { name: 'f', response: { r: 1 } } }] },
      ],
      config: { system_instruction: 'S' },
    },
    [
      { role: 'system', content: 'S' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'hi' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } },
        ],
      },
      { role: 'assistant', content: [{ type: 'reasoning', text: 'hm' }], tool_calls: [call('call_2_0', 'f', '{"a":1}')] },
      { role: 'tool', content: '{"r":1}', tool_call_id: 'call_2_0', name: 'f' },
    ],
  ],
  [
    'Cohere’s chat',
    {
      preamble: 'S',
      chat_history: [
        { role: 'USER', message: 'a' },
        { role: 'CHATBOT', message: 'b' },
      ],
      message: 'c',
    },
    [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ],
  ],
  [
    'LangChain’s dumps',
    {
      messages: [
        [
          { lc: 1, type: 'constructor', id: ['langchain', 'schema', 'HumanMessage'], kwargs: { content: 'hi', type: 'human' } },
          {
            type: 'ai',
            data: {
              content: '',
              tool_calls: [{ name: 'f', args: { a: 1 }, id: 'c', type: 'tool_call' }],
              additional_kwargs: { tool_calls: [call('c', 'f', '{"a":1}') as Json], k: 1 },
            },
          },
          { type: 'tool', content: '7', tool_call_id: 'c' },
        ],
      ],
    },
    [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: null, tool_calls: [call('c', 'f', '{"a":1}')], additional_kwargs: { k: 1 } },
      { role: 'tool', content: '7', tool_call_id: 'c' },
    ],
  ],
  [
    'Genkit’s parts',
    {
      messages: [
        { role: 'model', content: [{ toolRequest: { name: 'f', ref: 'r', input: { a: 1 } } }] },
        { role: 'tool', content: [{ toolResponse: { name: 'f', ref: 'r', output: 'x' } }] },
        { role: 'user', content: [{ media: { url: 'data:image/png;base64,QQ==' } }, { data: { k: 1 } }] },
      ],
      config: {},
    },
    [
      { role: 'assistant', content: null, tool_calls: [call('r', 'f', '{"a":1}')] },
      { role: 'tool', content: 'x', tool_call_id: 'r', name: 'f' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,QQ==' } },
          { type: 'text', text: '{"k":1}' },
        ],
      },
    ],
  ],
  [
    'LiveKit’s chat context',
    {
      items: [
        { type: 'message', role: 'user', content: ['hello'] },
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: '1', is_error: false },
      ],
    },
    [
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: null, tool_calls: [call('c1', 'f', '{}')] },
      { role: 'tool', content: '1', tool_call_id: 'c1', additional_kwargs: { is_error: false } },
    ],
  ],
  [
    'the AI SDK’s messages',
    [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image', image: { 0: 65, 1: 66 }, mediaType: 'image/png' },
          { type: 'file', data: 'QUJD', mediaType: 'application/pdf', filename: 'a.pdf' },
        ],
        providerOptions: { x: 1 },
      },
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c', toolName: 'f', input: { a: 1 } }] },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c', toolName: 'f', output: { type: 'error-text', value: 'bad' } }] },
    ],
    [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,QUI=' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' } },
        ],
        additional_kwargs: { providerOptions: { x: 1 } },
      },
      { role: 'assistant', content: null, tool_calls: [call('c', 'f', '{"a":1}')] },
      { role: 'tool', content: 'bad', tool_call_id: 'c', name: 'f', additional_kwargs: { is_error: true } },
    ],
    'vercel',
  ],
  [
    'the AI SDK’s prompt',
    { system: 'S', prompt: 'hi' },
    [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'hi' },
    ],
    'vercel',
  ],
  ['the AI SDK’s prompt without system', { prompt: 'hi' }, [{ role: 'user', content: 'hi' }], 'vercel'],
  [
    'OpenLLMetry’s indexed messages',
    [
      { role: 'assistant', content: 'null' },
      { role: 'user', content: '[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"u"}}]', user: 'bob' },
      { role: 'assistant', content: '', function_call: { name: 'f', arguments: '{}' } },
      { role: 'user', content: '[1] is a citation' },
    ],
    [
      { role: 'assistant', content: null },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image_url', image_url: { url: 'u' } },
        ],
        name: 'bob',
      },
      { role: 'assistant', content: null, tool_calls: [call('call_legacy_2', 'f', '{}')] },
      { role: 'user', content: '[1] is a citation' },
    ],
    'openllmetry',
  ],
  [
    'OpenInference’s indexed messages',
    [
      {
        message: {
          role: 'user',
          contents: [
            { message_content: { type: 'text', text: 'what?', image: null } },
            { message_content: { type: 'image', image: { image: { url: '__REDACTED__' } } } },
          ],
        },
      },
      {
        message: {
          role: 'assistant',
          tool_calls: [{ tool_call: { id: 'c', function: { name: 'f', arguments: '{"q":1}' } } }],
          contents: [{ message_content: { type: 'reasoning', text: 'r', signature: 's' } }],
        },
      },
      {
        message: {
          role: 'user',
          contents: [{ message_content: { type: 'tool-call', text: null } }],
          tool_calls: [{ tool_call: { id: null, function: { name: null, arguments: null } } }],
        },
      },
    ],
    [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'what?' },
          { type: 'image_url', image_url: { url: '__REDACTED__' } },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'reasoning', text: 'r', extras: { signature: 's' } }],
        tool_calls: [call('c', 'f', '{"q":1}')],
      },
      { role: 'user', content: '' },
    ],
    'openinference',
  ],
  [
    'Pydantic AI’s events',
    [
      { 'event.name': 'gen_ai.user.message', role: 'user', content: 'hi' },
      { 'event.name': 'gen_ai.tool.message', role: 'tool', id: 'c', name: 'f', content: '1', 'gen_ai.message.index': 1 },
    ],
    [
      { role: 'user', content: 'hi' },
      { role: 'tool', content: '1', tool_call_id: 'c', name: 'f' },
    ],
  ],
];

describe('messages of every shape become chat completions', () => {
  it.each(cases)('%s', (_, source, expected, shape) => {
    expect(messages(source, shape)).toEqual(expected);
  });
});

describe('what is no conversation', () => {
  it.each<[Json]>([
    ['text'],
    [[]],
    [{}],
    [['a', 'b']],
    [[1]],
    [{ messages: [] }],
    [{ input: 'q' }],
    [{ prompt: 'p' }],
    [{ query: 'q', role: 1 }],
    [[{ name: 'x' }]],
    [[{ role: 'admin', id: 1 }]],
  ])('%j is left alone', (value) => {
    expect(messagesOf(value)).toBeUndefined();
  });
});
