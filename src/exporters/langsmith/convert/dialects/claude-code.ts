import { claudeToolInput } from '../claude-code-tool.ts';
import { content, type Dialect } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import { slot } from '../keys.ts';
import type { KindText } from '../kind.ts';
import type { SpanReader } from '../span-reader.ts';

const kinds: Readonly<Record<string, KindText>> = {
  interaction: 'chain agent',
  llm_request: 'llm',
  tool: 'tool',
  'tool.execution': 'chain middleware',
  'tool.blocked_on_user': 'chain middleware',
  hook: 'chain middleware',
};

const querySource = slot('query_source');
const subagentId = slot('agent_id');
const subagentType = slot('subagent_type');

/** It asks its model for titles and suggestions beside the conversation. */
function kindOfType(reader: SpanReader, type: string): KindText | undefined {
  const kind = kinds[type.replace('claude_code.', '')];
  return kind === 'llm' && /^(?:generate_session_title|prompt_suggestion)$/.test(reader.peekText(querySource) ?? '') ? 'llm exclude' : kind;
}

/** Only what a subagent does carries its id. */
function writeSubagent(reader: SpanReader, metadata: JsonObject): void {
  const id = reader.peekText(subagentId);
  const type = reader.peekText(subagentType);
  if (id !== undefined) metadata.ls_subagent_id = id;
  if (type !== undefined) metadata.ls_subagent_type = type;
}

/** Claude Code's own spans. */
export const claudeCode: Dialect = {
  id: 'claude-code',
  rank: 30,
  integration: 'claude-code-otel',
  signs: { scopes: ['com.anthropic.claude_code*'] },
  recognise: ({ span }) => span.name.startsWith('claude_code.'),
  exclusiveInput: 'always',
  logScopes: ['com.anthropic.claude_code*'],
  // Its log records are mostly written in the interaction.
  eventTargets: {
    'claude_code.assistant_response': 'request_id',
    'claude_code.api_request': 'request_id',
    'claude_code.api_request_body': 'request_id',
    'claude_code.api_response_body': 'request_id',
    'claude_code.api_error': 'request_id',
    'claude_code.api_refusal': 'request_id',
    'claude_code.tool_result': 'tool_use_id',
    'claude_code.tool_decision': 'tool_use_id',
  },
  untraced: {
    prefix: 'claude_code.',
    session: 'session.id',
    turn: 'prompt.id',
    root: 'claude_code.user_prompt',
    runs: { 'claude_code.api_request': 'llm', 'claude_code.api_error': 'llm', 'claude_code.tool_result': 'tool' },
  },
  events: {
    'claude_code.user_prompt': { prompt: 'user_prompt' },
    'claude_code.assistant_response': { response: 'response.model_output' },
    'claude_code.api_request': {
      model: 'gen_ai.request.model',
      input_tokens: 'input_tokens',
      output_tokens: 'output_tokens',
      cache_read_tokens: 'cache_read_tokens',
      cache_creation_tokens: 'cache_creation_tokens',
      cost_usd: 'cost_usd',
      cost_usd_micros: 'cost_usd_micros',
    },
    'claude_code.api_request_body': { body: 'claude_code.request_body', body_ref: 'claude_code.request_body_ref' },
    'claude_code.api_response_body': { body: 'claude_code.response_body', body_ref: 'claude_code.response_body_ref' },
    'claude_code.api_error': { error: 'error', status_code: 'http.response.status_code' },
    'claude_code.tool_result': {
      tool_input: 'tool_input',
      tool_parameters: 'tool_parameters',
      output: 'tool_response',
      error: 'error',
      success: 'success',
    },
    'claude_code.tool_decision': { decision: 'tool_decision', source: 'tool_decision_source' },
  },
  kinds: [{ rank: 4, key: 'span.type', read: kindOfType }],
  facts: writeSubagent,
  contents: [
    content('llm', 'inputs', 16, 'claude_code.request_body', { shape: 'anthropic' }),
    content('llm', 'outputs', 16, 'claude_code.response_body', { shape: 'anthropic' }),
    content('llm', 'inputs', 17, 'new_context'),
    content(['llm', 'chain'], 'inputs', 17.1, 'user_prompt'),
    content(['llm', 'chain'], 'outputs', 17, 'response.model_output'),
    content('tool', 'inputs', 13, 'tool_input'),
    { to: 'tool', side: 'inputs', rank: 14, read: claudeToolInput, verbatim: true },
  ],
  fields: { finishReasons: [[40, 'stop_reason']] },
  usage: [{ rank: 7, input: ['input_tokens'], output: ['output_tokens'] }],
  usageDetails: {
    'input.cache_read': [[60, 'cache_read_tokens']],
    'input.cache_creation': [[60, 'cache_creation_tokens']],
  },
  costs: {
    total_cost: [
      [55, 'cost_usd'],
      [56, 'cost_usd_micros'],
    ],
  },
  firstToken: [{ rank: 10, key: 'ttft_ms', unit: 'milliseconds' }],
};

/** Codex: traces without content, with the token counts of a whole turn. */
export const codex: Dialect = {
  id: 'codex',
  rank: 30,
  integration: 'codex-otel',
  signs: { scopes: ['codex_*'], attributes: ['codex.*'] },
  logScopes: ['codex*'],
  eventTargets: { 'codex.tool_decision': 'call_id' },
  untraced: {
    prefix: 'codex.',
    session: 'conversation.id',
    root: 'codex.conversation_starts',
    runs: { 'codex.user_prompt': 'chain', 'codex.sse_event': 'llm', 'codex.tool_result': 'tool' },
    only: { 'codex.sse_event': ['event.kind', 'response.completed'] },
  },
  events: {
    'codex.user_prompt': { prompt: 'user_prompt' },
    'codex.sse_event': {
      input_token_count: 'codex.turn.token_usage.input_tokens',
      output_token_count: 'codex.turn.token_usage.output_tokens',
      cached_token_count: 'codex.turn.token_usage.cached_input_tokens',
      reasoning_token_count: 'codex.turn.token_usage.reasoning_output_tokens',
    },
    'codex.tool_result': { arguments: 'tool_arguments', output: 'tool_response', success: 'success' },
    'codex.tool_decision': { decision: 'tool_decision', source: 'tool_decision_source' },
  },
  spanNames: {
    'session_task.turn': 'chain agent',
    handle_responses: 'llm',
    stream_request: 'llm',
    'exec_command*': 'tool',
    '*tool*': 'tool',
  },
  usage: [
    {
      rank: 8,
      input: ['codex.turn.token_usage.input_tokens'],
      output: ['codex.turn.token_usage.output_tokens'],
      total: ['codex.turn.token_usage.total_tokens'],
    },
  ],
  usageDetails: {
    'input.cache_read': [[60, 'codex.turn.token_usage.cached_input_tokens']],
    'input.cache_creation': [[60, 'codex.turn.token_usage.cache_write_input_tokens']],
    'output.reasoning': [
      [60, 'codex.turn.token_usage.reasoning_output_tokens'],
      [61, 'codex.usage.reasoning_output_tokens'],
    ],
  },
  parameters: [{ rank: 91, key: 'codex.turn.reasoning_effort', parameter: 'reasoning_effort' }],
};
