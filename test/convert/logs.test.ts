import { describe, expect, it } from 'vitest';
import { createConverter, createJoin, draftOfLog, joinKeyOf, needsLogs } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import { Mark } from '../../src/model/draft.ts';
import { logRecordOf, type SpanFields, scopeOf } from '../../src/otlp/otlp.ts';
import { draftOf, entriesOf, otlpValue, sent, spanId, startNano, traceId } from './spans.ts';

const runId = '00000000-0000-0000-b7ad-6b7169203331';

function log(eventName: string, attributes: Record<string, unknown> = {}, body: unknown = null) {
  return logRecordOf({ eventName, attributes: entriesOf(attributes), body: otlpValue(body), traceId, spanId, timeUnixNano: startNano });
}

function joined(fields: SpanFields & { readonly scope?: string }, ...logs: ReturnType<typeof log>[]): Record<string, unknown> {
  const { scope = '', ...span } = fields;
  return runJson(draftOf(span, scope, logs));
}

describe('log records of a span', () => {
  it('of Claude Code are the prompt, the answer, the tokens and the price', () => {
    const span = {
      name: 'claude_code.llm_request',
      attributes: entriesOf({ 'span.type': 'llm_request' }),
      scope: 'com.anthropic.claude_code.tracing',
    };
    const tokens = {
      input_tokens: 10,
      output_tokens: 5,
      cache_read_tokens: 90,
      cache_creation_tokens: 0,
      cost_usd: 0.02,
      model: 'claude-sonnet-4-5',
    };
    const run = joined(
      span,
      log('', { 'event.name': 'user_prompt', prompt: 'hi' }, 'claude_code.user_prompt'),
      log('claude_code.api_request', tokens),
      log('claude_code.assistant_response', { response: 'hello' }),
    );
    expect(run).toMatchObject({
      inputs: { messages: [{ role: 'user', content: 'hi' }] },
      outputs: { choices: [{ message: { role: 'assistant', content: 'hello' } }] },
      extra: {
        metadata: {
          ls_model_name: 'claude-sonnet-4-5',
          usage_metadata: { input_tokens: 100, output_tokens: 5, total_cost: 0.02, input_token_details: { cache_read: 90 } },
        },
      },
    });
  });

  it('of Claude Code are whole requests and answers where they are logged', () => {
    const span = { name: 'claude_code.llm_request', attributes: entriesOf({ 'span.type': 'llm_request' }) };
    const request = { model: 'm', system: 'S', messages: [{ role: 'user', content: 'q' }] };
    const answer = { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'a' }], stop_reason: 'end_turn' };
    const run = joined(
      span,
      log('claude_code.api_request_body', { body: JSON.stringify(request) }),
      log('claude_code.api_response_body', { body: JSON.stringify(answer) }),
    );
    expect(run).toMatchObject({
      inputs: {
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'q' },
        ],
      },
      outputs: { choices: [{ finish_reason: 'stop', message: { content: 'a' } }] },
    });
  });

  it('of Claude Code are the result and the decision of a tool', () => {
    const span = { name: 'claude_code.tool', attributes: entriesOf({ 'span.type': 'tool', tool_name: 'Bash' }) };
    const run = joined(
      span,
      log('claude_code.tool_result', { success: 'false', error: 'no such file' }),
      log('claude_code.tool_decision', { decision: 'accept', source: 'config' }),
    );
    expect(run).toMatchObject({
      status: 'error',
      error: 'no such file',
      extra: { metadata: { tool_decision: 'accept', tool_decision_source: 'config' } },
    });
  });

  it('of Gemini CLI are the request, the answer and its tokens', () => {
    const span = { name: 'llm_call', attributes: entriesOf({ 'gen_ai.operation.name': 'llm_call' }), scope: 'gemini-cli' };
    const run = joined(
      span,
      log('gemini_cli.api_request', { request_text: 'q', model: 'gemini-2.5-pro' }),
      log('gemini_cli.api_response', {
        response_text: 'a',
        input_token_count: 7,
        output_token_count: 3,
        total_token_count: 12,
        thoughts_token_count: 2,
      }),
    );
    expect(run).toMatchObject({
      inputs: { messages: [{ content: 'q' }] },
      outputs: { choices: [{ message: { content: 'a' } }] },
      extra: {
        metadata: { usage_metadata: { input_tokens: 7, output_tokens: 5, total_tokens: 12, output_token_details: { reasoning: 2 } } },
      },
    });
  });

  it('of Codex are the prompt and the tokens of a turn', () => {
    const span = { name: 'session_task.turn', attributes: [], scope: 'codex_cli' };
    const run = joined(
      span,
      log('codex.user_prompt', { prompt: 'fix it' }),
      log('codex.sse_event', { 'event.kind': 'response.completed', input_token_count: 9, output_token_count: 4 }),
    );
    expect(run).toMatchObject({
      inputs: { input: 'fix it' },
      extra: { metadata: { aggregated_usage_metadata: { input_tokens: 9, output_tokens: 4 } } },
    });
  });

  it('of Spring AI are lines of text', () => {
    const span = { name: 'chat m', attributes: entriesOf({ 'gen_ai.operation.name': 'chat' }) };
    const run = joined(
      span,
      log('', {}, 'Chat Model Prompt Content:\n["be \\"brief\\"", "q"]'),
      log('', {}, 'Chat Model Completion:\n["a"]'),
    );
    expect(run).toMatchObject({
      inputs: { messages: [{ content: 'be "brief"' }, { content: 'q' }] },
      outputs: { choices: [{ message: { content: 'a' } }] },
    });
    expect(run).not.toHaveProperty('events');
  });

  it('that nobody knows are events, 256 of them at most', () => {
    const run = joined({ name: 'span', attributes: [] }, ...Array.from({ length: 300 }, (_, at) => log('tick', { at })));
    expect(run.events).toHaveLength(256);
    expect(run).toHaveProperty(['extra', 'otel', 'warnings'], ['44 log records of this span are not kept']);
  });

  it('tell the error where the span does not', () => {
    const exception = log('gen_ai.client.operation.exception', { 'exception.type': 'RateLimitError', 'exception.message': 'slow down' });
    expect(joined({ name: 'span', attributes: [] }, exception)).toMatchObject({ status: 'error', error: 'RateLimitError: slow down' });
  });
});

