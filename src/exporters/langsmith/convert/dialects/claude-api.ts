import type { Dialect } from '../dialect.ts';

/** Anthropic's SDKs and its platform: semantic conventions, with the method in the span's name. */
export const claudeApi: Dialect = {
  id: 'claude-api',
  rank: 30,
  integration: 'claude-api-otel',
  signs: { scopes: ['com.anthropic.sdk.*', 'com.anthropic.claude-platform'] },
  spanNames: { 'anthropic.messages.*': 'llm', 'anthropic.beta.messages.*': 'llm', '*tool*': 'tool' },
};
