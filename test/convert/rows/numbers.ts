/** Parameters, token counts, costs, and the time to the first token (mapping §8.4, §10, §12). */
import { each, llm, type Row, row } from './row.ts';

const parameters: readonly Row[] = [
  ...each(['gen_ai.request.temperature', 'ai.settings.temperature', 'settings.temperature', 'param.temperature'], 0.5, {
    metadata: { ls_temperature: 0.5 },
    parameters: { temperature: 0.5 },
  }),
  ...each(['llm.invocation_parameters', 'langfuse.observation.model.parameters'], '{"temperature":0.5,"max_tokens":9,"stop":["x"]}', {
    metadata: { ls_temperature: 0.5, ls_max_tokens: 9, ls_stop: ['x'] },
  }),
  row(
    'genkit:input.config',
    { ...llm, 'genkit:input': '{"messages":[{"role":"user","content":[{"text":"a"}]}],"config":{"temperature":0.5,"maxOutputTokens":9}}' },
    { metadata: { ls_temperature: 0.5, ls_max_tokens: 9 } },
  ),
  ...each(
    ['gen_ai.request.max_tokens', 'gen_ai.request.max_completion_tokens', 'ai.settings.maxOutputTokens', 'ai.settings.maxTokens'],
    9,
    {
      metadata: { ls_max_tokens: 9 },
    },
  ),
  ...each(['llm.invocation_parameters'], '{"max_output_tokens":9}', { metadata: { ls_max_tokens: 9 } }),
  ...each(['gen_ai.request.stop_sequences', 'ai.settings.stopSequences', 'llm.chat.stop_sequences'], ['x'], {
    metadata: { ls_stop: ['x'] },
  }),
  ...each(['gen_ai.request.stop_sequences', 'ls_stop', 'langsmith.metadata.ls_stop'], '["x"]', { metadata: { ls_stop: ['x'] } }),
  ...each(['gen_ai.request.stop_sequences'], 'x', { metadata: { ls_stop: ['x'] } }),
  ...each(
    [
      'gen_ai.request.is_stream',
      'gen_ai.request.stream',
      'gen_ai.is_streaming',
      'llm.is_streaming',
      'langsmith.request.streaming',
      'is_streaming_request',
    ],
    'True',
    { parameters: { stream: true } },
  ),
  ...each(['gen_ai.request.choice.count'], 2, { parameters: { n: 2 } }),
  ...each(['gen_ai.request.top_k', 'llm.top_k', 'ai.settings.topK'], 2, { parameters: { top_k: 2 } }),
  ...each(['gen_ai.request.frequency_penalty', 'llm.frequency_penalty'], 0.5, { parameters: { frequency_penalty: 0.5 } }),
  ...each(['gen_ai.request.presence_penalty', 'llm.presence_penalty'], 0.5, { parameters: { presence_penalty: 0.5 } }),
  ...each(['gen_ai.request.seed', 'gen_ai.openai.request.seed'], 7, { parameters: { seed: 7 } }),
  ...each(['gen_ai.openai.request.service_tier', 'openai.request.service_tier'], 'flex', { parameters: { service_tier: 'flex' } }),
  ...each(['gen_ai.openai.request.response_format'], 'json', { parameters: { response_format: 'json' } }),
  ...each(['gen_ai.request.encoding_formats'], ['base64'], { parameters: { encoding_formats: ['base64'] } }),
  ...each(['gen_ai.request.reasoning_effort', 'codex.turn.reasoning_effort', 'effort'], 'high', {
    parameters: { reasoning_effort: 'high' },
  }),
  ...each(['gen_ai.request.thinking_type'], 'enabled', { parameters: { thinking: 'enabled' } }),
  ...each(['gen_ai.request.extra_body'], { a: 1 }, { parameters: { extra_body: { a: 1 } } }),
  ...each(['llm.headers', 'langsmith.request.headers'], '{"x-team":"t","authorization":"s"}', {
    parameters: { headers: { 'x-team': 't' } },
  }),
  ...each(['ai.prompt.toolChoice'], '{"type":"auto"}', { parameters: { tool_choice: { type: 'auto' } } }),
  ...each(['gen_ai.tool.definitions', 'tools', 'mlflow.chat.tools'], '[{"type":"function","function":{"name":"f"}}]', {
    parameters: { tools: [{ type: 'function', function: { name: 'f' } }] },
  }),
  ...each(['ai.prompt.tools'], ['{"type":"function","name":"f","inputSchema":{"type":"object"}}'], {
    parameters: { tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }] },
  }),
  ...each(['gen_ai.agent.tools', 'spring.ai.model.request.tool.names'], ['f'], {
    parameters: { tools: [{ type: 'function', function: { name: 'f' } }] },
  }),
  ...each(['llm.tools.0.tool.json_schema'], '{"type":"function","function":{"name":"f"}}', {
    parameters: { tools: [{ type: 'function', function: { name: 'f' } }] },
  }),
  ...each(['llm.request.functions.0.name'], 'f', { parameters: { tools: [{ type: 'function', function: { name: 'f' } }] } }),
  row(
    'genkit:input.tools',
    { ...llm, 'genkit:input': '{"messages":[{"role":"user","content":[{"text":"a"}]}],"tools":[{"name":"f"}]}' },
    {
      parameters: { tools: [{ type: 'function', function: { name: 'f' } }] },
    },
  ),
  ...Object.entries({
    'gen_ai.tool.description': 'tool_description',
    'tool.description': 'tool_description',
    'spring.ai.tool.definition.description': 'tool_description',
    'gen_ai.tool.type': 'tool_type',
    'tool.json_schema': 'tool_schema',
    'spring.ai.tool.definition.schema': 'tool_schema',
  }).map(([key, name]) => row(key, { 'langsmith.span.kind': 'tool', [key]: 'x' }, { parameters: { [name]: 'x' } })),
  ...Object.entries({
    'gen_ai.response.id': 'response_id',
    'gen_ai.response.service_tier': 'service_tier',
    'openai.response.service_tier': 'service_tier',
    'gen_ai.openai.response.service_tier': 'service_tier',
    'gen_ai.openai.response.system_fingerprint': 'system_fingerprint',
    'openai.api.type': 'openai_api_type',
    'aws.bedrock.guardrail.id': 'aws.bedrock.guardrail.id',
    inference_geo: 'inference_geo',
    speed: 'speed',
    'gen_ai.output.type': 'gen_ai.output.type',
  }).map(([key, name]) => row(key, { ...llm, [key]: 'x' }, { metadata: { [name]: 'x' } })),
];

