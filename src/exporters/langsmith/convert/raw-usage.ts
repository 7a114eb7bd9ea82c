/** Token counts out of the body of a provider's answer (mapping §10.3 group 15, §10.4 "raw body"). */
import { intOf, memberOf } from './coerce.ts';
import type { Counts } from './counts.ts';
import { isArray, isObject, type Json, type JsonObject, stringOf } from './json.ts';

function count(usage: JsonObject, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const found = intOf(memberOf(usage, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `usage` of an answer, or `usageMetadata`; `undefined` where it holds no counts. Keys tell the providers apart. */
export function countsOfRaw(usage: Json | undefined): Counts | undefined {
  if (!isObject(usage)) return undefined;
  const input = count(
    usage,
    'prompt_tokens',
    'input_tokens',
    'inputTokens',
    'promptTokens',
    'promptTokenCount',
    'prompt_token_count',
    'prompt_eval_count',
  );
  const output = count(
    usage,
    ...[
      'completion_tokens',
      'output_tokens',
      'outputTokens',
      'completionTokens',
      'candidatesTokenCount',
      'candidates_token_count',
      'eval_count',
    ],
  );
  const total = count(usage, 'total_tokens', 'totalTokens', 'totalTokenCount', 'total_token_count');
  if (input === undefined && output === undefined && total === undefined) return undefined;
  return {
    input,
    output,
    total,
    exclusiveInput: isExclusive(usage),
    exclusiveOutput: isGemini(usage),
    inputDetails: inputDetails(usage),
    outputDetails: outputDetails(usage),
  };
}

/** Anthropic and Bedrock count what came from a cache apart from the input. */
function isExclusive(usage: JsonObject): boolean {
  return 'cache_read_input_tokens' in usage || 'cache_creation_input_tokens' in usage || 'cacheReadInputTokens' in usage;
}

/** Gemini counts thoughts apart from the candidates. */
function isGemini(usage: JsonObject): boolean {
  return 'thoughtsTokenCount' in usage || 'thoughts_token_count' in usage || 'thoughtsTokens' in usage;
}

function inputDetails(usage: JsonObject): Map<string, number> {
  const details = new Map<string, number>();
  const nested = objectIn(usage, 'prompt_tokens_details', 'input_tokens_details', 'input_token_details') ?? {};
  set(details, 'cache_read', count(nested, 'cached_tokens', 'cache_read') ?? count(usage, ...cacheReadNames));
  const written = objectIn(usage, 'cache_creation') ?? {};
  set(details, 'cache_creation', count(usage, 'cache_creation_input_tokens', 'cacheWriteInputTokens') ?? count(nested, 'cache_creation'));
  set(details, 'ephemeral_5m_input_tokens', count(written, 'ephemeral_5m_input_tokens'));
  set(details, 'ephemeral_1h_input_tokens', count(written, 'ephemeral_1h_input_tokens'));
  set(details, 'audio', count(nested, 'audio_tokens'));
  set(details, 'text', count(nested, 'text_tokens'));
  addModalities(details, memberOf(usage, 'promptTokensDetails') ?? memberOf(usage, 'prompt_tokens_details'));
  return details;
}

const cacheReadNames = [
  'cache_read_input_tokens',
  'cacheReadInputTokens',
  'cachedContentTokenCount',
  'cached_content_token_count',
  'cachedContentTokens',
  'prompt_cached_tokens',
];

function outputDetails(usage: JsonObject): Map<string, number> {
  const details = new Map<string, number>();
  const nested = objectIn(usage, 'completion_tokens_details', 'output_tokens_details', 'output_token_details') ?? {};
  set(
    details,
    'reasoning',
    count(nested, 'reasoning_tokens', 'reasoning') ?? count(usage, 'thoughtsTokenCount', 'thoughts_token_count', 'thoughtsTokens'),
  );
  set(details, 'audio', count(nested, 'audio_tokens'));
  set(details, 'text', count(nested, 'text_tokens'));
  addModalities(details, memberOf(usage, 'candidatesTokensDetails'));
  return details;
}

function set(details: Map<string, number>, name: string, tokens: number | undefined): void {
  if (tokens !== undefined) details.set(name, tokens);
}

function objectIn(usage: JsonObject, ...names: readonly string[]): JsonObject | undefined {
  for (const name of names) {
    const value = memberOf(usage, name);
    if (isObject(value)) return value;
  }
  return undefined;
}

/** Gemini's list of counts by modality. */
function addModalities(details: Map<string, number>, list: Json | undefined): void {
  if (!isArray(list)) return;
  for (const entry of list) {
    const modality = stringOf(memberOf(entry, 'modality'))?.toLowerCase();
    if (modality !== undefined && /^(?:text|audio|image|video)$/.test(modality))
      set(details, modality, intOf(memberOf(entry, 'tokenCount')));
  }
}

const extras = ['accepted_prediction_tokens', 'rejected_prediction_tokens', 'tool_use_prompt_token_count', 'toolUsePromptTokenCount'];

/** Counts for which LangSmith has no class. */
export function writeUsageExtra(usage: Json | undefined, metadata: JsonObject): void {
  if (!isObject(usage)) return;
  const served = objectIn(usage, 'server_tool_use') ?? {};
  for (const key of Object.keys(served)) writeCount(metadata, `server_tool_use.${key}`, served[key]);
  const nested = objectIn(usage, 'completion_tokens_details', 'output_tokens_details') ?? {};
  for (const key of extras) writeCount(metadata, key, memberOf(usage, key) ?? memberOf(nested, key));
}

function writeCount(metadata: JsonObject, name: string, given: Json | undefined): void {
  const tokens = intOf(given);
  if (tokens !== undefined && tokens > 0) metadata[`usage_extra.${name}`] = tokens;
}
