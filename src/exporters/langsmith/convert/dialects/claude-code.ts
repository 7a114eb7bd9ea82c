import { claudeToolInput } from '../claude-code-tool.ts';
import { content, type Dialect } from '../dialect.ts';
import type { KindText } from '../kind.ts';

const kinds: Readonly<Record<string, KindText>> = {
  interaction: 'chain agent',
  llm_request: 'llm',
  tool: 'tool',
  'tool.execution': 'chain middleware',
  'tool.blocked_on_user': 'chain middleware',
  hook: 'chain middleware',
};

/** Claude Code's own spans. */
export const claudeCode: Dialect = {
  id: 'claude-code',
  rank: 30,
  integration: 'claude-code-otel',
  signs: { scopes: ['com.anthropic.claude_code*'] },
  recognise: ({ span }) => span.name.startsWith('claude_code.'),
  exclusiveInput: true,
  kinds: [{ rank: 4, key: 'span.type', read: (_, type) => kinds[type.replace('claude_code.', '')] }],
  contents: [
    content('llm', 'inputs', 17, 'new_context'),
    content(['llm', 'chain'], 'inputs', 17.1, 'user_prompt'),
    content('llm', 'outputs', 17, 'response.model_output'),
    content('tool', 'inputs', 13, 'tool_input'),
    { to: 'tool', side: 'inputs', rank: 14, read: claudeToolInput, verbatim: true },
  ],
  fields: { finishReasons: [[40, 'stop_reason']] },
  usage: [{ rank: 7, input: ['input_tokens'], output: ['output_tokens'] }],
  usageDetails: {
    'input.cache_read': [[60, 'cache_read_tokens']],
    'input.cache_creation': [[60, 'cache_creation_tokens']],
  },
  costs: { total_cost: [[55, 'cost_usd']] },
  firstToken: [{ rank: 10, key: 'ttft_ms', unit: 'milliseconds' }],
};

/** Codex: traces without content, with the token counts of a whole turn. */
export const codex: Dialect = {
  id: 'codex',
  rank: 30,
  integration: 'codex-otel',
  signs: { scopes: ['codex_*'], attributes: ['codex.*'] },
  spanNames: { 'session_task.turn': 'chain agent', handle_responses: 'llm', stream_request: 'llm', 'exec_command*': 'tool' },
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
    'output.reasoning': [
      [60, 'codex.turn.token_usage.reasoning_output_tokens'],
      [61, 'codex.usage.reasoning_output_tokens'],
    ],
  },
  parameters: [{ rank: 91, key: 'codex.turn.reasoning_effort', parameter: 'reasoning_effort' }],
};