describe('the join', () => {
  const scopeOfOpenai = 'opentelemetry.instrumentation.openai_v2';
  const span = (fields: SpanFields, scope: string) => needsLogs(sent(fields).span, scopeOf(scope));

  it('waits for a span whose content travels as log records, and for no other', () => {
    expect(span({ name: 'chat', attributes: [] }, scopeOfOpenai)).toBe(true);
    expect(span({ name: 'chat', attributes: [] }, 'my.app')).toBe(false);
    expect(span({ name: 'chat', attributes: entriesOf({ 'gen_ai.input.messages': '[]' }) }, scopeOfOpenai)).toBe(false);
    expect(span({ name: 'chat', attributes: [], events: [{ name: 'gen_ai.choice' }] }, scopeOfOpenai)).toBe(false);
  });

  it('knows the span of a record by its ids', () => {
    expect(joinKeyOf(log('x'))).toEqual({ traceId, spanId, names: [] });
    expect(joinKeyOf(logRecordOf({ body: null, attributes: [] }))).toBeUndefined();
  });

  it.each([
    ['claude_code.api_request', { request_id: 'req_1', tool_use_id: 't' }, spanId, ['request_id=req_1']],
    ['claude_code.tool_result', { tool_use_id: 'toolu_1' }, spanId, ['tool_use_id=toolu_1']],
    ['claude_code.api_request', { request_id: 'a/b' }, spanId, []],
    ['claude_code.user_prompt', { request_id: 'req_1' }, spanId, []],
    ['gen_ai.evaluation.result', { 'gen_ai.response.id': 'chatcmpl-1' }, spanId, []],
    ['gen_ai.evaluation.result', { 'gen_ai.response.id': 'chatcmpl-1' }, '', ['gen_ai.response.id=chatcmpl-1']],
    ['gen_ai.evaluation.result', {}, '', ['root']],
  ])('knows whom %s with %j means, written in span "%s"', (eventName, attributes, span, names) => {
    const record = logRecordOf({ eventName, attributes: entriesOf(attributes), traceId, spanId: span });
    expect(joinKeyOf(record)).toEqual({ traceId, spanId: span, names });
  });

  it.each([
    [{ 'gen_ai.operation.name': 'chat', 'gen_ai.response.id': 'chatcmpl-1' }, ['gen_ai.response.id=chatcmpl-1']],
    [{ 'span.type': 'llm_request', request_id: 'req_1' }, ['request_id=req_1']],
    [{ 'gen_ai.operation.name': 'execute_tool', tool_use_id: 'toolu_1' }, ['tool_use_id=toolu_1']],
    [{ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.response.id': 'chatcmpl-1' }, []],
  ])('lets log records call a span with %j by %j', (attributes, names) => {
    expect(draftOf({ name: 'x', attributes: entriesOf(attributes) }).skeleton.names).toEqual(names);
  });

  const late = [
    log('gen_ai.user.message', {}, { content: 'q' }),
    log('gen_ai.choice', {}, { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'a' } }),
    log('gen_ai.evaluation.result', { 'gen_ai.evaluation.name': 'good', 'gen_ai.evaluation.score.value': 1 }),
    log('claude_code.api_request', { model: 'claude-sonnet-4-5', input_tokens: 10, cache_read_tokens: 90, output_tokens: 5 }),
  ];
  const records = late.map((record) => draftOfLog(record, scopeOf(''), { traceId, spanId, names: [] }, () => 'id').body.main);
  const join = createJoin(createConverter());
  const inputs = { messages: [{ role: 'user', content: 'q' }] };
  const outputs = { choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'a' } }] };

  it('makes one update of records that come too late', () => {
    const { body } = join({ traceId, spanId, runId, marks: 0 }, undefined, records);
    expect(JSON.parse(String(body.inputs))).toEqual(inputs);
    expect(JSON.parse(String(body.outputs))).toEqual(outputs);
    expect([body.error.length, body.metadata.length, body.usage.length]).toEqual([0, 0, 0]);
    expect(JSON.parse(String(body.events))).toContainEqual({
      name: 'claude_code.api_request',
      time: '2026-01-01T00:00:00.000000Z',
      kwargs: { model: 'claude-sonnet-4-5', input_tokens: 10, cache_read_tokens: 90, output_tokens: 5 },
    });
    const onTime = draftOf({ name: 'x', attributes: [] }, '', late).body.feedback;
    expect(body.feedback.map(({ id }) => id)).toEqual(onTime.map(({ id }) => id));
  });

  it('leaves out of an update what the run has of its own', () => {
    const marks = Mark.inputs | Mark.outputs | Mark.events;
    const { body } = join({ traceId, spanId, runId, marks }, undefined, records);
    expect([body.inputs.length, body.outputs.length, body.events.length]).toEqual([0, 0, 0]);
    expect(body.feedback).toHaveLength(1);
  });

  it('gives a run the same content, model and tokens as if the records had come with its span, in any order', () => {
    const fields = {
      name: 'claude_code.llm_request',
      attributes: entriesOf({ 'span.type': 'llm_request', 'gen_ai.request.temperature': 0.5 }),
    };
    const scope = 'com.anthropic.claude_code.tracing';
    const { skeleton, body: alone } = draftOf(fields, scope);
    const { body, marks } = join({ ...skeleton, marks: skeleton.marks }, alone, [...records].reverse());
    expect(marks).toBe(Mark.usage);
    const metadataOf = (run: Record<string, unknown>) => (run.extra as { metadata: Record<string, unknown> }).metadata;
    const parted = runJson({ skeleton, body });
    const together = runJson(draftOf(fields, scope, late));
    for (const field of ['id', 'name', 'run_type', 'status', 'inputs', 'outputs', 'feedback'])
      expect(parted[field]).toEqual(together[field]);
    for (const key of ['usage_metadata', 'ls_model_name', 'ls_temperature', 'OTEL_SPAN_ID'])
      expect(metadataOf(parted)[key]).toEqual(metadataOf(together)[key]);
  });

  it('keeps the words of the run, turns its status with an error, and fills its parameters one by one', () => {
    const { skeleton, body: own } = draftOf({
      name: 'chat',
      attributes: entriesOf({ 'gen_ai.operation.name': 'chat', 'gen_ai.prompt': 'mine', 'gen_ai.request.top_p': 0.1 }),
    });
    const told = [
      log('gen_ai.client.inference.operation.details', {
        'gen_ai.request.temperature': 0.5,
        'gen_ai.request.top_p': 1,
        'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"a"}]}]',
      }),
      log('exception', { 'exception.type': 'Bad', 'exception.message': 'worse' }),
    ].map((record) => draftOfLog(record, scopeOf(''), { traceId, spanId, names: [] }, () => 'id').body.main);
    const run = runJson({ skeleton, body: join(skeleton, own, told).body });
    expect(run).toMatchObject({ status: 'error', error: 'Bad: worse', outputs: { choices: [{ message: { content: 'a' } }] } });
    expect(run.inputs).toEqual(runJson({ skeleton, body: own }).inputs);
    expect(run.extra).toMatchObject({ invocation_params: { temperature: 0.5, top_p: 0.1 } });
  });
});
