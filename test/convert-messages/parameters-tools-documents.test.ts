import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/exporters/langsmith/convert/json.ts';
import { jsonText } from '../../src/exporters/langsmith/convert/json-writer.ts';
import { documentsOf, parametersOf, toolsOf, usageOf } from '../../src/exporters/langsmith/convert/messages/messages.ts';

const plain = (value: Json | undefined): unknown => (value === undefined ? undefined : JSON.parse(jsonText(value)));
const tool = (description?: string, parameters: object = { type: 'object' }): object => ({
  type: 'function',
  function: { name: 'f', ...(description && { description }), parameters },
});
const schema = { type: 'object' };

describe('definitions of tools', () => {
  it.each<[string, Json, unknown]>([
    ['OpenAI chat', [{ type: 'function', function: { name: 'f', parameters: schema } }], [tool()]],
    ['OpenAI Responses', [{ type: 'function', name: 'f', description: 'd', parameters: schema }], [tool('d')]],
    [
      'Anthropic',
      [{ name: 'f', description: 'd', input_schema: schema, cache_control: { type: 'x' } }],
      [{ ...tool('d'), cache_control: { type: 'x' } }],
    ],
    ['the AI SDK, as JSON texts', ['{"type":"function","name":"f","inputSchema":{"type":"object"}}'], [tool()]],
    ['Bedrock', [{ toolSpec: { name: 'f', inputSchema: { json: schema } } }], [tool()]],
    [
      'Gemini',
      [{ functionDeclarations: [{ name: 'f', parameters: schema }], googleSearch: { x: 1 } }],
      [tool(), { googleSearch: { x: 1 } }],
    ],
    ['OpenLLMetry', [{ name: 'f', arguments: '{"type":"object"}' }], [tool()]],
    [
      'tools of the provider and bare names',
      [{ type: 'web_search_20250305', name: 'web_search' }, '/tool/f'],
      [{ type: 'web_search_20250305', name: 'web_search' }, '/tool/f'],
    ],
    ['a list as JSON text', '[{"name":"f","parameters":{"type":"object"}}]', [tool()]],
  ])('of %s get OpenAI’s form', (_, source, expected) => {
    expect(plain(toolsOf(source))).toEqual(expected);
  });

  it('are no list elsewhere', () => {
    expect(toolsOf('f')).toBeUndefined();
    expect(toolsOf(1)).toBeUndefined();
  });
});

describe('parameters of a request', () => {
  it.each<[string, Json, unknown]>([
    [
      'OpenAI',
      { model: 'm', messages: [], temperature: 0, stop: ['x'], stream: false },
      { model: 'm', temperature: 0, stop: ['x'], stream: false },
    ],
    [
      'Anthropic',
      { model: 'm', system: 's', messages: [], max_tokens: 5, stop_sequences: ['x'] },
      { model: 'm', max_tokens: 5, stop: ['x'] },
    ],
    [
      'Gemini',
      {
        contents: [],
        config: {
          system_instruction: 's',
          maxOutputTokens: 5,
          topP: 0.5,
          tools: [{ function_declarations: [{ name: 'f', parameters: schema }] }],
        },
      },
      { max_tokens: 5, top_p: 0.5, tools: [tool()] },
    ],
    [
      'Bedrock',
      {
        modelId: 'm',
        messages: [],
        inferenceConfig: { maxTokens: 5 },
        toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: schema } } }], toolChoice: { auto: {} } },
      },
      { model: 'm', max_tokens: 5, tools: [tool()], tool_choice: { auto: {} } },
    ],
    ['Ollama', { model: 'm', messages: [], options: { num_predict: 5 } }, { model: 'm', max_tokens: 5 }],
    ['no object', 'text', {}],
  ])('of %s', (_, body, expected) => {
    expect(plain(parametersOf(body))).toEqual(expected);
  });
});

describe('documents', () => {
  const document = (page_content: string, metadata: object = {}): object => ({ page_content, type: 'Document', metadata });

  it.each<[string, Json, unknown]>([
    ['texts', ['a', '{"content":"b"}'], [document('a'), document('b')]],
    ['GenAI', [{ id: 'd', score: 0.9, content: 't' }], [document('t', { id: 'd', score: 0.9 })]],
    ['LangChain', [{ pageContent: 't', metadata: { a: 1 }, type: 'Document' }], [document('t', { a: 1 })]],
    [
      'dumped LangChain',
      [{ lc: 1, type: 'constructor', id: ['x', 'Document'], kwargs: { page_content: 't', metadata: { a: 1 } } }],
      [document('t', { a: 1 })],
    ],
    [
      'LlamaIndex',
      { source_nodes: [{ node: { id_: 'n', text: 't', metadata: { a: 1 } }, score: 0.5 }] },
      [document('t', { id: 'n', a: 1, score: 0.5 })],
    ],
    [
      'Haystack',
      { documents: [{ id: '1', content: 'c', score: 0.4, meta: { s: 'x' } }] },
      [document('c', { id: '1', score: 0.4, s: 'x' })],
    ],
    ['Dify', [{ document: { content: 'c', metadata: { m: 1 }, id: '9' } }], [document('c', { m: 1, id: '9' })]],
    ['OpenInference', [{ content: 'c', metadata: '{"p":1}', score: 0.5 }], [document('c', { p: 1, score: 0.5 })]],
    ['without content', [{ id: 'x' }], [document('', { id: 'x' })]],
    ['structured content', [{ content: { a: 1 } }], [document('{"a":1}')]],
  ])('of %s', (_, source, expected) => {
    expect(plain(documentsOf(source))).toEqual(expected);
  });

  it.each<[Json]>([['text'], [[]], [[1]], [{ answer: 'x' }]])('%j holds none', (value) => {
    expect(documentsOf(value)).toBeUndefined();
  });
});

describe('usage in an answer', () => {
  it.each<[Json, unknown]>([
    [{ usage: { prompt_tokens: 1 } }, { prompt_tokens: 1 }],
    [{ usageMetadata: { promptTokenCount: 1 } }, { promptTokenCount: 1 }],
    [
      { prompt_eval_count: 1, eval_count: 2, model: 'm' },
      { prompt_eval_count: 1, eval_count: 2 },
    ],
    [{ llmOutput: { tokenUsage: { totalTokens: 1 } } }, { totalTokens: 1 }],
    [{ choices: [] }, undefined],
    [[1], undefined],
  ])('of %j', (body, expected) => {
    expect(plain(usageOf(body))).toEqual(expected);
  });
});
