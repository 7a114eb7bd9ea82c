import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { uuidV5 } from '../../src/model/uuid-v5.ts';
import { draftOf, entriesOf, run, startNano } from './spans.ts';

const llm = { 'gen_ai.operation.name': 'chat' };
const user = (content: string) => JSON.stringify([{ role: 'user', parts: [{ type: 'text', content }] }]);

describe('the source of inputs', () => {
  it('is the next one where a better one says nothing', () => {
    for (const nothing of ['', 'null', '{}', '[]', '<not specified>'])
      expect(run({ ...llm, 'gen_ai.input.messages': nothing, 'input.value': 'q' })).toMatchObject({
        inputs: { messages: [{ content: 'q' }] },
      });
  });

  it('is a redaction mark only where there is nothing else', () => {
    expect(run({ ...llm, 'gen_ai.prompt': '<REDACTED>', 'input.value': 'q' })).toMatchObject({ inputs: { messages: [{ content: 'q' }] } });
    expect(run({ ...llm, 'gen_ai.prompt': '<REDACTED>' })).toMatchObject({ inputs: { messages: [{ content: '<REDACTED>' }] } });
  });

  it('is text that was cut off only where there is nothing else', () => {
    const cut = user('long').slice(0, 30);
    expect(run({ ...llm, 'gen_ai.input.messages': cut })).toMatchObject({
      inputs: { input: cut },
      extra: { metadata: { otel_truncated: true } },
    });
    expect(run({ ...llm, 'gen_ai.input.messages': cut, 'input.value': 'q' })).toMatchObject({ inputs: { messages: [{ content: 'q' }] } });
  });

  it('is a real list where the attribute holds a list, never JSON text', () => {
    expect(run({ 'traceloop.span.kind': 'task', 'traceloop.entity.input': '[1,2]' })).toMatchObject({ inputs: { input: [1, 2] } });
  });

  it('is the details event where the span has none, and the span where both have one', () => {
    const events = [
      {
        name: 'gen_ai.client.inference.operation.details',
        timeUnixNano: startNano,
        attributes: entriesOf({ 'gen_ai.input.messages': user('event') }),
      },
    ];
    expect(run(llm, { events })).toMatchObject({ inputs: { messages: [{ role: 'user', content: 'event' }] } });
    const both = run({ ...llm, 'gen_ai.input.messages': user('span') }, { events });
    expect(both).toMatchObject({ inputs: { messages: [{ role: 'user', content: 'span' }] } });
    expect(JSON.stringify(both)).toContain('event');
  });

  it('holds earlier answers as history, and outputs only the last ones without a choice', () => {
    const events = ['user', 'assistant', 'user', 'assistant'].map((role, at) => ({
      name: `gen_ai.${role}.message`,
      timeUnixNano: startNano + BigInt(at),
      attributes: entriesOf({ content: `turn ${at}` }),
    }));
    const answered = run(llm, { events });
    expect(answered).toMatchObject({
      inputs: { messages: [{ content: 'turn 0' }, { content: 'turn 1' }, { content: 'turn 2' }] },
      outputs: { choices: [{ message: { role: 'assistant', content: 'turn 3' } }] },
    });
    expect(answered).not.toHaveProperty('events');
  });

  it('is a prompt for a text completion', () => {
    expect(run({ 'gen_ai.operation.name': 'text_completion', 'gen_ai.prompt': 'p', 'gen_ai.completion': 'c' })).toMatchObject({
      inputs: { prompt: 'p' },
      outputs: { choices: [{ index: 0, text: 'c' }] },
      extra: { metadata: { ls_model_type: 'llm' } },
    });
  });
});

describe('indexed messages', () => {
  it('lose nothing where one is told on two levels, with another word on each', () => {
    const given = { 'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.0.content': 'outer', 'gen_ai.prompt.0.message.content': 'inner' };
    expect(run(given)).toMatchObject({
      inputs: { messages: [{ role: 'user', content: 'inner', additional_kwargs: { before: { content: 'outer' } } }] },
    });
  });
});

describe('an answer', () => {
  it('of LiveKit is what was said and the calls that came with it', () => {
    const calls = JSON.stringify([{ call_id: 'c1', name: 'f', arguments: '{"a":1}' }]);
    const { outputs } = run({ 'lk.response.text': 'wait', 'lk.response.function_calls': calls }, { name: 'llm_request' }, 'livekit-agents');
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
    expect(outputs).toEqual({ choices: [{ index: 0, message: { role: 'assistant', content: 'wait', tool_calls: [call] } }] });
  });

  it('of a text completion is text', () => {
    const { inputs, outputs } = run({
      'gen_ai.operation.name': 'text_completion',
      'llm.prompts.0.prompt.text': 'Once',
      'llm.choices.0.completion.text': ' upon',
    });
    expect(inputs).toEqual({ prompt: 'Once' });
    expect(outputs).toEqual({ choices: [{ index: 0, text: ' upon' }] });
  });
});

