/** Where inputs and outputs come from (mapping §6.2–6.4): each source alone, and the better of two. */
import { answer, answered, event, inputs, kind, outputs, question, said } from './content.ts';
import { otherContentRows } from './other-contents.ts';
import { type Row, row } from './row.ts';

const llm: readonly Row[] = [
  ...inputs('llm', said, [
    { 'langfuse.observation.input': question },
    { 'mlflow.spanInputs': question },
    { 'langwatch.input': `{"type":"chat_messages","value":${question}}` },
    { 'langwatch.input': '{"type":"text","value":"a"}' },
    { 'lmnr.span.input': question },
    { 'braintrust.input_json': question },
    { 'braintrust.input': question },
    { 'genkit:input': '{"messages":[{"role":"user","content":[{"text":"a"}]}]}' },
    { 'gcp.vertex.agent.llm_request': '{"contents":[{"role":"user","parts":[{"text":"a"}]}]}' },
    { 'ai.prompt.messages': question },
    { 'ai.prompt': '{"prompt":"a"}' },
    { 'ai.prompt': `{"messages":${question}}` },
    { 'lk.pii.chat_ctx': '{"items":[{"type":"message","role":"user","content":["a"]}]}' },
    { 'lk.chat_ctx': '[{"type":"message","role":"user","content":["a"]}]' },
    { 'lk.pii.user_input': 'a' },
    { 'lk.user_input': 'a' },
    { 'lk.pii.input_text': 'a' },
    { 'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"a"}]}]' },
    { events: '[{"event.name":"gen_ai.user.message","role":"user","content":"a"}]' },
    { 'llm.input_messages.0.message.role': 'user', 'llm.input_messages.0.message.content': 'a' },
    { 'llm.input_messages': question },
    { 'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.0.content': 'a' },
    { 'gen_ai.prompt.0.message.role': 'user', 'gen_ai.prompt.0.message.content': 'a' },
    { 'gen_ai.prompt': question },
    { 'gen_ai.prompt': '[{"role":"user","text":"a","files":[]}]' },
    { request_data: `{"messages":${question}}` },
    { raw_input: question },
    { new_context: 'a' },
    { user_prompt: 'a' },
    { 'llm.messages': question },
    { 'agent.messages': question },
    { 'haystack.component.input': question },
    { 'traceloop.entity.input': question },
    { 'input.value': question },
    { 'input.value': `{"messages":${question}}` },
    { 'input.value': '{"contents":[{"role":"user","parts":[{"text":"a"}]}]}' },
    { 'input.value': `{"input":${question},"model":"m"}` },
    { input: 'a' },
    { prompt: 'a' },
    { 'input.value': 'a', 'input.mime_type': 'text/plain' },
  ]),
  ...inputs('llm', { prompt: 'a' }, [
    { 'gen_ai.operation.name': 'text_completion', 'langsmith.span.kind': undefined, 'gen_ai.prompt': 'a' },
    { 'gen_ai.operation.name': 'text_completion', 'langsmith.span.kind': undefined, 'llm.prompts.0.prompt.text': 'a' },
    { 'gen_ai.operation.name': 'text_completion', 'langsmith.span.kind': undefined, 'llm.prompts': ['a'] },
  ]),
  ...inputs('llm', { messages: [{ role: 'system', content: 's' }, ...said.messages] }, [
    { 'gen_ai.system_instructions': '[{"type":"text","content":"s"}]', 'gen_ai.input.messages': question },
    { 'gen_ai.system_instructions': 's', 'gen_ai.input.messages': question },
    { 'lk.pii.instructions': 's', 'lk.pii.chat_ctx': '{"items":[{"type":"message","role":"user","content":["a"]}]}' },
    { 'lk.instructions': 's', 'lk.chat_ctx': '{"items":[{"type":"message","role":"user","content":["a"]}]}' },
    { 'ai.prompt': '{"system":"s","prompt":"a"}' },
    { 'gcp.vertex.agent.llm_request': '{"contents":[{"role":"user","parts":[{"text":"a"}]}],"config":{"system_instruction":"s"}}' },
    { 'input.value': `{"system":"s","messages":${question}}` },
    { 'input.value': `{"instructions":"s","input":${question}}` },
  ]),
  row('llm inputs of message events', kind('llm'), { inputs: said }, { events: [event('gen_ai.user.message', { content: 'a' })] }),
  row(
    'llm inputs of gen_ai.tool.developer',
    kind('llm'),
    { inputs: { messages: [{ role: 'developer', content: 'a' }] } },
    {
      events: [event('gen_ai.tool.developer', { content: 'a' })],
    },
  ),
  row(
    'llm inputs of a gen_ai.content.prompt event',
    kind('llm'),
    { inputs: said },
    { events: [event('gen_ai.content.prompt', { 'gen_ai.prompt': question })] },
  ),
  row(
    'llm inputs of gen_ai.event.content',
    kind('llm'),
    { inputs: said },
    {
      events: [event('gen_ai.user.message', { 'gen_ai.event.content': '{"role":"user","content":"a"}' })],
    },
  ),
  row(
    'llm inputs of details events, merged field by field',
    kind('llm'),
    { inputs: said, outputs: answered },
    {
      events: [
        event('gen_ai.client.inference.operation.details', { 'gen_ai.input.messages': question }),
        event('gen_ai.client.inference.operation.details', { 'gen_ai.output.messages': answer }),
      ],
    },
  ),
  ...outputs('llm', answered, [
    { 'langfuse.observation.output': '{"role":"assistant","content":"b"}' },
    { 'langfuse.observation.output': '"b"' },
    { 'mlflow.spanOutputs': '"b"' },
    { 'langwatch.output': '{"type":"text","value":"b"}' },
    { 'lmnr.span.output': answer },
    { 'braintrust.output_json': answer },
    { 'braintrust.output': answer },
    { 'genkit:output': '{"message":{"role":"model","content":[{"text":"b"}]}}' },
    { 'genkit:output': '{"candidates":[{"index":0,"message":{"role":"model","content":[{"text":"b"}]}}]}' },
    { 'gcp.vertex.agent.llm_response': '{"content":{"role":"model","parts":[{"text":"b"}]}}' },
    { 'ai.response.text': 'b' },
    { 'ai.result.text': 'b' },
    { 'lk.pii.response.text': 'b' },
    { 'lk.response.text': 'b' },
    { 'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"b"}]}]' },
    { events: '[{"event.name":"gen_ai.choice","index":0,"message":{"role":"assistant","content":"b"}}]' },
    { all_messages_events: '[{"event.name":"gen_ai.choice","index":0,"message":{"role":"assistant","content":"b"}}]' },
    {
      all_messages_events:
        '[{"event.name":"gen_ai.user.message","content":"a"},{"event.name":"gen_ai.assistant.message","role":"assistant","content":"b"}]',
    },
    { 'llm.output_messages.0.message.role': 'assistant', 'llm.output_messages.0.message.content': 'b' },
    { 'llm.output_messages': answer },
    { 'gen_ai.completion.0.role': 'assistant', 'gen_ai.completion.0.content': 'b' },
    { 'gen_ai.completion': answer },
    { 'gen_ai.completion': 'b' },
    { response_data: '{"message":{"role":"assistant","content":"b"}}' },
    { response: '{"output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"b"}]}]}' },
    { 'response.model_output': 'b' },
    { 'haystack.component.output': answer },
    { 'traceloop.entity.output': answer },
    { 'output.value': 'b' },
    { output: 'b' },
    { final_result: 'b' },
  ]),
  ...outputs('llm', { choices: [{ index: 0, text: 'b' }] }, [{ 'llm.choices.0.completion.text': 'b' }]),
  row(
    'llm outputs of a gen_ai.content.completion event',
    kind('llm'),
    { outputs: answered },
    {
      events: [event('gen_ai.content.completion', { 'gen_ai.completion': answer })],
    },
  ),
  row(
    'llm outputs of a choice event',
    kind('llm'),
    { outputs: answered },
    { events: [event('gen_ai.choice', { message: '{"content":"b"}' })] },
  ),
  row(
    'llm outputs of a trailing assistant event',
    kind('llm'),
    { outputs: answered },
    { events: [event('gen_ai.assistant.message', { content: 'b' })] },
  ),
  ...outputs('llm', { choices: [{ index: 0, message: { role: 'assistant', content: [{ type: 'reasoning', text: 'r' }] } }] }, [
    { 'gen_ai.content.reasoning': 'r' },
  ]),
  ...outputs(
    'llm',
    {
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: [
              { type: 'reasoning', text: 'r' },
              { type: 'text', text: 'b' },
            ],
          },
        },
      ],
    },
    [
      { 'gen_ai.content.reasoning': 'r', 'gen_ai.completion': 'b' },
      { 'gen_ai.content.reasoning': 'r', 'gen_ai.completion.0.content': 'b', 'gen_ai.completion.0.role': 'assistant' },
      { 'ai.response.reasoning': 'r', 'ai.response.text': 'b' },
    ],
  ),
  ...outputs(
    'llm',
    { choices: [{ message: { content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] } }] },
    [
      { 'gen_ai.response.tool_calls': '[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]' },
      { 'ai.response.toolCalls': '[{"toolCallId":"c","toolName":"f","input":{}}]' },
      { 'lk.response.function_calls': '[{"call_id":"c","name":"f","arguments":"{}"}]' },
      { 'lk.pii.response.function_calls': '[{"call_id":"c","name":"f","arguments":"{}"}]' },
    ],
  ),
  row('pipecat: input before transcript', { ...kind('llm'), input: 'a', transcript: 'x' }, { inputs: said }, {}, 'pipecat'),
  row('pipecat: transcript', { ...kind('llm'), transcript: 'a' }, { inputs: said }, {}, 'pipecat'),
  row('pipecat: output before text', { ...kind('llm'), output: 'b', text_output: 'x', text: 'y' }, { outputs: answered }, {}, 'pipecat'),
  row('pipecat: text_output before text', { ...kind('llm'), text_output: 'b', text: 'y' }, { outputs: answered }, {}, 'pipecat'),
];