const base = { usage: { input_tokens: 20, output_tokens: 10, total_tokens: 30 } };
const pairs: readonly (readonly [string, string])[] = [
  ['gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens'],
  ['gen_ai.usage.prompt_tokens', 'gen_ai.usage.completion_tokens'],
  ['gen_ai.response.prompt_tokens', 'gen_ai.response.completion_tokens'],
  ['gen_ai.aggregated_usage.input_tokens', 'gen_ai.aggregated_usage.output_tokens'],
  ['llm.token_count.prompt', 'llm.token_count.completion'],
  ['ai.usage.inputTokens', 'ai.usage.outputTokens'],
  ['ai.usage.promptTokens', 'ai.usage.completionTokens'],
  ['usage.prompt_tokens', 'usage.completion_tokens'],
  ['llm.usage.prompt_tokens', 'llm.usage.completion_tokens'],
  ['codex.turn.token_usage.input_tokens', 'codex.turn.token_usage.output_tokens'],
  ['input_tokens', 'output_tokens'],
];
const json = Object.entries({
  'langsmith.usage_metadata': '{"input_tokens":20,"output_tokens":10,"total_tokens":30}',
  'langsmith.metadata.usage_metadata': '{"input_tokens":"20","output_tokens":10,"total_tokens":30}',
  'langfuse.observation.usage_details': '{"input":20,"output":10,"total":30}',
  'genkit:output': '{"message":{"role":"model","content":[{"text":"b"}]},"usage":{"inputTokens":20,"outputTokens":10,"totalTokens":30}}',
  'gcp.vertex.agent.llm_response': '{"usage_metadata":{"prompt_token_count":20,"candidates_token_count":10,"total_token_count":30}}',
  'dify.usage': '{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30}',
  'lk.llm_metrics': '{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30}',
  'lk.realtime_model_metrics': '{"input_tokens":20,"output_tokens":10,"total_tokens":30}',
  'mlflow.chat.tokenUsage': '{"input_tokens":20,"output_tokens":10,"total_tokens":30}',
  'langwatch.metrics': '{"promptTokens":20,"completionTokens":10}',
  'braintrust.metrics': '{"prompt_tokens":20,"completion_tokens":10,"tokens":30}',
  'gen_ai.usage.raw': '{"prompt_tokens":20,"completion_tokens":10}',
  'output.value':
    '{"choices":[{"index":0,"message":{"role":"assistant","content":"b"}}],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30}}',
  'gen_ai.completion': '{"message":{"role":"assistant","content":"b"},"prompt_eval_count":20,"eval_count":10}',
  response_data: '{"text":"b","chat_history":[],"meta":{"billed_units":{"input_tokens":20,"output_tokens":10}}}',
}).map(([key, value]) => row(key, { ...llm, [key]: value }, base));

