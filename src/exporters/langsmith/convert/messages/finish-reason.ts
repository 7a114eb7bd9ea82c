const words: ReadonlyMap<string, string> = new Map([
  ...['tool_call', 'tool_calls', 'tool_use', 'tooluse', 'function_call'].map((word) => [word, 'tool_calls'] as const),
  ...['stop', 'end_turn', 'endturn', 'stop_sequence', 'stopsequence'].map((word) => [word, 'stop'] as const),
  ...['length', 'max_tokens', 'maxtokens', 'max_output_tokens'].map((word) => [word, 'length'] as const),
  ...['content_filter', 'safety', 'refusal', 'guardrail_intervened'].map((word) => [word, 'content_filter'] as const),
]);

/** Why a model stopped, in OpenAI's words: `stop`, `length`, `tool_calls`, `content_filter`. Anything else stays what it is. */
export function finishReason(raw: string): string {
  return words.get(raw.trim().toLowerCase().replaceAll('-', '_')) ?? raw;
}