const reasons = (
  [
    ['gen_ai.response.finish_reasons', ['tool_call'], 'tool_calls'],
    ['gen_ai.response.finish_reasons', '["end_turn"]', 'stop'],
    ['gen_ai.response.finish_reasons', 'max_tokens, stop', 'length'],
    ['gen_ai.response.finish_reason', 'guardrail_intervened', 'content_filter'],
    ['llm.finish_reason', 'function_call', 'tool_calls'],
    ['ai.response.finishReason', 'tool-calls', 'tool_calls'],
    ['gen_ai.completion.0.finish_reason', 'SAFETY', 'content_filter'],
    ['stop_reason', 'tool_use', 'tool_calls'],
    ['gen_ai.response.finish_reasons', ['STOP'], 'stop'],
    ['gen_ai.response.finish_reasons', ['content-filter'], 'content_filter'],
    ['gen_ai.response.finish_reasons', ['refusal'], 'content_filter'],
    ['gen_ai.response.finish_reasons', ['MAX_TOKENS'], 'length'],
    ['gen_ai.response.finish_reasons', ['stop_sequence'], 'stop'],
    ['gen_ai.response.finish_reasons', ['mystery'], 'mystery'],
  ] as const
).map(([key, value, word]) =>
  row(
    `${key} = ${JSON.stringify(value)}`,
    { ...kind('llm'), 'gen_ai.completion.0.content': 'b', [key]: value },
    { outputs: { choices: [{ finish_reason: word }] } },
  ),
);

export const contentRows: readonly Row[] = [...llm, ...reasons, ...otherContentRows].map((each) => ({
  ...each,
  attributes: Object.fromEntries(Object.entries(each.attributes).filter(([, value]) => value !== undefined)),
}));