const counted = { ...llm, 'gen_ai.usage.input_tokens': 20, 'gen_ai.usage.output_tokens': 10 };
const detail = (side: 'input' | 'output', name: string, keys: string, value: unknown = 3): Row[] =>
  keys
    .split(' ')
    .map((key) => row(`${side}.${name} of ${key}`, { ...counted, [key]: value }, { usage: { [`${side}_token_details`]: { [name]: 3 } } }));
const details: readonly Row[] = [
  ...detail(
    'input',
    'cache_read',
    'gen_ai.usage.cache_read.input_tokens gen_ai.usage.cache_read_input_tokens gen_ai.usage.details.cache_read_tokens gen_ai.usage.details.cached_tokens gen_ai.usage.cached_input_tokens gen_ai.usage.cached_tokens gen_ai.usage.input_cached_tokens gen_ai.usage.prompt_tokens_details.cached_tokens llm.token_count.prompt_details.cache_read llm.token_count.prompt_details.cache_input ai.usage.cachedInputTokens ai.usage.inputTokenDetails.cacheReadTokens cache_read_tokens cache_read_input_tokens codex.turn.token_usage.cached_input_tokens metrics.prompt_cached_tokens',
  ),
  ...detail('input', 'cache_read', 'gen_ai.usage.input_token_details', "{'cache_read': 3}"),
  ...detail('input', 'cache_read', 'ai.response.providerMetadata', '{"openai":{"cachedPromptTokens":3}}'),
  ...detail('input', 'cache_read', 'ai.response.providerMetadata', '{"anthropic":{"cacheReadInputTokens":3}}'),
  ...detail('input', 'cache_read', 'ai.response.providerMetadata', '{"bedrock":{"usage":{"cacheReadInputTokens":3}}}'),
  ...detail(
    'input',
    'cache_creation',
    'gen_ai.usage.cache_creation.input_tokens gen_ai.usage.cache_creation_input_tokens gen_ai.usage.cache_write.input_tokens gen_ai.usage.cache_write_input_tokens gen_ai.usage.details.cache_write_tokens gen_ai.usage.details.cache_creation_tokens gen_ai.usage.prompt_tokens_details.cache_creation_tokens llm.token_count.prompt_details.cache_write ai.usage.inputTokenDetails.cacheWriteTokens cache_creation_tokens cache_write_input_tokens codex.turn.token_usage.cache_write_input_tokens',
  ),
  ...detail('input', 'cache_creation', 'ai.response.providerMetadata', '{"anthropic":{"cacheCreationInputTokens":3}}'),
  ...detail('input', 'ephemeral_5m_input_tokens', 'gen_ai.usage.cache_creation.input_tokens.ephemeral_5m'),
  ...detail('input', 'ephemeral_1h_input_tokens', 'gen_ai.usage.cache_creation.input_tokens.ephemeral_1h'),
  ...detail(
    'output',
    'reasoning',
    'gen_ai.usage.reasoning.output_tokens gen_ai.usage.details.reasoning_tokens gen_ai.usage.reasoning_tokens gen_ai.usage.completion_tokens_details.reasoning_tokens llm.token_count.completion_details.reasoning ai.usage.reasoningTokens ai.usage.outputTokenDetails.reasoningTokens codex.turn.token_usage.reasoning_output_tokens codex.usage.reasoning_output_tokens',
  ),
  ...detail('output', 'reasoning', 'gen_ai.usage.output_token_details', "{'reasoning_tokens': 3}"),
  ...detail(
    'input',
    'audio',
    'gen_ai.usage.audio.input_tokens gen_ai.usage.audio_input_tokens gen_ai.usage.input_audio_tokens gen_ai.usage.details.input_audio_tokens gen_ai.usage.prompt_tokens_details.audio_tokens llm.token_count.prompt_details.audio',
  ),
  ...detail(
    'output',
    'audio',
    'gen_ai.usage.audio.output_tokens gen_ai.usage.audio_output_tokens gen_ai.usage.output_audio_tokens gen_ai.usage.details.output_audio_tokens gen_ai.usage.completion_tokens_details.audio_tokens llm.token_count.completion_details.audio',
  ),
  ...detail('input', 'image', 'gen_ai.usage.image.input_tokens'),
  ...detail('input', 'video', 'gen_ai.usage.video.input_tokens'),
  ...['gen_ai.usage.text.input_tokens', 'gen_ai.usage.input_text_tokens'].map((key) =>
    row(key, { ...counted, [key]: 17, 'gen_ai.usage.audio.input_tokens': 3 }, { usage: { input_token_details: { text: 17, audio: 3 } } }),
  ),
  row(
    'langfuse buckets',
    { ...llm, 'langfuse.observation.usage_details': '{"input":15,"input_cached_tokens":5,"output":7,"output_reasoning_tokens":3}' },
    {
      usage: { input_tokens: 20, output_tokens: 10, input_token_details: { cache_read: 5 }, output_token_details: { reasoning: 3 } },
    },
  ),
  row(
    'what LangSmith has no class for',
    {
      ...llm,
      'output.value':
        '{"choices":[{"index":0,"message":{"role":"assistant","content":"b"}}],"usage":{"prompt_tokens":20,"completion_tokens":10,"completion_tokens_details":{"accepted_prediction_tokens":4,"rejected_prediction_tokens":2}}}',
    },
    { metadata: { 'usage_extra.accepted_prediction_tokens': 4, 'usage_extra.rejected_prediction_tokens': 2 } },
  ),
  row(
    'server tools',
    {
      ...llm,
      'output.value':
        '{"type":"message","role":"assistant","content":[{"type":"text","text":"b"}],"usage":{"input_tokens":20,"output_tokens":10,"server_tool_use":{"web_search_requests":2}}}',
    },
    { metadata: { 'usage_extra.server_tool_use.web_search_requests': 2 } },
  ),
  row(
    'flex',
    { ...counted, 'gen_ai.usage.cache_read.input_tokens': 5, 'gen_ai.response.service_tier': 'flex' },
    {
      usage: { input_token_details: { flex: 15, flex_cache_read: 5 }, output_token_details: { flex: 10 } },
    },
  ),
  row(
    'over 200k',
    { ...llm, 'gen_ai.provider.name': 'gcp.gemini', 'gen_ai.usage.input_tokens': 300_000, 'gen_ai.usage.output_tokens': 10 },
    {
      usage: { input_token_details: { over_200k: 300_000 }, output_token_details: { over_200k: 10 } },
    },
  ),
  row(
    'Claude Code counts the cache apart',
    { 'span.type': 'llm_request', input_tokens: 5, output_tokens: 10, cache_read_tokens: 12, cache_creation_tokens: 3 },
    base,
    { name: 'claude_code.llm_request' },
  ),
];