describe('content that was stored somewhere else', () => {
  const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages_ref': 's3://b/in', 'gen_ai.output.messages_ref': 's3://b/out' };
  const file = (role: string, address: string) => ({ role, content: [{ type: 'file', file: { file_url: address } }] });

  it('is a file in a message, and its address is in the metadata', () => {
    const { inputs, outputs, extra } = run({ ...chat, 'gen_ai.system_instructions_ref': 's3://b/system' });
    expect(inputs).toEqual({ messages: [file('system', 's3://b/system'), file('user', 's3://b/in')] });
    expect(outputs).toEqual({ choices: [{ index: 0, message: file('assistant', 's3://b/out') }] });
    expect(extra).toMatchObject({ metadata: { 'gen_ai.input.messages_ref': 's3://b/in' } });
  });

  it('counts only where there is none on the span', () => {
    expect(run({ ...chat, prompt: 'hi' }).inputs).toEqual({ messages: [{ role: 'user', content: 'hi' }] });
  });
});

describe('the output of a tool', () => {
  const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.call.id': 'c1' };

  it('is a message for the call that it answers', () => {
    expect(run({ ...tool, 'gen_ai.tool.call.result': 'text' }).outputs).toEqual({ role: 'tool', tool_call_id: 'c1', content: 'text' });
    expect(run({ ...tool, 'gen_ai.tool.call.result': '{"a":1}' }).outputs).toEqual({
      output: { a: 1 },
      role: 'tool',
      tool_call_id: 'c1',
      content: '{"a":1}',
    });
  });
});

describe('attachments', () => {
  it('are decoded, and a bad one leaves the attribute where it is', () => {
    const good = { name: 'a/b.txt', content: Buffer.from('hello').toString('base64'), mime_type: 'text/plain' };
    const { attachments } = draftOf({ attributes: entriesOf({ 'langsmith.attachments': JSON.stringify([good]) }) }).body;
    expect(attachments.map(({ name, contentType, content }) => [name, contentType, content.toString()])).toEqual([
      ['a_b_txt', 'text/plain', 'hello'],
    ]);
    const odd = run({ 'langsmith.attachments': JSON.stringify([good, { name: 'x' }]) });
    expect(JSON.stringify(odd.extra)).toContain('langsmith.attachments');
    expect(odd.attachments).toHaveLength(1);
  });
});

describe('feedback', () => {
  it('of an evaluation event has the same id however often it comes', () => {
    const events = [
      {
        name: 'gen_ai.evaluation.result',
        timeUnixNano: startNano,
        attributes: entriesOf({
          'gen_ai.evaluation.name': 'toxicity',
          'gen_ai.evaluation.score.value': 0.1,
          'gen_ai.evaluation.score.label': 'low',
        }),
      },
    ];
    const [one] = run({}, { events }).feedback as object[];
    expect(one).toMatchObject({ key: 'toxicity', score: 0.1, value: 'low', run_id: '00000000-0000-0000-b7ad-6b7169203331' });
    expect(run({}, { events }).feedback).toEqual([one]);
  });

  it.each([
    [
      'guard.evaluation',
      { 'guard.guard': 'prompt_injection', 'guard.score': 0.8, 'guard.verdict': 'yes', 'guard.explanation': 'e' },
      { key: 'prompt_injection', score: 0.8, value: 'yes', comment: 'e' },
    ],
    [
      'langwatch.evaluation.custom',
      { json_encoded_event: '{"name":"faithful","score":0.5,"label":"ok","details":"d","passed":true}' },
      { key: 'faithful', score: 0.5, value: 'ok', comment: 'd' },
    ],
    [
      'gen_ai.evaluation.result',
      { 'gen_ai.evaluation.name': 'q', 'error.type': 'timeout' },
      { key: 'q', comment: 'evaluation error: timeout' },
    ],
    ['claude_code.feedback_survey', { response: 'good' }, { key: 'user_feedback', value: 'good', feedback_source: { type: 'app' } }],
  ])('is made of the event %s', (name, attributes, expected) => {
    const [one, ...more] = run({}, { events: [{ name, timeUnixNano: startNano, attributes: entriesOf(attributes) }] }).feedback as object[];
    expect(one).toMatchObject(expected);
    expect(more).toEqual([]);
  });

  it('is about the root of the trace, or its session, where an annotation says so', () => {
    const { feedback } = draftOf({
      attributes: entriesOf({
        'trace.evaluations.0.evaluation.name': 'whole',
        'trace.evaluations.0.evaluation.score': 1,
        'session.evaluations.0.evaluation.name': 'talk',
        'session.evaluations.0.evaluation.label': 'kind',
      }),
    }).body;
    expect(feedback.map(({ runId, fields }) => [runId, JSON.parse(`${fields}`)])).toMatchObject([
      ['trace', { key: 'whole', score: 1 }],
      ['trace', { key: 'talk', value: 'kind', extra: { scope: 'session' } }],
    ]);
  });

  it.each([0, 55, 56, 63, 64, 200])('ids are SHA-1 of their names, also of %i characters', (length) => {
    const name = 'é'.repeat(length);
    const digest = createHash('sha1').update(`spanway:n:${name}`).digest();
    digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
    digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
    expect(uuidV5('n', name).replaceAll('-', '')).toBe(digest.toString('hex', 0, 16));
  });
});
