import { describe, expect, it } from 'vitest';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import { caller, draftOf, entriesOf, run, sent } from './spans.ts';

const llm = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
const picture = Buffer.alloc(3_000, 7);
const asked = [
  {
    role: 'user',
    parts: [
      { type: 'text', content: 'what?' },
      { type: 'blob', mime_type: 'image/png', modality: 'image', content: picture.toString('base64') },
    ],
  },
];
const messages = { ...llm, 'gen_ai.input.messages': JSON.stringify(asked) };

describe('media in messages', () => {
  it('stay where they are while they are small', () => {
    const { inputs } = run(messages);
    expect(JSON.stringify(inputs)).toContain(picture.toString('base64'));
  });

  it('become attachments where they are larger than allowed', () => {
    const { span, scope, resource } = sent({ name: 'span', attributes: entriesOf(messages) });
    const draft = createConverter({ inlineMediaBytesMax: 2_000 })(span, scope, resource, caller);
    expect(draft.body.attachments.map(({ name, contentType, content }) => [name, contentType, picture.equals(content)])).toEqual([
      ['msg0_part1_png', 'image/png', true],
    ]);
    expect(runJson(draft).inputs).toEqual({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'what?' },
            { type: 'text', text: '[attachment: msg0_part1_png]', extras: { mime_type: 'image/png' } },
          ],
        },
      ],
    });
  });
});

describe('attachments', () => {
  it('have names of their own that no header chokes on', () => {
    const content = Buffer.from('x').toString('base64');
    const given = ['a.b', 'a"b', 'a\r\nb', 'é'.repeat(200)].map((name) => ({ name, content, mime_type: 'text/plain' }));
    const { attachments } = draftOf({ attributes: entriesOf({ 'langsmith.attachments': JSON.stringify(given) }) }).body;
    const names = attachments.map(({ name }) => name);
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[\w-]{1,128}$/);
  });
});

describe('token details', () => {
  const usage = (attributes: Record<string, unknown>) =>
    (run(attributes) as { extra: { metadata: { usage_metadata: unknown } } }).extra.metadata.usage_metadata;
  const tokens = {
    ...llm,
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 50,
    'gen_ai.usage.cache_read.input_tokens': 30,
    'gen_ai.usage.reasoning.output_tokens': 20,
  };

  it.each(['flex', 'priority'])('are those of the %s tier', (tier) => {
    expect(usage({ ...tokens, 'gen_ai.openai.response.service_tier': tier })).toMatchObject({
      input_token_details: { [tier]: 70, [`${tier}_cache_read`]: 30 },
      output_token_details: { [tier]: 30, [`${tier}_reasoning`]: 20 },
    });
  });

  it('are the plain ones of the default tier', () => {
    expect(usage({ ...tokens, 'openai.response.service_tier': 'default' })).toMatchObject({ input_token_details: { cache_read: 30 } });
  });

  it('tell a very long prompt of Gemini', () => {
    const long = { ...tokens, 'gen_ai.provider.name': 'gcp.gemini', 'gen_ai.usage.input_tokens': 250_000 };
    expect(usage(long)).toMatchObject({
      input_token_details: { over_200k: 249_970, cache_read_over_200k: 30 },
      output_token_details: { over_200k: 50, reasoning: 20 },
    });
  });

  it('are read as Python prints them', () => {
    const { 'gen_ai.usage.cache_read.input_tokens': _, 'gen_ai.usage.reasoning.output_tokens': __, ...base } = tokens;
    const printed = {
      'gen_ai.usage.input_token_details': "{'cache_read': 5, 'x': None}",
      'gen_ai.usage.output_token_details': "{'reasoning': 4}",
    };
    expect(usage({ ...base, ...printed })).toMatchObject({
      input_token_details: { cache_read: 5 },
      output_token_details: { reasoning: 4 },
    });
  });
});

describe('other messages', () => {
  it('of LiveKit begin with the instructions', () => {
    const context = { items: [{ type: 'message', role: 'user', content: ['hi'] }] };
    expect(run({ 'lk.chat_ctx': JSON.stringify(context), 'lk.instructions': 'be kind' }, { name: 'llm_request' }).inputs).toEqual({
      messages: [
        { role: 'system', content: 'be kind' },
        { role: 'user', content: 'hi' },
      ],
    });
  });

  it('of Cohere plan their tools before they call them', () => {
    const answer = {
      message: {
        role: 'assistant',
        tool_plan: 'look it up',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
    };
    expect(run({ ...llm, 'output.value': JSON.stringify(answer) }).outputs).toMatchObject({
      choices: [{ message: { content: [{ type: 'reasoning', text: 'look it up' }], tool_calls: [{ id: 'c' }] } }],
    });
  });
});