const costs: readonly Row[] = [
  ...each(
    [
      'llm.cost.total',
      'gen_ai.usage.total_cost',
      'gen_ai.usage.cost',
      'gen_ai.usage.cost.total',
      'gen_ai.usage.cost_usd',
      'gen_ai.cost.total_cost',
      'operation.cost',
      'cost_usd',
      'orq.billing.total_cost',
      'braintrust.metrics.estimated_cost',
    ],
    0.25,
    { usage: { total_cost: 0.25 } },
  ),
  ...each(['gen_ai.client.estimated_cost'], '0.25USD', { usage: { total_cost: 0.25 } }),
  ...each(['gen_ai.client.estimated_cost'], '0.25EUR', { metadata: { cost: 0.25, cost_currency: 'EUR' } }),
  ...each(['cost_usd_micros'], 250_000, { usage: { total_cost: 0.25 } }),
  ...each(['llm.cost.prompt', 'gen_ai.usage.input_cost', 'gen_ai.cost.input_cost'], 0.25, { usage: { input_cost: 0.25 } }),
  ...each(['llm.cost.completion', 'gen_ai.usage.output_cost', 'gen_ai.cost.output_cost'], 0.25, { usage: { output_cost: 0.25 } }),
  ...each(['mlflow.llm.cost', 'langfuse.observation.cost_details'], '{"input":0.125,"output":0.125,"total":0.25}', {
    usage: { input_cost: 0.125, output_cost: 0.125, total_cost: 0.25 },
  }),
  ...Object.entries({
    'llm.cost.prompt_details.cache_read': ['input', 'cache_read'],
    'llm.cost.prompt_details.cache_input': ['input', 'cache_read'],
    'llm.cost.prompt_details.cache_write': ['input', 'cache_creation'],
    'llm.cost.prompt_details.audio': ['input', 'audio'],
    'llm.cost.completion_details.reasoning': ['output', 'reasoning'],
    'llm.cost.completion_details.audio': ['output', 'audio'],
    'gen_ai.usage.cache_read.input_cost': ['input', 'cache_read'],
  }).map(([key, [side, name]]) =>
    row(key, { ...llm, 'llm.cost.total': 1, [key]: 0.25 }, { usage: { [`${side}_cost_details`]: { [name as string]: 0.25 } } }),
  ),
  row('llm.cost.prompt_details.input', { ...llm, 'llm.cost.prompt_details.input': 0.25 }, { usage: { input_cost: 0.25 } }),
  row('llm.cost.completion_details.output', { ...llm, 'llm.cost.completion_details.output': 0.25 }, { usage: { output_cost: 0.25 } }),
  row('a cost of 0', { ...counted, 'gen_ai.usage.cost': 0 }, { usage: { total_tokens: 30 }, absent: ['total_cost'] }),
  ...each(['github.copilot.cost', 'github.copilot.nano_aiu'], 7, { absent: ['total_cost'] }),
];

