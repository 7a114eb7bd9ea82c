import type { Dialect } from '../dialect.ts';

/** Gemini CLI: semantic conventions on spans, texts and token counts in log records. */
export const geminiCli: Dialect = {
  id: 'gemini-cli',
  rank: 30,
  integration: 'gemini-cli-otel',
  signs: { scopes: ['gemini-cli'] },
  logScopes: ['gemini-cli'],
  untraced: {
    prefix: 'gemini_cli.',
    session: 'session.id',
    turn: 'prompt_id',
    root: 'gemini_cli.user_prompt',
    runs: { 'gemini_cli.api_response': 'llm', 'gemini_cli.api_error': 'llm', 'gemini_cli.tool_call': 'tool' },
  },
  events: {
    'gemini_cli.user_prompt': { prompt: 'user_prompt' },
    'gemini_cli.api_request': { model: 'gen_ai.request.model', request_text: 'gen_ai.prompt' },
    'gemini_cli.api_response': {
      model: 'gen_ai.response.model',
      response_text: 'gen_ai.completion',
      input_token_count: 'gen_ai.usage.input_tokens',
      output_token_count: 'gen_ai.usage.output_tokens',
      total_token_count: 'gen_ai.usage.total_tokens',
      cached_content_token_count: 'gen_ai.usage.cache_read.input_tokens',
      thoughts_token_count: 'gen_ai.usage.reasoning.output_tokens',
    },
    'gemini_cli.api_error': { error: 'error', error_type: 'error.type', status_code: 'http.response.status_code' },
    'gemini_cli.tool_call': {
      function_name: 'gen_ai.tool.name',
      function_args: 'gen_ai.tool.call.arguments',
      success: 'success',
      error: 'error',
    },
  },
};