const token = { events: [{ name: 'new_token', time: '2026-01-01T00:00:00.500000Z' }] };
const firstToken: readonly Row[] = [
  ...each(['langfuse.observation.completion_start_time', 'mastra.completion_start_time'], '"2026-01-01T00:00:00.500Z"', token),
  ...each(['braintrust.metrics'], '{"time_to_first_token":0.5}', token),
  ...each(['langwatch.timestamps'], '{"first_token_at":1767225600500}', token),
  ...each(
    [
      'gen_ai.response.time_to_first_chunk',
      'gen_ai.client.operation.time_to_first_chunk',
      'gen_ai.server.time_to_first_token',
      'lk.response.ttft',
      'lk.response.ttfb',
      'metrics.ttfb',
      'gen_ai_server_time_to_first_token',
    ],
    0.5,
    token,
  ),
  ...each(['ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk', 'ttft_ms'], 500, token),
  ...each(['gen_ai.user.time_to_first_token'], 500_000_000, token),
  ...each(['dify.usage'], '{"time_to_first_token":0.5}', token),
  ...['strands.telemetry', 'langwatch'].map((scope) =>
    row(`milliseconds of ${scope}`, { ...llm, 'gen_ai.server.time_to_first_token': 500 }, token, {}, scope),
  ),
];

export const numberRows: readonly Row[] = [
  ...parameters,
  ...pairs.map(([input, output]) => row(input, { ...llm, [input]: '20', [output]: 10 }, base)),
  ...json,
  ...details,
  ...costs,
  ...firstToken,
];
